//! The configuration of a game: data that its events do not hold.

use islands_core::bot::Strength;
use islands_core::{GameId, Player};

/// The configuration of a game, fixed when the game is opened. The game's first batch
/// stores it beside its events, since it is no action of a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GameConfig {
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
