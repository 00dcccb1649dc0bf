//! A journal's batch, as plain data.

use islands_core::{Event, Player};

/// The events of one command.
///
/// A log is a list of batches; its events are numbered from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The player that sent the command.
    pub by: Player,
    /// The command's id, chosen by its sender or drawn by the server.
    pub command_id: Option<String>,
    /// The command's events.
    pub events: Vec<Event>,
}

impl Batch {
    /// Creates a batch of this player's command with this id.
    pub fn new(by: Player, command_id: Option<&str>, events: Vec<Event>) -> Batch {
        Batch {
            by,
            command_id: command_id.map(str::to_owned),
            events,
        }
    }
}
