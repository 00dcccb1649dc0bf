//! Measures how many guesses a second one core decides and applies.
//!
//! It plays whole seeded games, from the first guess to the last island, so that boards
//! are empty, half known and nearly done as they are in play. The guesses are drawn
//! beforehand: the time covers `decide` and `apply`, nothing else.

use std::hint::black_box;
use std::time::{Duration, Instant};

use islands_core::{
    Command, Coordinate, Event, Facts, Game, Placement, Player, Rng, apply, create, decide,
    random_board,
};

const GAMES: u64 = 2_000;
const ROUNDS: usize = 15;
const TARGET: f64 = 5_000_000.0;

fn main() {
    let games: Vec<(Game, Vec<Guess>)> = (0..GAMES).map(recorded).collect();
    let guesses: usize = games.iter().map(|(_, guesses)| guesses.len()).sum();
    eprintln!("{GAMES} games with {guesses} guesses, {ROUNDS} rounds");

    let mut rates: Vec<f64> = (0..ROUNDS)
        .map(|_| guesses as f64 / round(&games).as_secs_f64())
        .collect();
    rates.sort_by(f64::total_cmp);
    let [slowest, median, fastest] = [0, ROUNDS / 2, ROUNDS - 1].map(|place| rates[place]);
    eprintln!("slowest {slowest:.0}, median {median:.0}, fastest {fastest:.0} guesses a second");
    println!(
        r#"{{"name":"decide + apply of a guess","unit":"per second","value":{median:.0},"aim":{TARGET:.0}}}"#
    );
}

/// The player, the row and the column of a guess.
type Guess = (Player, i64, i64);

/// Returns the time to play all games once.
fn round(games: &[(Game, Vec<Guess>)]) -> Duration {
    let copies: Vec<Game> = games.iter().map(|(game, _)| game.clone()).collect();
    let start = Instant::now();
    for (game, (_, guesses)) in copies.into_iter().zip(games) {
        let over = guesses.iter().fold(game, |game, (by, row, col)| {
            let (row, col) = black_box((*row, *col));
            let guess = Command::GuessCoordinate { row, col };
            match decide(&game, *by, guess, &Facts::default()) {
                Ok(events) => events.iter().fold(game, apply),
                Err(rejection) => unreachable!("{rejection}"),
            }
        });
        assert!(black_box(over).is_over());
    }
    start.elapsed()
}

/// Returns a game whose islands are set, and all guesses of two players that try the
/// cells in an order drawn from the seed.
fn recorded(seed: u64) -> (Game, Vec<Guess>) {
    let mut rng = Rng::new(seed);
    let begun = battle(seed);
    let mut left = Player::BOTH.map(|_| Vec::from_iter(Coordinate::all()));
    let mut guesses = Vec::new();
    let mut game = begun.clone();
    let mut by = Player::One;
    while !game.is_over() {
        let cells = &mut left[by as usize];
        let at = rng.pick(cells).expect("a cell is left");
        cells.retain(|cell| *cell != at);
        let (row, col) = (at.row().into(), at.col().into());
        guesses.push((by, row, col));
        let guess = Command::GuessCoordinate { row, col };
        let events = decide(&game, by, guess, &Facts::default());
        game = done(game, &events.expect("no player guesses a cell twice"));
        by = by.opponent();
    }
    (begun, guesses)
}

fn battle(seed: u64) -> Game {
    let created = create("Ada").expect("a name");
    let join = Command::AddPlayer { name: "Bob".into() };
    let arrange = |seed| Command::PositionAll {
        islands: random_board(seed).islands().map(Placement::from).collect(),
    };
    let commands = [
        (Player::Two, join),
        (Player::One, arrange(seed)),
        (Player::Two, arrange(seed + GAMES)),
        (Player::One, Command::SetIslands),
        (Player::Two, Command::SetIslands),
    ];
    commands
        .into_iter()
        .fold(Game::new(&created), |game, (by, command)| {
            let events =
                decide(&game, by, command, &Facts::default()).expect("a game begins like this");
            done(game, &events)
        })
}

fn done(game: Game, events: &[Event]) -> Game {
    events.iter().fold(game, apply)
}
