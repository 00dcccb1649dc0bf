//! What a journal keeps, as plain data.

use islands_core::{Event, Player};

/// The events that one command made happen. A log is a list of these; events are
/// numbered through it from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Who sent the command.
    pub by: Player,
    /// The command's id, its sender's or one that the server drew.
    pub command_id: Option<String>,
    /// What it made happen.
    pub events: Vec<Event>,
}

impl Batch {
    /// These events, by this player's command of this id.
    pub fn new(by: Player, command_id: Option<&str>, events: Vec<Event>) -> Batch {
        Batch {
            by,
            command_id: command_id.map(str::to_owned),
            events,
        }
    }
}
