//! The ids of the commands that were accepted last, so that a repeat is known.

use std::collections::VecDeque;

use islands_core::{Pair, Player};

use crate::command_id::CommandId;
use crate::journal::Batch;

/// How many ids of each player a game remembers.
const REMEMBERED: usize = 32;

/// For each player, the last ids and where in the log their events are. What was
/// replied is not kept: it can be told again from the log.
#[derive(Debug, Default)]
pub(crate) struct Receipts {
    /// The latest at the end.
    by_player: Pair<VecDeque<Receipt>>,
}

/// A command that was accepted, by the number of its last event.
#[derive(Debug)]
struct Receipt {
    id: CommandId,
    seq: u64,
}

impl Receipts {
    /// The number of the last event of the command with this id.
    pub(crate) fn find(&self, by: Player, id: &CommandId) -> Option<u64> {
        let mut latest_first = self.by_player[by].iter().rev();
        let found = latest_first.find(|receipt| receipt.id == *id);
        found.map(|receipt| receipt.seq)
    }

    pub(crate) fn add(&mut self, by: Player, id: CommandId, seq: u64) {
        let receipts = &mut self.by_player[by];
        if receipts.len() == REMEMBERED {
            receipts.pop_front();
        }
        receipts.push_back(Receipt { id, seq });
    }

    /// Remembers what a log tells of, from its first batch on.
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
