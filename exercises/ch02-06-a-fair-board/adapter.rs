//! Commands about random boards.

use crate::board::Board;
use crate::coordinate::SIZE;
use crate::island::IslandType;
use crate::placement::random_board;

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    answer
}

/// Of a hundred legal boards, those whose atoll lies at an edge, counted over all
/// 1,077,346,308 of them. The margin is more than four standard deviations of a sample of
/// 10,000.
const AT_AN_EDGE: f64 = 46.28;
const MARGIN: f64 = 2.3;

/// Answers `complete SEEDS`, `repeatable SEEDS`, `different SEEDS` or `atolls SEEDS`.
fn answer(command: &str) -> String {
    let (verb, seeds) = command.split_once(' ').expect("a number of seeds");
    let seeds: u32 = seeds.parse().expect("a number");
    let boards = (0..u64::from(seeds)).map(random_board);
    match verb {
        "complete" => {
            let complete = boards.filter(|board| board.land().len() == 18).count();
            format!("{complete} boards with 18 cells of land")
        }
        "repeatable" => {
            let same = (0..u64::from(seeds)).zip(boards);
            let same = same.filter(|(seed, board)| random_board(*seed) == *board);
            format!("{} boards are the same again", same.count())
        }
        "different" => {
            let mut boards: Vec<_> = boards.map(|board| format!("{board:?}")).collect();
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
        "atolls" => {
            let at_an_edge = boards.filter(|board| is_at_an_edge(*board)).count();
            let share = at_an_edge as f64 * 100.0 / f64::from(seeds);
            match share - AT_AN_EDGE {
                difference if difference.abs() < MARGIN => {
                    "an edge as often as it should be: about 46 of 100".to_owned()
                }
                _ => format!("an edge in {share:.0} of 100; it should be 46"),
            }
        }
        _ => "! unknown command".to_owned(),
    }
}

fn is_at_an_edge(board: Board) -> bool {
    let atoll = board
        .islands()
        .find(|island| island.kind() == IslandType::Atoll);
    let corner = atoll.expect("an atoll").corner();
    // An atoll has three rows and two columns.
    [1, SIZE - 2].contains(&corner.row()) || [1, SIZE - 1].contains(&corner.col())
}
