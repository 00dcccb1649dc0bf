//! Commands that guess, in a game between Ada and Bob.

use crate::command::Command;
use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
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

/// Answers `ada CELL`, `bob CELL`, `ada ROW/COL`, or `all but one by PLAYER`: then this player hits
/// all of the other's land but the last cell, and the other guesses water in between.
fn answer(command: &str, game: &mut Game) -> String {
    match command {
        "all but one by ada" => return all_but_one(game, Player::One),
        "all but one by bob" => return all_but_one(game, Player::Two),
        _ => {}
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

fn all_but_one(game: &mut Game, by: Player) -> String {
    let land = |player| random_board(if player == Player::One { 1 } else { 2 }).land();
    let targets: Vec<_> = land(by.opponent()).iter().collect();
    let water = (CoordinateSet::ALL - land(by)).iter();
    let mut guess = |player, cell: Coordinate| {
        guess(game, player, cell.row().into(), cell.col().into());
    };
    for (target, water) in targets[..17].iter().zip(water) {
        if by == Player::One {
            guess(by, *target);
            guess(by.opponent(), water);
        } else {
            guess(by.opponent(), water);
            guess(by, *target);
        }
    }
    if by == Player::Two {
        // Player 1 begins, so one more guess makes it Bob's turn.
        let last = (CoordinateSet::ALL - land(by)).iter().last();
        guess(by.opponent(), last.expect("a board has water"));
    }
    let hits = game.guesses[by].hits().len();
    let (state, last) = (game.state_name(), targets[17]);
    format!("{hits} hits; now {state}; the last cell is {last}")
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
