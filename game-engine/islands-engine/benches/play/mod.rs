//! Shared by the benches of the processes: the program's runtime, games that are drawn
//! beforehand, and figures.

#![allow(dead_code, reason = "no bench needs all of it")]

pub mod figures;
pub mod neighbours;
pub mod open_loop;

use std::error::Error;
use std::ops::Range;
use std::sync::LazyLock;

use islands_core::{
    Board, Command, Coordinate, Event, Facts, Game, GameId, Placement, Player, Rng, apply, create,
    decide, random_board,
};
use islands_engine::{Games, NewGame};
use rustix::thread::{CpuSet, sched_setaffinity};
use tokio::runtime::{Builder, Runtime};

/// The result of a bench.
pub type Outcome<T = ()> = Result<T, BoxError>;
/// The error of a bench.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Cores that the games may use.
pub const WORKERS: usize = 2;

/// Different games to play.
const SCRIPTS: u64 = 100;

/// Returns games drawn beforehand; a bench with more games repeats them.
pub fn scripts() -> &'static [Script] {
    static DRAWN: LazyLock<Vec<Script>> =
        LazyLock::new(|| (0..SCRIPTS).map(Script::draw).collect());
    &DRAWN
}

/// Builds a runtime with the program's settings, on two cores.
pub fn runtime() -> Outcome<Runtime> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(WORKERS).global_queue_interval(2);
    Ok(builder.enable_all().build()?)
}

/// As [`runtime`], on this core alone.
pub fn runtime_on(core: usize) -> Outcome<Runtime> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).global_queue_interval(2);
    builder.on_thread_start(move || stay_on(&[core]).expect("a core"));
    Ok(builder.enable_all().build()?)
}

/// Pins this thread, and the threads that it starts, to these cores.
pub fn stay_on(cores: &[usize]) -> Outcome {
    let mut set = CpuSet::new();
    cores.iter().for_each(|core| set.set(*core));
    Ok(sched_setaffinity(None, &set)?)
}

/// All commands of two players, once both seats are taken, up to the end of the game.
pub struct Script {
    pub moves: Vec<(Player, Command)>,
    /// The number of the event that ends the game.
    pub last_seq: u64,
}

impl Script {
    /// Draws a game: both players arrange their islands, then guess the cells in an order
    /// drawn from the seed, until one has won.
    pub fn draw(seed: u64) -> Script {
        let mut rng = Rng::new(seed);
        let mut left = Player::BOTH.map(|_| Vec::from_iter(Coordinate::all()));
        let mut moves = arrangements(seed);
        let mut game = moves.iter().cloned().fold(table(), played);
        let mut by = Player::One;
        while !game.is_over() {
            let cells = &mut left[by as usize];
            let at = rng.pick(cells).expect("a cell is left");
            cells.retain(|cell| *cell != at);
            moves.push((by, guess(at)));
            game = played(game, (by, guess(at)));
            by = by.opponent();
        }
        let last_seq = game.seq();
        Script { moves, last_seq }
    }
}

/// Returns a game with both seats taken.
pub fn table() -> Game {
    let created = create("Ada").expect("a name");
    played(Game::new(&created), (Player::Two, join()))
}

/// Opens a game and takes both seats.
pub async fn open_table(games: &Games) -> Outcome<GameId> {
    let game = games.create("Ada", NewGame::default()).await?;
    games.command(game, Player::Two, join(), None).await?;
    Ok(game)
}

/// A game and its script.
pub type Table = (GameId, &'static Script);

/// Opens `count` games, all at once.
pub async fn open_tables(games: &Games, count: usize) -> Outcome<Vec<Table>> {
    let open = |script| {
        let games = games.clone();
        tokio::spawn(async move { Ok::<Table, BoxError>((open_table(&games).await?, script)) })
    };
    let tasks: Vec<_> = scripts().iter().cycle().take(count).map(open).collect();
    let mut tables = Vec::new();
    for table in tasks {
        tables.push(table.await??);
    }
    Ok(tables)
}

/// Plays these moves of all games at once, each as soon as the previous one is answered.
pub async fn play(games: &Games, tables: &[Table], moves: Range<usize>) -> Outcome {
    let play = |(game, script): &Table| {
        let (games, game, moves) = (games.clone(), *game, &script.moves[moves.clone()]);
        tokio::spawn(async move {
            for (by, command) in moves.iter().cloned() {
                games.command(game, by, command, None).await?;
            }
            Ok::<(), BoxError>(())
        })
    };
    for playing in tables.iter().map(play).collect::<Vec<_>>() {
        playing.await??;
    }
    Ok(())
}

/// Returns a guess at this cell.
pub fn guess(at: Coordinate) -> Command {
    let (row, col) = (at.row().into(), at.col().into());
    Command::GuessCoordinate { row, col }
}

/// Returns the commands of both players before the first guess.
pub fn arrangements(seed: u64) -> Vec<(Player, Command)> {
    let arrange = |by| {
        let islands = board(seed, by).islands().map(Placement::from).collect();
        (by, Command::PositionAll { islands })
    };
    let [one, two] = Player::BOTH.map(|by| (by, Command::SetIslands));
    let [arrange_one, arrange_two] = Player::BOTH.map(arrange);
    vec![arrange_one, arrange_two, one, two]
}

/// Returns the board of this player.
pub fn board(seed: u64, by: Player) -> Board {
    random_board(2 * seed + by as u64)
}

/// Reports panics as the program does, to a log that is discarded.
pub fn install_panic_hook() {
    let filter = tracing_subscriber::EnvFilter::new("ractor=warn,info");
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    log.with_ansi(false).with_writer(std::io::sink).init();
    islands_engine::install_panic_hook();
}

fn join() -> Command {
    Command::AddPlayer { name: "Bob".into() }
}

fn played(game: Game, (by, command): (Player, Command)) -> Game {
    let events: Vec<Event> =
        decide(&game, by, command, &Facts::default()).expect("the rules allow it");
    events.iter().fold(game, apply)
}
