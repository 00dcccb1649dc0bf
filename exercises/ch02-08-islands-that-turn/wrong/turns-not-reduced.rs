//! Stores the turns as they come. A square that is turned once is the same square, but `==`
//! compares the fields.

impl Island {
    pub fn turned(
        kind: IslandType,
        quarter_turns: u8,
        corner: Coordinate,
    ) -> Result<Island, OffBoard> {
        let turns = quarter_turns % 4;
        let (rows, cols) = match (turns % 2, kind.extent()) {
            (0, extent) => extent,
            (_, (rows, cols)) => (cols, rows),
        };
        if corner.row() + rows - 1 <= SIZE && corner.col() + cols - 1 <= SIZE {
            Ok(Island {
                kind,
                corner,
                turns,
            })
        } else {
            Err(OffBoard { kind, corner })
        }
    }
}
