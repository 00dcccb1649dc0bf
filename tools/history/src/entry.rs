//! One entry of a history.

use islands_core::{Command, Player, Viewer};
use serde::{Deserialize, Serialize};

use crate::canonical_json::CanonicalJson;
use crate::serial::{PlayerSerial, ViewerSerial, spelled_command};

/// One thing that a client sent or received in a game.
///
/// A game's entries are in the order in which clients recorded them: a client
/// records a command before it sends it, and a message after it has received it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The client's number, unique in its history.
    pub client: u32,
    /// The client's role: one of the players, or a spectator.
    #[serde(with = "ViewerSerial")]
    pub viewer: Viewer,
    /// What the client sent or received.
    #[serde(rename = "what")]
    pub kind: EntryKind,
}

/// What a client can send and receive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The client opened the game, and the server acknowledged it.
    Opened {
        /// The name of player 1.
        host: String,
        /// The name of player 2 if the game opens with both players: against the
        /// computer, or as a rematch.
        guest: Option<String>,
    },
    /// The computer plays this seat, without a client.
    Computer {
        /// The seat.
        #[serde(with = "PlayerSerial")]
        seat: Player,
    },
    /// The client sent a command, for the first time or again.
    Sent {
        /// The number of this attempt; the answer carries the same number.
        attempt: u64,
        /// The id under which the command may be repeated; a command without an
        /// id is sent once.
        id: Option<Box<str>>,
        /// The command.
        #[serde(with = "spelled_command")]
        command: Box<Command>,
    },
    /// A command was acknowledged.
    Accepted {
        /// The attempt that this answers.
        attempt: u64,
        /// The number of the command's last event.
        seq: u64,
        /// The rest of the reply.
        reply: CanonicalJson,
    },
    /// A command was refused.
    Refused {
        /// The attempt that this answers.
        attempt: u64,
        /// The stable name of the reason.
        reason: Box<str>,
    },
    /// The client subscribed and received a view of the game.
    Began {
        /// The number of the last event in the view.
        seq: u64,
        /// The view.
        view: CanonicalJson,
    },
    /// The client resumed its subscription after the last event that it saw.
    Resumed {
        /// The number of that event.
        since: u64,
    },
    /// The client received an event.
    Saw {
        /// The event's number.
        seq: u64,
        /// The event's name.
        name: Box<str>,
        /// The event as the client received it.
        #[serde(rename = "told")]
        event: CanonicalJson,
    },
    /// The client requested a view of the game.
    Viewed {
        /// The number of the last event in the view.
        seq: u64,
        /// The view.
        view: CanonicalJson,
        /// Whether all events had happened by then, so that the view must be that of
        /// the whole log.
        last: bool,
    },
}
