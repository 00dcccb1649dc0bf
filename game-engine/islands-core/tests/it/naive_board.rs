//! Placement by a second definition without bits or bounding boxes: lists of
//! rows and columns, compared one by one.

use islands_core::{Command, Facts, Placement, Player, Rejection, Rng, decide};

use crate::fixture::Fixture;
use crate::monkey::pick;

type Cell = (i64, i64);
type Islands = Vec<(&'static str, Vec<Cell>)>;

const SHAPES: [(&str, &[Cell]); 5] = [
    ("atoll", &[(0, 0), (0, 1), (1, 1), (2, 0), (2, 1)]),
    ("dot", &[(0, 0)]),
    ("l_shape", &[(0, 0), (1, 0), (2, 0), (2, 1)]),
    ("s_shape", &[(0, 1), (0, 2), (1, 0), (1, 1)]),
    ("square", &[(0, 0), (0, 1), (1, 0), (1, 1)]),
];

fn covered((_, offsets): (&str, &[Cell]), (row, col): Cell) -> Vec<Cell> {
    let cells = offsets
        .iter()
        .map(|(down, right)| (row + down, col + right));
    cells.collect()
}

fn on_board((row, col): &Cell) -> bool {
    (1..=10).contains(row) && (1..=10).contains(col)
}

/// The reason to refuse this placement, if there is one.
fn refusal(islands: &Islands, name: &str, cells: &[Cell], corner: &Cell) -> Option<&'static str> {
    let others = || islands.iter().filter(|(other, _)| *other != name);
    if !on_board(corner) {
        Some("invalid_coordinate")
    } else if !cells.iter().all(on_board) {
        Some("off_board")
    } else if others().any(|(_, taken)| taken.iter().any(|cell| cells.contains(cell))) {
        Some("overlapping_island")
    } else {
        None
    }
}

#[test]
fn an_island_is_placed_exactly_where_the_naive_rule_allows_it() {
    for seed in 0..150 {
        let mut rng = Rng::new(seed);
        let mut fixture = Fixture::joined();
        let mut islands: Islands = Vec::new();
        for _ in 0..100 {
            let shape = pick(&mut rng, &SHAPES);
            let lines: Vec<i64> = (0..=11).collect();
            let corner = (pick(&mut rng, &lines), pick(&mut rng, &lines));
            let cells = covered(shape, corner);
            let expected = refusal(&islands, shape.0, &cells, &corner);

            let decided = fixture.try_command(
                Player::One,
                Command::PositionIsland(Placement {
                    island: shape.0.into(),
                    row: corner.0,
                    col: corner.1,
                }),
            );
            let reason = decided.as_ref().err().map(Rejection::reason);
            assert_eq!(
                reason, expected,
                "seed {seed}: {} at {corner:?} beside {islands:?}",
                shape.0
            );
            if decided.is_ok() {
                islands.retain(|(name, _)| *name != shape.0);
                islands.push((shape.0, cells));
            }
        }
        let finished = decide(
            &fixture.game,
            Player::One,
            Command::SetIslands,
            &Facts::default(),
        )
        .is_ok();
        assert_eq!(finished, islands.len() == SHAPES.len());
    }
}
