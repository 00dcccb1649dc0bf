//! The replay buffer of a topic: its recent broadcasts, for clients that reconnect.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use serde::Serialize;

use super::encodings::Encodings;
use crate::{
    protocol::payload::{Payload, PayloadError},
    random,
};

/// Maximum bytes of payloads in one replay buffer.
const MAX_BYTES: usize = 64 * 1024;
/// Maximum bytes of payloads in all replay buffers of an endpoint.
const MAX_TOTAL_BYTES: usize = 64 * 1024 * 1024;

/// Numbers per millisecond of the wall clock: more than a topic's broadcasts in a millisecond, so
/// that a buffer made two milliseconds after an old one has ended starts above all of its numbers.
const NUMBERS_PER_MILLISECOND: u64 = 1024;

/// Where a join resumes; see [`Context::resume`](crate::Context::resume).
///
/// Encodes as `{"seq": 5, "resumed": true}`, and belongs in the reply to the join.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Resumed {
    /// The number after which the client gets every broadcast.
    pub seq: u64,
    /// Whether the client resumes where it left off. If not, the reply must carry a snapshot.
    pub resumed: bool,
}

/// The replay buffer of a topic, a ring buffer: its last broadcasts, numbered consecutively.
#[derive(Debug)]
pub(crate) struct ReplayBuffer {
    capacity: usize,
    last: u64,
    bytes: usize,
    kept: VecDeque<KeptBroadcast>,
    budget: ByteBudget,
}

/// Counts the bytes kept by all replay buffers of an endpoint. Clones share the count.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByteBudget(Arc<AtomicUsize>);

/// A kept broadcast, with the encodings made so far.
#[derive(Debug)]
pub(crate) struct KeptBroadcast {
    pub(crate) event: String,
    pub(crate) payload: Payload,
    pub(crate) encoded: Encodings,
}

impl ReplayBuffer {
    /// Creates a buffer for `capacity` broadcasts, at least one.
    ///
    /// Numbers start from the wall clock, so that those of an earlier buffer, perhaps in another
    /// process, are not mistaken for numbers of this one.
    pub(crate) fn new(capacity: usize, budget: &ByteBudget) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let milliseconds = now.map_or(0, |now| now.as_millis() as u64);
        Self {
            capacity: capacity.max(1),
            last: start_number(milliseconds, random::number()),
            bytes: 0,
            kept: VecDeque::new(),
            budget: budget.clone(),
        }
    }

    /// The number of the last broadcast.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// Adds the next number to a payload, as the field `seq`.
    pub(crate) fn number(&mut self, payload: &Payload) -> Result<Payload, PayloadError> {
        let payload = payload.with_number("seq", self.last + 1)?;
        self.last += 1;
        Ok(payload)
    }

    /// Appends the broadcast that was just numbered, and evicts the oldest until this buffer is
    /// within its bounds. If all buffers together exceed their bound, evicts every broadcast of
    /// this buffer. Call it once after each successful [`number`](Self::number).
    pub(crate) fn push(&mut self, kept: KeptBroadcast) {
        let ByteBudget(of_all) = self.budget.clone();
        let length = kept.payload.as_str().len();
        self.bytes += length;
        self.kept.push_back(kept);
        let most = match of_all.fetch_add(length, Relaxed) + length {
            ..=MAX_TOTAL_BYTES => MAX_BYTES,
            _ => 0,
        };
        while self.kept.len() > self.capacity || self.bytes > most {
            let Some(oldest) = self.kept.pop_front() else {
                break;
            };
            let length = oldest.payload.as_str().len();
            self.bytes -= length;
            of_all.fetch_sub(length, Relaxed);
        }
    }

    /// Returns the broadcasts after number `seq`, oldest first; `None` if some are no longer kept,
    /// or if `seq` is not a number of this buffer.
    pub(crate) fn after(
        &mut self,
        seq: u64,
    ) -> Option<impl ExactSizeIterator<Item = &mut KeptBroadcast>> {
        let missed = usize::try_from(self.last.checked_sub(seq)?).ok()?;
        let known = self.kept.len().checked_sub(missed)?;
        Some(self.kept.range_mut(known..))
    }
}

/// Returns the number at which a buffer starts that is made at this Unix time. The random part keeps
/// the numbers of two buffers apart that are made in the same millisecond, for instance by two
/// servers.
fn start_number(unix_millis: u64, random: u64) -> u64 {
    unix_millis * NUMBERS_PER_MILLISECOND + random % NUMBERS_PER_MILLISECOND
}

impl Drop for ReplayBuffer {
    fn drop(&mut self) {
        self.budget.0.fetch_sub(self.bytes, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Value, json};

    use super::*;

    fn broadcast(replay_buffer: &mut ReplayBuffer, text: &str) -> u64 {
        let payload = Payload::object(&json!({ "text": text })).unwrap();
        let payload = replay_buffer.number(&payload).unwrap();
        let payload_json: Value = serde_json::from_str(payload.as_str()).unwrap();
        assert_eq!(
            payload_json,
            json!({ "seq": replay_buffer.last(), "text": text })
        );
        replay_buffer.push(KeptBroadcast {
            event: "said".to_owned(),
            payload,
            encoded: Encodings::default(),
        });
        replay_buffer.last()
    }

    fn missed(replay_buffer: &mut ReplayBuffer, since: u64) -> Option<Vec<String>> {
        let texts = replay_buffer.after(since)?.map(|kept| {
            let payload_json: Value = serde_json::from_str(kept.payload.as_str()).unwrap();
            payload_json["text"].as_str().unwrap().to_owned()
        });
        Some(texts.collect())
    }

    #[test]
    fn a_resume_returns_all_missed_broadcasts_or_none() {
        let mut replay_buffer = ReplayBuffer::new(2, &ByteBudget::default());
        let start = replay_buffer.last();
        assert_eq!(missed(&mut replay_buffer, start), Some(vec![]));
        let [a, b, c] = ["a", "b", "c"].map(|text| broadcast(&mut replay_buffer, text));
        assert_eq!([a, b, c], [start + 1, start + 2, start + 3]);
        assert_eq!(missed(&mut replay_buffer, c), Some(vec![]));
        assert_eq!(
            missed(&mut replay_buffer, a),
            Some(vec!["b".into(), "c".into()])
        );
        assert_eq!(missed(&mut replay_buffer, start), None, "the first is gone");
        assert_eq!(
            missed(&mut replay_buffer, c + 1),
            None,
            "not of this replay buffer"
        );
        assert_eq!(missed(&mut replay_buffer, 0), None);
    }

    #[test]
    fn a_replay_buffer_is_bounded_in_bytes() {
        let mut replay_buffer = ReplayBuffer::new(1000, &ByteBudget::default());
        let long = "x".repeat(MAX_BYTES / 4);
        let seqs = [(); 5].map(|()| broadcast(&mut replay_buffer, &long));
        assert_eq!(missed(&mut replay_buffer, seqs[0]), None);
        assert_eq!(
            missed(&mut replay_buffer, seqs[1]).map(|it| it.len()),
            Some(3)
        );
        let longest = "x".repeat(MAX_BYTES + 1);
        let last = broadcast(&mut replay_buffer, &longest);
        assert_eq!(missed(&mut replay_buffer, last - 1), None);
        assert_eq!(missed(&mut replay_buffer, last), Some(vec![]));
    }

    #[test]
    fn all_replay_buffers_together_are_bounded() {
        let budget = ByteBudget::default();
        let long = "x".repeat(MAX_BYTES / 2);
        let full = MAX_TOTAL_BYTES / long.len();
        let mut replay_buffers: Vec<_> =
            (0..=full).map(|_| ReplayBuffer::new(1, &budget)).collect();
        let seqs: Vec<_> = replay_buffers
            .iter_mut()
            .map(|it| broadcast(it, &long))
            .collect();
        let kept = |replay_buffer: &mut ReplayBuffer, seq| missed(replay_buffer, seq - 1).is_some();
        assert!(kept(&mut replay_buffers[0], seqs[0]));
        assert!(
            !kept(&mut replay_buffers[full], seqs[full]),
            "the last found no room"
        );
        drop(replay_buffers.remove(0));
        drop(replay_buffers.remove(0));
        let last = replay_buffers.last_mut().unwrap();
        let seq = broadcast(last, &long);
        assert!(kept(last, seq));
        drop(replay_buffers);
        assert_eq!(budget.0.load(Relaxed), 0);
    }

    #[test]
    fn a_new_replay_buffer_starts_above_the_numbers_of_an_old_one() {
        let (now, random) = (1_735_689_600_000, NUMBERS_PER_MILLISECOND - 1);
        let last_of_old = start_number(now, random) + NUMBERS_PER_MILLISECOND;
        assert!(start_number(now + 2, 0) > last_of_old);
    }

    #[test]
    fn replay_buffers_made_in_the_same_millisecond_differ_by_their_random_part() {
        assert_ne!(start_number(7, 0), start_number(7, 1));
        assert_eq!(start_number(7, NUMBERS_PER_MILLISECOND), start_number(7, 0));
        let random_part = |_| {
            let replay_buffer = ReplayBuffer::new(1, &ByteBudget::default());
            replay_buffer.last() % NUMBERS_PER_MILLISECOND
        };
        // By chance they would all be equal once in 1024 to the 99th power.
        let random_parts: HashSet<_> = (0..100).map(random_part).collect();
        assert!(random_parts.len() > 1);
    }

    #[test]
    fn numbers_start_from_the_wall_clock_and_are_exact_in_javascript() {
        let unix_millis = || {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            now.as_millis() as u64
        };
        let before = unix_millis();
        let replay_buffer = ReplayBuffer::new(1, &ByteBudget::default());
        let start = replay_buffer.last() / NUMBERS_PER_MILLISECOND;
        assert!((before..=unix_millis()).contains(&start));
        assert!(replay_buffer.last() < (1 << 53));
    }

    #[test]
    fn an_empty_payload_is_numbered_as_well() {
        let mut replay_buffer = ReplayBuffer::new(1, &ByteBudget::default());
        let payload = replay_buffer.number(&Payload::new(&()).unwrap()).unwrap();
        assert_eq!(
            payload.as_str(),
            format!(r#"{{"seq":{}}}"#, replay_buffer.last())
        );
    }
}
