//! The number of boards, counted one by one.

use islands_core::{Draft, Island, IslandType, legal_places};

use crate::random_board::LARGE;

/// Counts the ways to add one island of each kind in `places` to `draft`. It
/// tries every place with the crate's own rule.
fn ways(draft: Draft, places: &[Vec<Island>]) -> u64 {
    let Some((next, rest)) = places.split_first() else {
        return 1;
    };
    let placed = next.iter().map(|island| draft.position(*island));
    if rest.is_empty() {
        placed.filter(Result::is_ok).count() as u64
    } else {
        placed.flatten().map(|draft| ways(draft, rest)).sum()
    }
}

#[test]
fn there_are_1_077_346_308_boards() {
    let places = LARGE.map(|kind| legal_places(kind).collect());
    let large = ways(Draft::default(), &places);
    assert_eq!(large, 12_980_076, "ways to place the four larger islands");

    // They always cover 17 cells, and the dot can be on any other cell.
    let covered: usize = LARGE.iter().map(|kind| kind.offsets().len()).sum();
    let dots = legal_places(IslandType::Dot).count() - covered;
    assert_eq!(dots, 83);
    assert_eq!(large * dots as u64, 1_077_346_308);
}
