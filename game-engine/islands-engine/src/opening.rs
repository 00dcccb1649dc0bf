//! What a process needs to know of a game beside its events.

use islands_core::bot::Strength;
use islands_core::{GameId, Player};

/// What is decided when a game is opened and is no event, since no player did
/// it. It is kept with the first record of the game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The computer in one of the seats.
    pub bot: Option<Bot>,
    /// Whether strangers may find the game and join.
    pub listed: bool,
    /// The id of the rematch, should there be one: drawn now, so that opening it
    /// twice is opening it once.
    pub rematch: GameId,
}

/// A computer player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bot {
    /// Where it sits.
    pub seat: Player,
    /// How well it plays.
    pub strength: Strength,
    /// What its choices are drawn from.
    pub seed: u64,
}
