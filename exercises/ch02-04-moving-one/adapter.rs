//! Commands that place and move islands.

use crate::board::{Draft, Overlap};
use crate::coordinate::Coordinate;
use crate::grid::grid;
use crate::island::{Island, IslandType};

/// Returns a function that answers commands. It keeps the draft between them.
pub fn start() -> impl FnMut(&str) -> String {
    let mut draft = Draft::default();
    move |command| answer(command, &mut draft)
}

/// Answers `position KIND CORNER` or `draw`.
fn answer(command: &str, draft: &mut Draft) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    match words[..] {
        ["position", kind, corner] => {
            let kind = kind.parse().expect("a kind of island");
            let corner = corner.parse().expect("a cell");
            let island = Island::new(kind, corner).expect("a place on the board");
            match draft.position(island) {
                Ok(moved) => {
                    *draft = moved;
                    drawn(*draft)
                }
                Err(Overlap { with }) => format!("refused: {with} is in the way"),
            }
        }
        ["draw"] => drawn(*draft),
        _ => "! unknown command".to_owned(),
    }
}

fn drawn(draft: Draft) -> String {
    grid(|row, col| {
        let cell = Coordinate::new(row.into(), col.into()).expect("a cell");
        let island = draft.islands().find(|island| island.cells().contains(cell));
        match island.map(Island::kind) {
            Some(IslandType::Atoll) => 'A',
            Some(IslandType::Dot) => 'D',
            Some(IslandType::LShape) => 'L',
            Some(IslandType::SShape) => 'S',
            Some(IslandType::Square) => 'Q',
            None => '·',
        }
    })
}
