//! What a decision needs to know beside the game and the command.

use crate::event::Event;
use crate::game_id::GameId;
use crate::limits::AWAY_MS;

/// What only the process that runs a game knows: no sender can say it, and no event
/// has told of it yet.
///
/// By default the opponent is present, and the rematch has the id of 80 zero bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// For how many milliseconds the sender's opponent has been away.
    pub opponent_away_ms: u64,
    /// The id of the new game, should both players ask for a rematch.
    pub rematch: GameId,
}

impl Facts {
    /// Facts under which a command can lead to these events, if any can: the opponent
    /// has been away for long enough, and the rematch is the one that they start.
    pub fn behind(events: &[Event]) -> Facts {
        let rematch = match events {
            [_, Event::RematchStarted { game }, ..] => *game,
            _ => GameId::default(),
        };
        Facts {
            opponent_away_ms: AWAY_MS,
            rematch,
        }
    }
}
