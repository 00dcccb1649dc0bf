//! Counts the legal boards by trying them.

use islands_core::{CoordinateSet, Island, IslandType, legal_places};

/// The kinds that cover more than one cell.
const LARGER: [IslandType; 4] = [
    IslandType::Atoll,
    IslandType::LShape,
    IslandType::SShape,
    IslandType::Square,
];

/// Returns the number of complete legal boards: the dot goes on one of the cells that the
/// larger islands leave free.
pub fn boards() -> u64 {
    let land: usize = LARGER.iter().map(|kind| kind.offsets().len()).sum();
    let free = CoordinateSet::ALL.len() - land;
    ways_to_place_the_larger() * free as u64
}

/// Returns in how many ways the four larger islands can be placed without an overlap.
pub fn ways_to_place_the_larger() -> u64 {
    let places = LARGER.map(|kind| legal_places(kind).map(Island::cells).collect());
    ways(&places, CoordinateSet::EMPTY)
}

/// Returns in how many ways one place of each list can be taken, so that none overlaps another
/// or `land`.
fn ways(places: &[Vec<CoordinateSet>], land: CoordinateSet) -> u64 {
    let Some((first, rest)) = places.split_first() else {
        return 1;
    };
    let free = first.iter().filter(|cells| !cells.overlaps(land));
    match rest {
        [] => free.count() as u64,
        _ => free.map(|cells| ways(rest, land | *cells)).sum(),
    }
}
