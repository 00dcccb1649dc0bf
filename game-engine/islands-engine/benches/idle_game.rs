//! Measures the memory of a running game without subscribers, in the middle of a battle:
//! once without command ids, once with as many as the game remembers.
//!
//! The journal is a mock that answers every load with the same log, so that the figure
//! counts the games and not their logs.

mod play;

use std::sync::Arc;
use std::time::SystemTime;

use islands_core::{
    Command, Coordinate, Event, Facts, Game, GameId, Player, Viewer, apply, create, decide,
};
use islands_engine::journal::{
    AppendError, Batch, BoxFuture, Forgotten, Journal, LoadError, Retention,
};
use islands_engine::{CommandId, GameConfig, Games, Settings};

use play::Outcome;
use play::figures::{print_figure, resident_bytes};

/// Games whose memory is counted. As many start before them, so that shared memory, such
/// as the spare capacity of maps, is allocated already.
const GAMES: u128 = 100_000;
/// Target bytes of a game.
const TARGET: f64 = 8_000.0;
/// Guesses of each player.
const GUESSES: usize = 17;

/// Makes each measurement in a process of its own: a second one in the same process
/// would reuse memory that the first one has freed.
fn main() -> Outcome {
    if let Some(ids) =
        std::env::args().find_map(|argument| argument.strip_prefix("ids=")?.parse().ok())
    {
        println!("{}", play::runtime()?.block_on(measure(log(ids)?))?);
        return Ok(());
    }
    let [bare, with_ids] = [measure_apart(false)?, measure_apart(true)?];
    eprintln!("{GAMES} idle games take {bare} bytes each, {with_ids} with ids; we aim at {TARGET}");
    print_figure("idle live game", "bytes", bare as f64, TARGET);
    let name = "idle live game that remembers ids";
    print_figure(name, "bytes", with_ids as f64, None);
    Ok(())
}

fn measure_apart(ids: bool) -> Outcome<u64> {
    let mut process = std::process::Command::new(std::env::current_exe()?);
    let printed = process.arg(format!("ids={ids}")).output()?.stdout;
    Ok(String::from_utf8(printed)?.trim().parse()?)
}

async fn measure(log: Vec<Batch>) -> Outcome<u64> {
    let settings = Settings {
        max_games: usize::try_from(2 * GAMES)?,
        ..Settings::default()
    };
    let games = Games::start(settings, Arc::new(SameLogJournal(log))).await?;
    load(&games, 0..GAMES).await?;
    let before = resident_bytes()?;
    load(&games, GAMES..2 * GAMES).await?;
    let after = resident_bytes()?;
    games.shut_down().await;
    Ok(after.saturating_sub(before) / u64::try_from(GAMES)?)
}

async fn load(games: &Games, range: std::ops::Range<u128>) -> Outcome {
    for number in range {
        let mut id = [0; 10];
        id.copy_from_slice(&number.to_be_bytes()[6..]);
        games
            .view(GameId::from_bytes(id), Viewer::Spectator)
            .await?;
    }
    Ok(())
}

/// The log of a battle, with or without the ids of its commands.
fn log(ids: bool) -> Outcome<Vec<Batch>> {
    let created = create("Ada")?;
    let mut game = Game::new(&created);
    let config = GameConfig {
        bot: None,
        listed: false,
        rematch: GameId::from_bytes([0; 10]),
    };
    let mut log = vec![Batch {
        at: SystemTime::now(),
        by: Player::One,
        command_id: None,
        config: Some(config),
        events: vec![Event::GameCreated(created)],
    }];
    for (number, (by, command)) in commands().into_iter().enumerate() {
        let events = decide(&game, by, command, &Facts::default())?;
        game = events.iter().fold(game, apply);
        let id = format!("{number:036}");
        log.push(Batch {
            at: SystemTime::now(),
            by,
            command_id: ids.then(|| CommandId::new(&id)).transpose()?,
            config: None,
            events,
        });
    }
    Ok(log)
}

fn commands() -> Vec<(Player, Command)> {
    let name = "Bob".into();
    let mut commands = vec![(Player::Two, Command::AddPlayer { name })];
    commands.extend(play::arrangements(0));
    for at in Coordinate::all().take(GUESSES) {
        commands.extend(Player::BOTH.map(|by| (by, play::guess(at))));
    }
    commands
}

/// A journal in which every game has the same log.
struct SameLogJournal(Vec<Batch>);

impl Journal for SameLogJournal {
    fn append(&self, _: GameId, _: u64, _: Batch) -> BoxFuture<'_, Result<(), AppendError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn load(&self, _: GameId, _: u64) -> BoxFuture<'_, Result<Vec<Batch>, LoadError>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn forget(&self, _: Retention) -> BoxFuture<'_, Result<Forgotten, LoadError>> {
        Box::pin(std::future::ready(Ok(Forgotten::default())))
    }

    fn is_writable(&self) -> bool {
        true
    }
}
