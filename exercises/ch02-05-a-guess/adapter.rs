//! Commands that guess cells of one board.

use crate::board::Board;
use crate::coordinate::Coordinate;
use crate::grid::grid;
use crate::guesses::{Guesses, Outcome};
use crate::placement::random_board;

/// Returns a function that answers commands. It keeps the guesses between them.
pub fn start() -> impl FnMut(&str) -> String {
    let board = random_board(7);
    let mut guesses = Guesses::default();
    move |command| answer(command, board, &mut guesses)
}

/// Answers `guess CELL` or `board`.
fn answer(command: &str, board: Board, guesses: &mut Guesses) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    match words[..] {
        ["guess", cell] => {
            let at = cell.parse().expect("a cell");
            let (outcome, forested) = guesses.try_at(board, at);
            *guesses = guesses.with(at, outcome);
            let outcome = match outcome {
                Outcome::Hit => "hit",
                Outcome::Miss => "miss",
            };
            match forested {
                Some(island) => format!("{outcome}, and {island} is forested"),
                None => outcome.to_owned(),
            }
        }
        ["board"] => drawn(board, *guesses),
        _ => "! unknown command".to_owned(),
    }
}

fn drawn(board: Board, guesses: Guesses) -> String {
    grid(|row, col| match Coordinate::new(row.into(), col.into()) {
        Ok(cell) if guesses.hits().contains(cell) => 'x',
        Ok(cell) if board.land().contains(cell) => '#',
        _ => '·',
    })
}
