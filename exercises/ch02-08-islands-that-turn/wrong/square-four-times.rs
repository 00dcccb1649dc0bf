//! Counts four orientations for every kind. A square that is turned is the same square.

impl IslandType {
    pub fn orientations(self) -> u8 {
        4
    }
}
