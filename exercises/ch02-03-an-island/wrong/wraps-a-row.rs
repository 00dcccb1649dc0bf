//! Checks the lower edge alone. Past the right edge, an island goes on in the next row.

impl Island {
    pub fn new(kind: IslandType, corner: Coordinate) -> Result<Island, OffBoard> {
        let (rows, _) = kind.extent();
        if corner.row() + rows - 1 <= SIZE {
            Ok(Island { kind, corner })
        } else {
            Err(OffBoard { kind, corner })
        }
    }
}
