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
    /// A player without any takes no room for them.
    by_player: Pair<Option<Box<Recent>>>,
}

/// The commands of one player that were accepted last, the latest at the end.
#[derive(Debug, Default)]
struct Recent {
    /// A mark of each id, beside them: hardly a command is a repeat, and these
    /// few bytes tell.
    marks: VecDeque<u32>,
    receipts: VecDeque<Receipt>,
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
        let Recent { marks, receipts } = self.by_player[by].as_deref()?;
        let mark = id.mark();
        let mut latest_first = marks.iter().zip(receipts).rev();
        let found = latest_first.find(|(its, receipt)| **its == mark && receipt.id == *id);
        found.map(|(_, receipt)| receipt.seq)
    }

    pub(crate) fn add(&mut self, by: Player, id: CommandId, seq: u64) {
        let recent = self.by_player[by].get_or_insert_default();
        let Recent { marks, receipts } = &mut **recent;
        if receipts.len() == REMEMBERED {
            marks.pop_front();
            receipts.pop_front();
        }
        marks.push_back(id.mark());
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
