//! Measures the moves per second through game processes, and the overhead compared with
//! a baseline: the same decisions in bare tasks.
//!
//! It plays whole games, drawn beforehand; the caller of each game waits for every reply.
//! The time begins when both seats are taken and ends with the last reply; with
//! subscribers, when they have received the last event.

mod play;

use std::sync::Arc;
use std::time::Instant;

use islands_core::{
    Command, Event, Facts, Game, Player, Rejection, Reply, Rng, Viewer, apply, decide,
};
use islands_engine::journal::MemoryJournal;
use islands_engine::{Accepted, CommandId, Games, Settings};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use play::figures::{median, print_figure};
use play::{Outcome, Script};

/// Games that are played at the same time.
const TABLES: usize = 1_000;
const ROUNDS: usize = 9;
/// Target moves per second on two cores.
const TARGET: f64 = 500_000.0;
/// Queue length of a bare task: as many callers as a game has permits for.
const QUEUE_LEN: usize = 256;

/// How the games are played.
#[derive(Clone, Copy)]
enum Variant {
    /// Each in a task of its own that decides, applies and replies.
    Bare,
    /// Each in its process, which draws the command ids.
    Processes,
    /// In its process; each command has an id from its sender.
    OwnIds,
    /// In its process, without ids; both players subscribe.
    Watched,
}

const VARIANTS: [Variant; 4] = [
    Variant::Bare,
    Variant::Processes,
    Variant::OwnIds,
    Variant::Watched,
];

/// The inputs, drawn before the first move.
struct Inputs {
    scripts: &'static [Script],
    ids: Vec<String>,
}

fn main() -> Outcome {
    let runtime = play::runtime()?;
    let inputs: &'static Inputs = Box::leak(Box::new(Inputs::draw()));
    let moves: usize = inputs.tables().map(|script| script.moves.len()).sum();
    eprintln!("{TABLES} games with {moves} moves, {ROUNDS} rounds of each way to play them");
    let mut rates = VARIANTS.map(|_| Vec::new());
    for round in 0..=ROUNDS {
        for (variant, rates) in VARIANTS.into_iter().zip(&mut rates) {
            let seconds = runtime.block_on(seconds(variant, inputs))?;
            // The first round is a warm-up: it allocates memory that the others reuse.
            if round > 0 {
                rates.push(moves as f64 / seconds);
            }
        }
    }
    let [bare, processes, own_ids, watched] = rates.each_ref().map(|rates| median(rates));
    let per_second = "per second";
    print_figure("moves through processes", per_second, processes, TARGET);
    print_figure(
        "moves with the callers' own command ids",
        per_second,
        own_ids,
        None,
    );
    print_figure("moves with two subscribers", per_second, watched, None);
    print_figure("moves through bare tasks", per_second, bare, None);

    let ratios = rates[0].iter().zip(&rates[1]);
    let ratios: Vec<f64> = ratios.map(|(bare, processes)| bare / processes).collect();
    let name = "a move through a process, against a bare task";
    print_figure(name, "times", median(&ratios), None);
    let added = (1.0 / processes - 1.0 / bare) * play::WORKERS as f64 * 1e9;
    let name = "overhead of the process per move";
    print_figure(name, "nanoseconds of one core", added, None);
    Ok(())
}

impl Inputs {
    fn draw() -> Inputs {
        let scripts = play::scripts();
        let longest = scripts.iter().map(|script| script.moves.len()).max();
        let mut rng = Rng::new(0);
        let mut id = || format!("{:016x}{:020x}", rng.next_u64(), rng.next_u64());
        let ids = (0..longest.unwrap_or(0)).map(|_| id()).collect();
        Inputs { scripts, ids }
    }

    /// The script of each table.
    fn tables(&self) -> impl Iterator<Item = &'static Script> {
        self.scripts.iter().cycle().take(TABLES)
    }
}

/// Returns the seconds to play all games.
async fn seconds(variant: Variant, inputs: &'static Inputs) -> Outcome<f64> {
    if let Variant::Bare = variant {
        return bare_seconds(inputs).await;
    }
    let games = Games::start(Settings::default(), Arc::new(MemoryJournal::new())).await?;
    let tables = play::open_tables(&games, TABLES).await?;
    let mut watchers = Vec::new();
    for (game, script) in tables.iter().copied() {
        let viewers = Player::BOTH.map(Viewer::Player);
        let viewers = viewers
            .iter()
            .filter(|_| matches!(variant, Variant::Watched));
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
            for ((by, command), id) in script.moves.iter().zip(&inputs.ids) {
                let own = matches!(variant, Variant::OwnIds).then(|| CommandId::new(id));
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

async fn bare_seconds(inputs: &'static Inputs) -> Outcome<f64> {
    let tables: Vec<_> = inputs
        .tables()
        .map(|script| (bare_game(), script))
        .collect();
    let start = Instant::now();
    let callers = tables.into_iter().map(|(game, script)| {
        tokio::spawn(async move {
            for (by, command) in &script.moves {
                let (reply, answer) = oneshot::channel();
                let (by, command) = (*by, command.clone());
                let asked = game.send(BareCommand { by, command, reply }).await;
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

/// A command for a bare task.
struct BareCommand {
    by: Player,
    command: Command,
    reply: oneshot::Sender<Result<Accepted, Rejection>>,
}

/// A game in a task, with its log beside it and nothing else.
fn bare_game() -> mpsc::Sender<BareCommand> {
    let (sender, mut commands) = mpsc::channel::<BareCommand>(QUEUE_LEN);
    tokio::spawn(async move {
        let mut game: Game = play::table();
        let mut log: Vec<Event> = Vec::new();
        while let Some(BareCommand { by, command, reply }) = commands.recv().await {
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
            // The caller may have hung up.
            let _ = reply.send(answer);
        }
    });
    sender
}
