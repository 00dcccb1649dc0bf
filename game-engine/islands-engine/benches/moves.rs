//! How many moves a second go through the processes of games, and what this
//! costs against the least there can be: the same decisions in bare tasks.
//!
//! Whole games, drawn beforehand, each played by a caller who waits for every
//! reply. What is measured begins when both players sit at their table, and ends
//! with the last reply; with subscribers, when they have seen the last event.

mod play;

use std::sync::Arc;
use std::time::Instant;

use islands_core::{
    Chance, Command, Event, Facts, Game, Player, Rejection, Reply, Viewer, apply, decide,
};
use islands_engine::journal::MemoryJournal;
use islands_engine::{Accepted, CommandId, Games, Settings};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use play::figures::{median, tell};
use play::{Outcome, Script};

/// Games that are played at the same time.
const TABLES: usize = 1_000;
const ROUNDS: usize = 9;
/// Moves a second on two cores.
const AIM: f64 = 500_000.0;
/// How many callers of a bare task may wait: as many as a game has places for.
const QUEUE: usize = 256;

/// How the games are played.
#[derive(Clone, Copy)]
enum Way {
    /// Each in a task of its own that decides, applies and replies.
    Bare,
    /// Each in its process; ids are drawn there.
    Processes,
    /// The same, and each command comes with an id of its sender's.
    OwnIds,
    /// The same without ids, and both players listen.
    Watched,
}

const WAYS: [Way; 4] = [Way::Bare, Way::Processes, Way::OwnIds, Way::Watched];

/// All that is known before the first move.
struct Drawn {
    scripts: &'static [Script],
    ids: Vec<String>,
}

fn main() -> Outcome {
    let runtime = play::runtime()?;
    let drawn: &'static Drawn = Box::leak(Box::new(Drawn::draw()));
    let moves: usize = drawn.tables().map(|script| script.moves.len()).sum();
    eprintln!("{TABLES} games with {moves} moves, {ROUNDS} rounds of each way to play them");
    let mut rates = WAYS.map(|_| Vec::new());
    for round in 0..=ROUNDS {
        for (way, rates) in WAYS.into_iter().zip(&mut rates) {
            let seconds = runtime.block_on(seconds(way, drawn))?;
            // The first round is the memory's that the others find again.
            if round > 0 {
                rates.push(moves as f64 / seconds);
            }
        }
    }
    let [bare, processes, own_ids, watched] = rates.each_ref().map(|rates| median(rates));
    let per_second = "per second";
    tell("moves through processes", per_second, processes, AIM);
    tell(
        "moves with the callers' own command ids",
        per_second,
        own_ids,
        None,
    );
    tell("moves with two subscribers", per_second, watched, None);
    tell("moves through bare tasks", per_second, bare, None);

    let ratios = rates[0].iter().zip(&rates[1]);
    let ratios: Vec<f64> = ratios.map(|(bare, processes)| bare / processes).collect();
    let name = "a move through a process, against a bare task";
    tell(name, "times", median(&ratios), None);
    let added = (1.0 / processes - 1.0 / bare) * play::WORKERS as f64 * 1e9;
    let name = "overhead of the process per move";
    tell(name, "nanoseconds of one core", added, None);
    Ok(())
}

impl Drawn {
    fn draw() -> Drawn {
        let scripts = play::scripts();
        let longest = scripts.iter().map(|script| script.moves.len()).max();
        let mut chance = Chance::new(0);
        let mut id = || format!("{:016x}{:020x}", chance.next_u64(), chance.next_u64());
        let ids = (0..longest.unwrap_or(0)).map(|_| id()).collect();
        Drawn { scripts, ids }
    }

    /// The script of each table.
    fn tables(&self) -> impl Iterator<Item = &'static Script> {
        self.scripts.iter().cycle().take(TABLES)
    }
}

/// How long it takes to play all games.
async fn seconds(way: Way, drawn: &'static Drawn) -> Outcome<f64> {
    if let Way::Bare = way {
        return bare_seconds(drawn).await;
    }
    let games = Games::start(Settings::default(), Arc::new(MemoryJournal::new())).await?;
    let tables = play::open_tables(&games, TABLES).await?;
    let mut watchers = Vec::new();
    for (game, script) in tables.iter().copied() {
        let viewers = Player::BOTH.map(Viewer::Player);
        let viewers = viewers.iter().filter(|_| matches!(way, Way::Watched));
        for viewer in viewers {
            let mut watching = games.subscribe(game, *viewer, None).await?;
            watchers.push(tokio::spawn(async move {
                let mut seen = watching.seq;
                while seen < script.last_seq {
                    let event = watching.events.next().await;
                    seen = event.expect("no subscriber is too slow").seq();
                }
            }));
        }
    }
    let start = Instant::now();
    let callers = tables.into_iter().map(|(game, script)| {
        let games = games.clone();
        tokio::spawn(async move {
            for ((by, command), id) in script.moves.iter().zip(&drawn.ids) {
                let own = matches!(way, Way::OwnIds).then(|| CommandId::new(id));
                let id = own.transpose().expect("an id");
                let played = games.command(game, *by, command.clone(), id).await;
                played.expect("a move that the rules allow");
            }
        })
    });
    all(callers.collect()).await?;
    all(watchers).await?;
    let seconds = start.elapsed().as_secs_f64();
    games.shut_down().await;
    Ok(seconds)
}

async fn bare_seconds(drawn: &'static Drawn) -> Outcome<f64> {
    let tables: Vec<_> = drawn.tables().map(|script| (bare_game(), script)).collect();
    let start = Instant::now();
    let callers = tables.into_iter().map(|(game, script)| {
        tokio::spawn(async move {
            for (by, command) in &script.moves {
                let (reply, answer) = oneshot::channel();
                let (by, command) = (*by, command.clone());
                let asked = game.send(Ask { by, command, reply }).await;
                asked.expect("the task is there");
                let played = answer.await.expect("an answer");
                played.expect("a move that the rules allow");
            }
        })
    });
    all(callers.collect()).await?;
    Ok(start.elapsed().as_secs_f64())
}

async fn all(tasks: Vec<JoinHandle<()>>) -> Outcome {
    for task in tasks {
        task.await?;
    }
    Ok(())
}

/// What a bare task is asked.
struct Ask {
    by: Player,
    command: Command,
    reply: oneshot::Sender<Result<Accepted, Rejection>>,
}

/// A game in a task, with its log beside it and nothing else.
fn bare_game() -> mpsc::Sender<Ask> {
    let (sender, mut asks) = mpsc::channel::<Ask>(QUEUE);
    tokio::spawn(async move {
        let mut game: Game = play::table();
        let mut log: Vec<Event> = Vec::new();
        while let Some(Ask { by, command, reply }) = asks.recv().await {
            let decided = decide(&game, by, command, &Facts::default());
            if let Ok(events) = &decided {
                game = events.iter().fold(game, apply);
            }
            let answer = decided.map(|events| {
                let reply = Reply::of(&game, by, &events);
                log.extend(events);
                let seq = game.seq();
                Accepted { seq, reply }
            });
            // Whoever has hung up has no use for an answer.
            let _ = reply.send(answer);
        }
    });
    sender
}
