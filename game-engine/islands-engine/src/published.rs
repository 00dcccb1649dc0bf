//! An event on its way to the subscribers.

use std::sync::{Arc, OnceLock};

use islands_core::{Event, Game, Player, PublicEvent, Viewer, public_event};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// One event of a game, as each kind of viewer may see it.
#[derive(Debug)]
pub struct Published {
    seq: u64,
    player1: Seen,
    player2: Seen,
    spectator: Seen,
}

#[derive(Debug)]
struct Seen {
    event: PublicEvent,
    encoded: OnceLock<Arc<RawValue>>,
}

impl Published {
    /// Takes the event that `game` has just applied.
    pub(crate) fn new(game: &Game, event: &Event) -> Published {
        let seen = |viewer| Seen {
            event: public_event(game, event, viewer),
            encoded: OnceLock::new(),
        };
        Published {
            seq: game.seq(),
            player1: seen(Viewer::Player(Player::One)),
            player2: seen(Viewer::Player(Player::Two)),
            spectator: seen(Viewer::Spectator),
        }
    }

    /// Returns the event's number in the game's log, from 1.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Returns the event as this viewer may see it.
    pub fn event(&self, viewer: Viewer) -> &PublicEvent {
        &self.seen(viewer).event
    }

    /// Returns the JSON of `payload(event)` for this kind of viewer. All viewers of a kind
    /// share one encoding, so `payload` must depend only on the event and the kind of
    /// viewer.
    ///
    /// # Errors
    /// If the value from `payload` cannot be written as JSON.
    pub fn encoded<T: Serialize>(
        &self,
        viewer: Viewer,
        payload: impl FnOnce(&PublicEvent) -> T,
    ) -> Result<Arc<RawValue>, serde_json::Error> {
        let seen = self.seen(viewer);
        if let Some(encoded) = seen.encoded.get() {
            return Ok(Arc::clone(encoded));
        }
        let encoded = to_raw_value(&payload(&seen.event))?.into();
        Ok(Arc::clone(seen.encoded.get_or_init(|| encoded)))
    }

    fn seen(&self, viewer: Viewer) -> &Seen {
        match viewer {
            Viewer::Player(Player::One) => &self.player1,
            Viewer::Player(Player::Two) => &self.player2,
            Viewer::Spectator => &self.spectator,
        }
    }
}
