//! Written by `cargo x generate`; changes here are lost.
//!
//! Events: what has happened in a game.

use crate::board::Board;
use crate::game_id::GameId;
use crate::guesses::Move;
use crate::island::Island;
use crate::player::Player;
use crate::player_name::PlayerName;

/// Something that has happened in a game.
///
/// An event carries everything needed to apply it, and only validated values.
/// Events are numbered from 1 without a gap; folding [`apply`](crate::apply)
/// over them yields the game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Player 1 opened the game. Always the first event, and never a later one.
    GameCreated(GameCreated),
    /// Player 2 took the second seat.
    PlayerAdded {
        /// Player 2's name.
        name: PlayerName,
    },
    /// One island was placed or moved.
    IslandPositioned {
        /// The owner.
        by: Player,
        /// The island at its new place.
        island: Island,
    },
    /// All five islands were placed at once. This is one event, because moving
    /// the islands one by one could make them overlap on the way.
    IslandsPositioned {
        /// The owner.
        by: Player,
        /// The islands at their new places.
        board: Board,
    },
    /// A player's islands were set and can no longer be moved.
    IslandsSet {
        /// The owner.
        by: Player,
    },
    /// A guess was made and answered.
    CoordinateGuessed(Move),
    /// The preceding guess forested the last island.
    GameWon {
        /// The winner.
        by: Player,
    },
    /// A player resigned; the other one won.
    PlayerResigned {
        /// The player that resigned.
        by: Player,
    },
    /// A player claimed the win because the other one had left.
    WinClaimed {
        /// The winner.
        by: Player,
    },
    /// A player asked for a rematch.
    RematchRequested {
        /// The player that asked.
        by: Player,
    },
    /// Both players asked for a rematch, and the rematch has an id.
    RematchStarted {
        /// The new game, with seats swapped.
        game: GameId,
    },
    /// A player offered a draw, or accepted the other player's offer.
    DrawOffered {
        /// The player that offered.
        by: Player,
    },
}

/// The first event of every game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameCreated {
    /// Player 1's name.
    pub name: PlayerName,
}
