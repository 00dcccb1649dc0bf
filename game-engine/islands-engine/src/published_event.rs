//! An event on its way to the subscribers.

use std::sync::{Arc, OnceLock};

use islands_core::{Event, Game, Player, PublicEvent, Viewer, public_event};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// One event of a game, as each kind of viewer may see it.
#[derive(Debug)]
pub struct PublishedEvent {
    seq: u64,
    player1: ViewerEvent,
    player2: ViewerEvent,
    spectator: ViewerEvent,
}

#[derive(Debug)]
struct ViewerEvent {
    event: PublicEvent,
    /// The JSON, encoded at the first use and then shared by all viewers of this kind.
    encoded: OnceLock<Arc<RawValue>>,
}

impl PublishedEvent {
    /// Takes the event that `game` has just applied.
    pub(crate) fn new(game: &Game, event: &Event) -> PublishedEvent {
        let viewer_event = |viewer| ViewerEvent {
            event: public_event(game, event, viewer),
            encoded: OnceLock::new(),
        };
        PublishedEvent {
            seq: game.seq(),
            player1: viewer_event(Viewer::Player(Player::One)),
            player2: viewer_event(Viewer::Player(Player::Two)),
            spectator: viewer_event(Viewer::Spectator),
        }
    }

    /// Returns the event's number in the game's log, from 1.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Returns the event as this viewer may see it.
    pub fn event(&self, viewer: Viewer) -> &PublicEvent {
        &self.viewer_event(viewer).event
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
        let viewer_event = self.viewer_event(viewer);
        if let Some(encoded) = viewer_event.encoded.get() {
            return Ok(Arc::clone(encoded));
        }
        let encoded = to_raw_value(&payload(&viewer_event.event))?.into();
        Ok(Arc::clone(viewer_event.encoded.get_or_init(|| encoded)))
    }

    fn viewer_event(&self, viewer: Viewer) -> &ViewerEvent {
        match viewer {
            Viewer::Player(Player::One) => &self.player1,
            Viewer::Player(Player::Two) => &self.player2,
            Viewer::Spectator => &self.spectator,
        }
    }
}
