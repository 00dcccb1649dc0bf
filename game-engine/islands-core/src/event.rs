//! What has happened.

use crate::board::Board;
use crate::game_id::GameId;
use crate::guesses::Move;
use crate::island::Island;
use crate::player::Player;
use crate::player_name::PlayerName;

/// Something that has happened in a game.
///
/// An event carries all that is needed to apply it, and holds only values that
/// were checked. Events are numbered from 1 without a hole; the fold of
/// [`apply`](crate::apply) over them *is* the game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The game was opened by player 1. Always the first event, and only that.
    GameCreated(GameCreated),
    /// The second seat was taken.
    PlayerAdded {
        /// Player 2's name.
        name: PlayerName,
    },
    /// One island was put somewhere or moved.
    IslandPositioned {
        /// Whose.
        by: Player,
        /// The island where it is now.
        island: Island,
    },
    /// All islands were put somewhere at once: one event, for on the way from
    /// one arrangement to another its parts may pass through each other.
    IslandsPositioned {
        /// Whose.
        by: Player,
        /// Where they are now.
        board: Board,
    },
    /// A player's islands stay where they are.
    IslandsSet {
        /// Whose.
        by: Player,
    },
    /// A guess was made and answered.
    CoordinateGuessed(Move),
    /// The guess before this one forested the last island.
    GameWon {
        /// The winner.
        by: Player,
    },
    /// A player gave up; the other one won.
    PlayerResigned {
        /// Who gave up.
        by: Player,
    },
    /// A player won because the other one had left.
    WinClaimed {
        /// The winner.
        by: Player,
    },
    /// A player wants to play again.
    RematchRequested {
        /// Who.
        by: Player,
    },
    /// Both want to play again, and there is a game for it.
    RematchStarted {
        /// The new game, with seats swapped.
        game: GameId,
    },
}

/// How every game begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameCreated {
    /// Player 1's name.
    pub name: PlayerName,
}
