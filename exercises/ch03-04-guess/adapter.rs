//! Commands that guess, in a game between Ada and Bob.

use crate::command::Command;
use crate::coordinate::Coordinate;
use crate::event::Event;
use crate::facts::Facts;
use crate::game::{Game, create, decide};
use crate::guesses::Outcome;
use crate::placement::random_board;
use crate::player::Player;
use crate::player_name::PlayerName;

/// Returns a function that answers commands. It keeps the game between them.
pub fn start() -> impl FnMut(&str) -> String {
    let mut game = game();
    move |command| answer(command, &mut game)
}

/// A game in which both boards are set. Ada's comes from the seed 1, Bob's from 2.
fn game() -> Game {
    let mut game = Game::new(&create("Ada").expect("a name"));
    let name = PlayerName::new("Bob").expect("a name");
    game.apply(&Event::PlayerAdded { name });
    for (by, seed) in [(Player::One, 1), (Player::Two, 2)] {
        let board = random_board(seed);
        game.apply(&Event::IslandsPositioned { by, board });
        game.apply(&Event::IslandsSet { by });
    }
    game
}

/// Answers `ada CELL`, `bob CELL`, `ada ROW/COL`, or `all but one of bob`: then Ada hits all of
/// Bob's land but the last cell, and Bob guesses in between.
fn answer(command: &str, game: &mut Game) -> String {
    if command == "all but one of bob" {
        return all_but_one(game);
    }
    let (by, cell) = command.split_once(' ').expect("a player and a cell");
    let (row, col) = match cell.split_once('/') {
        Some((row, col)) => (row.parse().expect("a row"), col.parse().expect("a column")),
        None => {
            let cell: Coordinate = cell.parse().expect("a cell");
            (cell.row().into(), cell.col().into())
        }
    };
    guess(
        game,
        if by == "ada" {
            Player::One
        } else {
            Player::Two
        },
        row,
        col,
    )
}

fn guess(game: &mut Game, by: Player, row: i64, col: i64) -> String {
    let command = Command::GuessCoordinate { row, col };
    let said = match decide(game, by, command, &Facts::default()) {
        Ok(events) => {
            let said: Vec<String> = events.iter().map(shown).collect();
            for event in &events {
                game.apply(event);
            }
            said.join(", ")
        }
        Err(rejection) => format!("refused: {}", rejection.reason()),
    };
    format!("{said}; now {}", game.state_name())
}

fn all_but_one(game: &mut Game) -> String {
    let land: Vec<_> = random_board(2).land().iter().collect();
    for (cell, other) in land[..17].iter().zip(Coordinate::all()) {
        guess(game, Player::One, cell.row().into(), cell.col().into());
        guess(game, Player::Two, other.row().into(), other.col().into());
    }
    let hits = game.guesses[Player::One].hits().len();
    format!(
        "{hits} hits; now {}; the last cell is {}",
        game.state_name(),
        land[17]
    )
}

fn shown(event: &Event) -> String {
    match event {
        Event::CoordinateGuessed(guess) => {
            let outcome = match guess.outcome {
                Outcome::Hit => "hit",
                Outcome::Miss => "miss",
            };
            match guess.forested {
                Some(island) => format!("{outcome}, {island} forested"),
                None => outcome.to_owned(),
            }
        }
        Event::GameWon { by } => format!("{by} has won"),
        other => format!("{other:?}"),
    }
}
