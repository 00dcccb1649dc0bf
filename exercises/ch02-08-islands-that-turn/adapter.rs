//! Commands about islands that are turned.

use crate::coordinate::Coordinate;
use crate::grid::grid;
use crate::island::{Island, IslandType, OffBoard};

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    answer
}

/// Answers `island KIND CORNER`, `turned KIND TURNS CORNER`, `orientations KIND`,
/// `places KIND` or `same KIND TURNS TURNS CORNER`.
fn answer(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let corner = |text: &str| text.parse::<Coordinate>().expect("a cell");
    match words[..] {
        ["island", name, at] => drawn(Island::new(kind(name), corner(at))),
        ["turned", name, turns, at] => drawn(Island::turned(kind(name), number(turns), corner(at))),
        ["orientations", name] => kind(name).orientations().to_string(),
        ["places", name] => places(kind(name)).to_string(),
        ["same", name, one, other, at] => {
            let island = |turns| Island::turned(kind(name), number(turns), corner(at));
            (if island(one) == island(other) {
                "yes"
            } else {
                "no"
            })
            .to_owned()
        }
        _ => "! unknown command".to_owned(),
    }
}

fn kind(name: &str) -> IslandType {
    name.parse().expect("a kind of island")
}

fn number(text: &str) -> u8 {
    text.parse().expect("a number of turns")
}

fn drawn(island: Result<Island, OffBoard>) -> String {
    match island {
        Ok(island) => {
            let cells = island.cells();
            grid(|row, col| match Coordinate::new(row.into(), col.into()) {
                Ok(cell) if cells.contains(cell) => '#',
                _ => '·',
            })
        }
        Err(OffBoard { kind, corner }) => format!("no room for {kind} at {corner}"),
    }
}

/// Counts the places of a kind in all its orientations.
fn places(kind: IslandType) -> usize {
    let turns = 0..kind.orientations();
    let fits = |turns| Coordinate::all().filter(move |at| Island::turned(kind, turns, *at).is_ok());
    turns.map(|turns| fits(turns).count()).sum()
}
