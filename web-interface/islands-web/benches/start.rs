//! Measures the time from starting the program to its first answer about an old game,
//! with 100,000 unfinished games in the journal: after a stop; after a kill while the
//! file was settled; and after a kill right after a commit, when the whole file has to
//! be read.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use harness::Program;
use islands_core::{
    Command as Move, Coordinate, Event, Facts, Game, GameId, Placement, Player, apply, create,
    decide, random_board,
};
use islands_engine::journal::{Batch, Journal};
use islands_engine::{CommandId, GameConfig};
use islands_journal::RedbJournal;

type BoxError = Box<dyn Error + Send + Sync>;
type Outcome<T = ()> = Result<T, BoxError>;

/// Games in the journal.
const GAMES: u64 = 100_000;
/// Guesses in each game; six events come before them.
const GUESSES: usize = 6;
/// Games that are written concurrently, so that they share commits.
const WRITERS: u64 = 1_000;
const ROUNDS: usize = 5;
/// Target for the median, in seconds.
const AIM: f64 = 1.0;

fn main() -> Outcome {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let log: Arc<[Batch]> = log()?.into();
    eprintln!("{GAMES} games of {} events are written …", 6 + GUESSES);
    let began = Instant::now();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(fill(&folder.path().join("islands.redb"), log))?;
    let took = began.elapsed().as_secs_f64();
    eprintln!("… in {took:.1} s; {ROUNDS} starts after a stop and after each kill");
    let [mut stopped, mut killed, mut busy] = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        runtime
            .block_on(start(folder.path(), &mut stopped))?
            .kill()?;
        let mut program = runtime.block_on(start(folder.path(), &mut killed))?;
        runtime.block_on(open_game(&program))?;
        program.kill()?;
        let program = runtime.block_on(start(folder.path(), &mut busy))?;
        program.signal("TERM")?;
        program.wait_with_output()?;
    }
    for (after, mut times, aim) in [
        ("stop", stopped, format!(r#","aim":{AIM}"#)),
        ("kill -9", killed, format!(r#","aim":{AIM}"#)),
        ("kill -9 under load", busy, format!(r#","aim":{AIM}"#)),
    ] {
        times.sort_by(f64::total_cmp);
        let median = times[ROUNDS / 2];
        eprintln!("after a {after}: {times:.3?} s");
        println!(
            r#"{{"name":"start with {GAMES} games after a {after}","unit":"seconds","value":{median:.3}{aim}}}"#
        );
    }
    Ok(())
}

/// Starts the program, requests an old game, and records the seconds until the answer.
async fn start(folder: &Path, seconds: &mut Vec<f64>) -> Outcome<Program> {
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_islands"));
    command.args(["--listen", "127.0.0.1:0", "--log", "error"]);
    let program = Program::start(command.current_dir(folder))?;
    let old = harness::get(program.address, &format!("/api/games/{}", id(GAMES / 2))).await?;
    seconds.push(start.elapsed().as_secs_f64());
    match old.status {
        200 => Ok(program),
        _ => Err(format!("it answers {old:?}").into()),
    }
}

async fn open_game(program: &Program) -> Outcome {
    let answer = harness::post(program.address, "/api/games", r#"{"name":"Ada"}"#).await?;
    match answer.status {
        201 => Ok(()),
        _ => Err(format!("it answers {answer:?}").into()),
    }
}

/// Writes all games, one batch for each command, as the server does.
async fn fill(path: &Path, log: Arc<[Batch]>) -> Outcome {
    let journal = Arc::new(RedbJournal::open(path)?);
    let write = |writer| {
        let (journal, log) = (Arc::clone(&journal), Arc::clone(&log));
        tokio::spawn(async move {
            for number in (writer..GAMES).step_by(WRITERS as usize) {
                let mut seq = 0;
                for batch in log.iter().cloned() {
                    let events = batch.events.len() as u64;
                    journal.append(id(number), seq, batch).await?;
                    seq += events;
                }
            }
            Ok::<(), BoxError>(())
        })
    };
    for writing in (0..WRITERS).map(write).collect::<Vec<_>>() {
        writing.await??;
    }
    journal.close();
    Ok(())
}

/// Returns a game's id, which looks random but is equal in every run.
fn id(number: u64) -> GameId {
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&islands_core::Rng::new(number).next_u64().to_be_bytes());
    GameId::from_bytes(bytes)
}

/// Returns the log of a game in the middle of a battle.
fn log() -> Outcome<Vec<Batch>> {
    let created = create("Ada")?;
    let mut game = Game::new(&created);
    let batch = |by, events| Batch {
        at: SystemTime::now(),
        by,
        command_id: None,
        config: None,
        events,
    };
    let config = GameConfig {
        bot: None,
        listed: false,
        rematch: GameId::from_bytes([0; 10]),
    };
    let mut log = vec![Batch {
        config: Some(config),
        ..batch(Player::One, vec![Event::GameCreated(created)])
    }];
    for (number, (by, command)) in moves().into_iter().enumerate() {
        let events = decide(&game, by, command, &Facts::default())?;
        game = events.iter().fold(game, apply);
        let command_id = Some(CommandId::new(&format!("{number:036}"))?);
        log.push(Batch {
            command_id,
            ..batch(by, events)
        });
    }
    Ok(log)
}

fn moves() -> Vec<(Player, Move)> {
    let name = "Bob".into();
    let mut moves = vec![(Player::Two, Move::AddPlayer { name })];
    for by in Player::BOTH {
        let islands = random_board(1).islands().map(Placement::from).collect();
        moves.push((by, Move::PositionAll { islands }));
        moves.push((by, Move::SetIslands));
    }
    let guesses = Coordinate::all().take(GUESSES / 2).flat_map(|at| {
        let (row, col) = (at.row().into(), at.col().into());
        Player::BOTH.map(|by| (by, Move::GuessCoordinate { row, col }))
    });
    moves.extend(guesses);
    moves
}
