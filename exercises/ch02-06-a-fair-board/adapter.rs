//! Commands about random boards.

use crate::board::Board;
use crate::coordinate::SIZE;
use crate::island::{Island, IslandType};
use crate::placement::random_board;

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    answer
}

/// Of a hundred legal boards, those on which the box around this island touches an edge,
/// counted over all 1,077,346,308 of them, in the order of `IslandType::ALL`.
const AT_AN_EDGE: [f64; 5] = [46.28, 38.92, 45.71, 45.73, 44.22];

/// More than four standard deviations of a sample of 10,000.
const MARGIN: f64 = 2.3;

/// Answers `complete SEEDS`, `repeatable SEEDS`, `different SEEDS` or `edges SEEDS`.
fn answer(command: &str) -> String {
    let (verb, seeds) = command.split_once(' ').expect("a number of seeds");
    let seeds: u32 = seeds.parse().expect("a number");
    let boards: Vec<Board> = (0..u64::from(seeds)).map(random_board).collect();
    match verb {
        "complete" => {
            let complete = boards.iter().filter(|board| board.land().len() == 18);
            format!("{} boards with 18 cells of land", complete.count())
        }
        "repeatable" => {
            let same = (0..).zip(&boards);
            let same = same.filter(|(seed, board)| random_board(*seed) == **board);
            format!("{} boards are the same again", same.count())
        }
        "different" => {
            let mut boards: Vec<_> = boards.iter().map(|board| format!("{board:?}")).collect();
            boards.sort();
            boards.dedup();
            let enough = boards.len() * 100 >= seeds as usize * 99;
            (if enough {
                "nearly all differ"
            } else {
                "many are equal"
            })
            .to_owned()
        }
        "edges" => {
            let lines = IslandType::ALL.map(|kind| edges(&boards, kind));
            lines.join("\n")
        }
        _ => "! unknown command".to_owned(),
    }
}

/// Says whether islands of this kind lie at an edge as often as on all legal boards.
fn edges(boards: &[Board], kind: IslandType) -> String {
    let islands = boards.iter().flat_map(|board| board.islands());
    let at_an_edge = islands.filter(|island| island.kind() == kind && is_at_an_edge(*island));
    let share = at_an_edge.count() as f64 * 100.0 / boards.len() as f64;
    let expected = AT_AN_EDGE[kind as usize];
    match (share - expected).abs() < MARGIN {
        true => format!("{kind} at an edge: as often as it should be"),
        false => format!("{kind} at an edge: on {share:.0} of 100, and should be {expected:.0}"),
    }
}

fn is_at_an_edge(island: Island) -> bool {
    let (rows, cols) = island.kind().extent();
    let (row, col) = (island.corner().row(), island.corner().col());
    row == 1 || col == 1 || row + rows - 1 == SIZE || col + cols - 1 == SIZE
}
