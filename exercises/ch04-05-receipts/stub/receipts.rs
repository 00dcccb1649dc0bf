//! Deduplication: recently accepted commands by id (idempotency key), so that a repeat changes
//! nothing.

use std::collections::VecDeque;

use islands_core::{Pair, Player};

use crate::command_id::CommandId;
use crate::journal::Batch;

/// Ids remembered per player.
const RECEIPTS_PER_PLAYER: usize = 32;

/// The ids of each player's last accepted commands, each with the number of the command's last
/// event. Replies are not kept: the reply to a repeat is built again from the log.
#[derive(Debug, Default)]
pub(crate) struct Receipts {
    /// Oldest first.
    by_player: Pair<VecDeque<Receipt>>,
}

/// An accepted command and the number of its last event.
#[derive(Debug)]
struct Receipt {
    id: CommandId,
    seq: u64,
}

impl Receipts {
    /// Returns the number of the last event of the command with this id, if it is remembered.
    pub(crate) fn find(&self, by: Player, id: &CommandId) -> Option<u64> {
        your_code!(self, by, id)
    }

    pub(crate) fn add(&mut self, by: Player, id: CommandId, seq: u64) {
        your_code!(self, by, id, seq)
    }

    /// Rebuilds the receipts from a whole log.
    pub(crate) fn of(log: &[Batch]) -> Receipts {
        let mut receipts = Receipts::default();
        let mut seq = 0;
        for batch in log {
            seq += batch.events.len() as u64;
            if let Some(id) = &batch.command_id {
                receipts.add(batch.by, id.clone(), seq);
            }
        }
        receipts
    }
}
