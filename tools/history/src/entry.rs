//! What one client wrote down.

use islands_core::{Command, Player, Viewer};
use serde::{Deserialize, Serialize};

use crate::canonical_json::CanonicalJson;
use crate::serial::{PlayerSerial, ViewerSerial, spelled_command};

/// One thing that a client did or was told in a game. The entries of a game are
/// in the order in which they were written down: what is sent before it goes
/// out, what is told after it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which client, by a number of its own.
    pub client: u32,
    /// Whom the server takes it for.
    #[serde(with = "ViewerSerial")]
    pub viewer: Viewer,
    /// What it did or was told.
    pub what: What,
}

/// What a client can do and be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It opened the game, and was told so.
    Opened {
        /// The name of player 1.
        host: String,
        /// The name of player 2 if the game is opened with both: by the computer
        /// in that seat, or as a rematch.
        guest: Option<String>,
    },
    /// Someone in this seat needs no client: the computer.
    Computer {
        /// The seat.
        #[serde(with = "PlayerSerial")]
        seat: Player,
    },
    /// It sent a command, for the first time or again.
    Sent {
        /// A number for this one sending, which its answer bears too.
        attempt: u64,
        /// The id under which it may be sent again; a command without one is
        /// sent once.
        id: Option<Box<str>>,
        /// What it asked for.
        #[serde(with = "spelled_command")]
        command: Box<Command>,
    },
    /// A command was acknowledged.
    Accepted {
        /// Which sending.
        attempt: u64,
        /// The number of its last event.
        seq: u64,
        /// What else the reply says.
        reply: CanonicalJson,
    },
    /// A command was refused.
    Refused {
        /// Which sending.
        attempt: u64,
        /// The stable name of the reason.
        reason: Box<str>,
    },
    /// It begins to listen, with the game as it is.
    Began {
        /// The number of the last event in the view.
        seq: u64,
        /// The view.
        view: CanonicalJson,
    },
    /// It goes on listening after what it has seen.
    Resumed {
        /// The number of the last event it has seen.
        since: u64,
    },
    /// It was told of an event.
    Saw {
        /// The event's number.
        seq: u64,
        /// The event's name.
        name: Box<str>,
        /// The event as it was told.
        told: CanonicalJson,
    },
    /// It had a look at the game.
    Viewed {
        /// The number of the last event in the view.
        seq: u64,
        /// The view.
        view: CanonicalJson,
        /// Whether nothing happened in the game any more, so that the view has to
        /// be that of the whole log.
        last: bool,
    },
}
