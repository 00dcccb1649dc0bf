//! Legal places of islands, and random boards.

use crate::board::{Board, Draft};
use crate::coordinate::Coordinate;
use crate::island::{Island, IslandType};
use crate::rng::Rng;

/// Iterates over every place where an island of this kind fits on the board.
///
/// There are 72 for the atoll, the L and the S, 81 for the square, 100 for the
/// dot.
pub fn legal_places(kind: IslandType) -> impl Iterator<Item = Island> {
    Coordinate::all().filter_map(move |corner| Island::new(kind, corner).ok())
}

/// Draws a board uniformly from all 1,077,346,308 legal ones.
///
/// This is rejection sampling: each island gets one of its legal places, drawn
/// uniformly and independently of the others; if two overlap, all five are drawn
/// again. The boards that remain are therefore uniform. About 36 % of the draws
/// are legal.
///
/// ```
/// let board = islands_core::random_board(7);
/// assert_eq!(board.land().len(), 18);
/// assert_eq!(board, islands_core::random_board(7));
/// ```
pub fn random_board(seed: u64) -> Board {
    let places = IslandType::ALL.map(|kind| legal_places(kind).collect::<Vec<_>>());
    let mut rng = Rng::new(seed);
    let mut draft = Draft::default();
    for places in &places {
        while let Some(island) = rng.pick(places) {
            if let Ok(placed) = draft.position(island) {
                draft = placed;
                break;
            }
        }
    }
    draft.finish().expect("each kind is placed")
}
