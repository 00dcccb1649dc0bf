//! Written by `cargo x generate`; changes here are lost.
//!
//! Commands: what players ask for.

/// A player's request to change a game.
///
/// Nothing in a command is validated yet: names, cells and islands are as the
/// client sent them. [`decide`](crate::decide) validates them after the state and
/// the turn, so a guess out of turn is refused as such even if its cell does not
/// exist. The [`Event`](crate::Event)s that it leads to hold validated values only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Take the second seat.
    AddPlayer {
        /// The name to play under.
        name: String,
    },
    /// Place one island, or move it.
    PositionIsland(Placement),
    /// Place all five islands at once, or none.
    PositionAll {
        /// One placement for each kind of island.
        islands: Vec<Placement>,
    },
    /// Set the islands, which can then no longer be moved.
    SetIslands,
    /// Guess a cell of the other player's board.
    GuessCoordinate {
        /// Row, from 1.
        row: i64,
        /// Column, from 1.
        col: i64,
    },
    /// Give up, so that the other player wins.
    Resign,
    /// Claim the win because the other player has left.
    ClaimWin,
    /// Ask for a rematch, with seats swapped.
    RequestRematch,
    /// Offer a draw, or accept the other player's offer.
    OfferDraw,
}

/// A kind of island, and the requested place of its upper-left corner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The wire name of the island.
    pub island: String,
    /// Row of the corner, from 1.
    pub row: i64,
    /// Column of the corner, from 1.
    pub col: i64,
}
