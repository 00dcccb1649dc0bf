//! A placement check with a bug: it forgets that the island may be on the board already.

use islands_core::{Draft, Island, Overlap};

/// Returns the draft with `island` placed, unless one of the draft's islands covers a cell of
/// it.
///
/// That is wrong: an island that moves by one cell overlaps its own old place.
///
/// # Errors
/// [`Overlap`] with the first island of the draft that covers a cell of `island`.
pub fn position_seeing_itself(draft: Draft, island: Island) -> Result<Draft, Overlap> {
    for other in draft.islands() {
        if other.cells().overlaps(island.cells()) {
            return Err(Overlap { with: other.kind() });
        }
    }
    draft.position(island)
}
