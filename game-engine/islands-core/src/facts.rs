//! Facts: what a decision depends on beside the game and the command.

use crate::event::Event;
use crate::game_id::GameId;
use crate::limits::MIN_AWAY_MS;

/// Inputs to a decision that only the process of the game knows.
///
/// They come neither from the sender of the command nor from an earlier event. By
/// default the opponent is present, and the rematch has the id of 80 zero bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The time for which the sender's opponent has been away, in milliseconds.
    pub opponent_away_ms: u64,
    /// The id of the new game, if both players ask for a rematch.
    pub rematch: GameId,
}

impl Facts {
    /// Returns facts under which a command can have caused the first of these events,
    /// since a log holds no facts.
    ///
    /// The opponent has been away for long enough, and the rematch is the game
    /// that the events start.
    pub fn inferred_from(events: &[Event]) -> Facts {
        let rematch = match events {
            [_, Event::RematchStarted { game }, ..] => *game,
            _ => GameId::default(),
        };
        Facts {
            opponent_away_ms: MIN_AWAY_MS,
            rematch,
        }
    }
}
