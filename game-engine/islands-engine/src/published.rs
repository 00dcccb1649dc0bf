//! An event on its way to those who listen.

use std::sync::{Arc, OnceLock};

use islands_core::{Event, Game, Player, PublicEvent, Viewer, public_event};

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
    encoded: OnceLock<Arc<str>>,
}

impl Published {
    /// The event that has just brought the game to where it is.
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

    /// Its number in the game's log, from 1.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The event as this viewer may see it.
    pub fn event(&self, viewer: Viewer) -> &PublicEvent {
        &self.seen(viewer).event
    }

    /// What `encode` made of the event for this kind of viewer. It is asked once
    /// for each kind, however many of them listen, and must depend on the event
    /// and the kind of viewer alone.
    pub fn encoded(
        &self,
        viewer: Viewer,
        encode: impl FnOnce(&PublicEvent) -> Arc<str>,
    ) -> Arc<str> {
        let seen = self.seen(viewer);
        Arc::clone(seen.encoded.get_or_init(|| encode(&seen.event)))
    }

    fn seen(&self, viewer: Viewer) -> &Seen {
        match viewer {
            Viewer::Player(Player::One) => &self.player1,
            Viewer::Player(Player::Two) => &self.player2,
            Viewer::Spectator => &self.spectator,
        }
    }
}
