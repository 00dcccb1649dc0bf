//! What players ask for.

/// What someone asks of a game.
///
/// Nothing in a command has been checked: names, cells and islands are as they
/// were asked for. Whether they are right is part of the decision, in its order:
/// who is not on turn is told that first, wherever the guess went. What has been
/// checked is an [`Event`](crate::Event).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Take the second seat.
    AddPlayer {
        /// The name to play under.
        name: String,
    },
    /// Put one island somewhere, or move it.
    PositionIsland(Placement),
    /// Put all five somewhere at once, or none.
    PositionAll {
        /// One for each kind of island.
        islands: Vec<Placement>,
    },
    /// Say that the islands stay where they are.
    SetIslands,
    /// Guess where the other player has land.
    GuessCoordinate {
        /// Row, from 1.
        row: i64,
        /// Column, from 1.
        col: i64,
    },
    /// Give up.
    Resign,
    /// Win because the other player has left.
    ClaimWin,
    /// Play again, with seats swapped.
    RequestRematch,
}

/// An island and where its upper-left corner is asked to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The wire name of the island.
    pub island: String,
    /// Row of the corner, from 1.
    pub row: i64,
    /// Column of the corner, from 1.
    pub col: i64,
}
