//! Measures how long a game is unavailable after its process panics in the middle of a
//! battle, and how long it takes to fold the longest possible battle.
//!
//! The time runs from the panic to the answer for a caller that asks for a view at once.
//! The panic is reported as the program reports it.

#[path = "../../islands-engine/benches/play/mod.rs"]
mod play;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use islands_core::{Command, Coordinate, Event, Game, GameId, Player, Viewer, apply, replay};
use islands_engine::journal::{Batch, Journal, MemoryJournal};
use islands_engine::testing::{AppendFault, FaultyJournal};
use islands_engine::{Games, Settings};
use islands_journal::RedbJournal;
use tokio::sync::oneshot;

use play::figures::{median, print_figure, quantile};
use play::{Outcome, install_panic_hook};

/// Games that panic, once each, one after the other.
const GAMES: usize = 1_000;
/// Events of each game that are folded again.
const EVENTS: usize = 40;
/// Moves before the panic: the first two events open the game and add the opponent.
const BEFORE: usize = EVENTS - 2;
/// Target microseconds from the panic to the next answer, by quantile.
const TARGETS: [(f64, &str, f64); 2] = [(0.5, "p50", 100.0), (0.99, "p99", 1_000.0)];
/// Target microseconds for the fold of the longest battle.
const FOLD_TARGET: f64 = 100.0;
const FOLDS: usize = 2_000;

fn main() -> Outcome {
    install_panic_hook();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let runtime = play::runtime()?;
    eprintln!("{GAMES} panics in games of {EVENTS} events, for each journal");
    let memory = FaultyJournal::new(MemoryJournal::new());
    runtime.block_on(spawned(panics("memory", memory)))?;
    let redb = RedbJournal::open(folder.path().join("games.redb"))?;
    let redb = FaultyJournal::new(redb);
    runtime.block_on(spawned(panics("redb", redb.clone())))?;
    eprintln!("{FOLDS} folds of the longest battle");
    runtime.block_on(spawned(folds(redb)))
}

/// Runs a task on a worker thread, as callers do.
async fn spawned(task: impl Future<Output = Outcome> + Send + 'static) -> Outcome {
    tokio::spawn(task).await?
}

async fn panics<J: Journal>(name: &'static str, journal: FaultyJournal<J>) -> Outcome {
    let games = Games::start(Settings::default(), Arc::new(journal.clone())).await?;
    let tables = play::open_tables(&games, GAMES).await?;
    play::play(&games, &tables, 0..BEFORE).await?;
    let mut times = Vec::new();
    for (game, script) in tables {
        let panicked = panics_next(&journal, game);
        let (by, command) = script.moves[BEFORE].clone();
        let sender = games.clone();
        let sent = tokio::spawn(async move { sender.command(game, by, command, None).await });
        let panicked = panicked.await?;
        // Otherwise the command is sent again, and the next answer waits for the disk.
        sent.abort();
        games.view(game, Viewer::Spectator).await?;
        times.push(panicked.elapsed().as_secs_f64() * 1e6);
    }
    for (share, place, target) in TARGETS {
        let what = format!("from a panic to the next answer, {name}, {place}");
        print_figure(&what, "microseconds", quantile(&times, share), target);
    }
    games.shut_down().await;
    Ok(())
}

/// Makes the next append to this game panic, and sends the time of the panic.
fn panics_next<J: Journal>(journal: &FaultyJournal<J>, game: GameId) -> oneshot::Receiver<Instant> {
    let (panics, panicked) = oneshot::channel();
    let mut panics = Some(panics);
    journal.on_append(move |append| {
        let panics = panics.take_if(|_| append.game == game)?;
        // A receiver that is gone does not measure this panic.
        let _ = panics.send(Instant::now());
        Some(AppendFault::PanicBefore)
    });
    panicked
}

/// Measures the fold of the longest battle: with events trusted, with each event checked
/// against the rules, and with the load from the journal before that, as at a start.
async fn folds<J: Journal>(journal: FaultyJournal<J>) -> Outcome {
    let games = Games::start(Settings::default(), Arc::new(journal.clone())).await?;
    let game = play::open_table(&games).await?;
    for (by, command) in longest_battle() {
        games.command(game, by, command, None).await?;
    }
    let log = events(journal.load(game, 0).await?);
    eprintln!("it has {} events", log.len());
    let Some((Event::GameCreated(created), rest)) = log.split_first() else {
        return Err("a log begins with a game".into());
    };
    let (mut applied, mut replayed, mut loaded) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..FOLDS {
        let start = Instant::now();
        black_box(rest.iter().fold(Game::new(created), apply));
        applied.push(start.elapsed().as_secs_f64() * 1e6);
        let start = Instant::now();
        black_box(replay(&log)?);
        replayed.push(start.elapsed().as_secs_f64() * 1e6);
        let start = Instant::now();
        black_box(replay(&events(journal.load(game, 0).await?))?);
        loaded.push(start.elapsed().as_secs_f64() * 1e6);
    }
    for (what, times) in [
        ("fold of the longest battle", applied),
        ("replay of the longest battle against the rules", replayed),
        ("load from redb and replay of the longest battle", loaded),
    ] {
        print_figure(what, "microseconds", median(&times), FOLD_TARGET);
    }
    games.shut_down().await;
    Ok(())
}

fn events(log: Vec<Batch>) -> Vec<Event> {
    log.into_iter().flat_map(|batch| batch.events).collect()
}

/// Both players guess every cell, land last. Player 1 wins with guess 100, when player 2
/// has no guess left that would miss.
fn longest_battle() -> Vec<(Player, Command)> {
    let mut moves = play::arrangements(0);
    let guesses = Player::BOTH.map(|by| {
        let land = play::board(0, by.opponent()).land();
        let (mut last, mut first): (Vec<_>, Vec<_>) =
            Coordinate::all().partition(|cell| land.contains(*cell));
        first.append(&mut last);
        first
    });
    let [one, two] = guesses;
    for (one, two) in one.into_iter().zip(two) {
        moves.push((Player::One, play::guess(one)));
        moves.push((Player::Two, play::guess(two)));
    }
    moves.pop();
    moves
}
