//! The results of opening connections (the ramp-up): connecting and joining.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::latency::Latency;
use crate::reasons::Reasons;

/// The results of one worker, or of all.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct OpeningResults {
    /// Connections joined, by topic.
    pub(crate) joined: Vec<u64>,
    pub(crate) failed: Reasons,
    /// From the TCP connect to the end of the WebSocket handshake.
    pub(crate) connect: Latency,
    /// From the end of the handshake to the reply to the join.
    pub(crate) join: Latency,
    /// Connections joined in each second since the opening began.
    pub(crate) by_second: Vec<u64>,
    /// Nanoseconds from the start of the opening until the last connection joined.
    pub(crate) nanos: u64,
    /// Processor time that the workers used for the opening.
    pub(crate) processor_seconds: f64,
}

impl OpeningResults {
    pub(crate) fn new(topics: u64) -> OpeningResults {
        OpeningResults {
            joined: vec![0; topics as usize],
            ..OpeningResults::default()
        }
    }

    /// Counts a connection that has joined, by the times at which it began, was connected, and
    /// joined.
    pub(crate) fn count(&mut self, topic: u64, start: Moment, times: [Moment; 3]) {
        let [begun, connected, now] = times;
        if let Some(joined) = self.joined.get_mut(topic as usize) {
            *joined += 1;
        }
        self.connect.record(connected.since(begun));
        self.join.record(now.since(connected));
        self.nanos = self.nanos.max(now.since(start));
        let second = (now.since(start) / 1_000_000_000) as usize;
        if self.by_second.len() <= second {
            self.by_second.resize(second + 1, 0);
        }
        self.by_second[second] += 1;
    }

    pub(crate) fn add(&mut self, other: &OpeningResults) {
        add_each(&mut self.joined, &other.joined);
        add_each(&mut self.by_second, &other.by_second);
        self.failed.add(&other.failed);
        self.connect.add(&other.connect);
        self.join.add(&other.join);
        self.nanos = self.nanos.max(other.nanos);
        self.processor_seconds += other.processor_seconds;
    }

    pub(crate) fn total(&self) -> u64 {
        self.joined.iter().sum()
    }
}

fn add_each(to: &mut Vec<u64>, from: &[u64]) {
    to.resize(to.len().max(from.len()), 0);
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_workers_have_opened_adds_up_topic_by_topic_and_second_by_second() {
        let at = |millis: u64| Moment::from_nanos(millis * 1_000_000);
        let (mut one, mut other) = (OpeningResults::new(2), OpeningResults::new(2));
        one.count(0, at(0), [at(1), at(2), at(3)]);
        one.count(1, at(0), [at(1), at(2), at(999)]);
        other.count(1, at(0), [at(1), at(2), at(2_500)]);
        one.add(&other);
        assert_eq!(one.joined, [1, 2]);
        assert_eq!(one.by_second, [2, 0, 1]);
        assert_eq!((one.total(), one.nanos), (3, 2_500_000_000));
    }
}
