//! The log of a game as it comes out of the file, held against its head.

use islands_core::GameId;

use super::head::Head;
use crate::journal::record::{self, Place};
use crate::journal::{Batch, LoadError, to_millis};

/// The batches of a game, read in order. They have to follow one another without
/// a hole in the numbers of their events, and to end where the head says.
pub(super) struct Log {
    game: GameId,
    after: u64,
    /// The number of the last event read, or of the last one that was not asked for.
    known: u64,
    batches: Vec<Batch>,
}

impl Log {
    /// The log of a game from the batch on that holds the event after this one.
    pub(super) fn new(game: GameId, after: u64) -> Log {
        Log {
            game,
            after,
            known: after,
            batches: Vec::new(),
        }
    }

    /// Takes the next row: the number of its last event, and its record.
    pub(super) fn add(&mut self, last: u64, record: &[u8]) -> Result<(), LoadError> {
        let place = self.place(last);
        let batch = record::decode(place, record)?;
        let before = last.checked_sub(batch.events.len() as u64);
        let follows = match before {
            // The first batch that is asked for may begin before that.
            Some(before) if self.batches.is_empty() => before <= self.known,
            Some(before) => before == self.known,
            None => false,
        };
        if !follows {
            let what = format!("what is before it does not end with event {}", self.known);
            return Err(place.damaged(&what));
        }
        self.known = last;
        self.batches.push(batch);
        Ok(())
    }

    /// Whether the head can be told from the rows that were read: without any it
    /// takes a look at those that were not asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// The batches, now that all rows were read. `head` is the game's own, or an
    /// error if it is there and cannot be read.
    pub(super) fn end(self, head: Option<Option<Head>>) -> Result<Vec<Batch>, LoadError> {
        let known = self.place(self.known);
        let Some(head) = head else {
            return match self.batches.is_empty() {
                true => Ok(self.batches),
                false => Err(known.damaged("the game has no head")),
            };
        };
        let head =
            head.ok_or_else(|| known.damaged("the checksum of the game's head is another one"))?;
        let Some(batch) = self.batches.last() else {
            // All of them were known to who asks.
            return match head.last <= self.after {
                true => Ok(self.batches),
                false => Err(self.place(head.last).damaged("it is not there")),
            };
        };
        if head.last != self.known {
            let what = format!("the head of the game says {}", head.last);
            return Err(known.damaged(&format!("it is the last one, and {what}")));
        }
        if head.at != to_millis(batch.at) {
            return Err(known.damaged("the head of the game has another time"));
        }
        Ok(self.batches)
    }

    /// The batches, of which the last one is known to end with this event.
    pub(super) fn end_at(self, last: u64) -> Result<Vec<Batch>, LoadError> {
        let at = self.batches.last().map_or(0, |batch| to_millis(batch.at));
        self.end(Some(Some(Head { last, at })))
    }

    fn place(&self, last: u64) -> Place {
        Place {
            game: self.game,
            last,
        }
    }
}
