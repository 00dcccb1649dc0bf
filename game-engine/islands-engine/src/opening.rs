//! The data of a game that its events do not hold.

use islands_core::bot::Strength;
use islands_core::{GameId, Player};

/// Options chosen when a game is opened. The game's first batch stores them beside its
/// events, since they are no action of a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The computer player, if one of the seats has one.
    pub bot: Option<Bot>,
    /// Whether strangers may find the game and join.
    pub listed: bool,
    /// The id of a rematch, drawn in advance so that opening it is idempotent.
    pub rematch: GameId,
}

/// A computer player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bot {
    /// Its seat.
    pub seat: Player,
    /// How well it plays.
    pub strength: Strength,
    /// Seed of its random choices.
    pub seed: u64,
}
