//! What connections count and measure while they work.

use serde::{Deserialize, Serialize};

use crate::latency::Latency;
use crate::reasons::Reasons;

/// The counts and latencies of some connections, or of all.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Stats {
    /// Connections lost before the end of the run, by reason.
    pub(crate) lost: Reasons,
    pub(crate) heartbeats: u64,
    pub(crate) heartbeats_answered: u64,
    /// Events pushed.
    pub(crate) pushed: u64,
    /// Replies, or deliveries of broadcasts, expected.
    pub(crate) expected: u64,
    /// Replies or deliveries received, without duplicates.
    pub(crate) received: u64,
    /// Deliveries, or replies with status `ok`, that came in the measured time.
    pub(crate) measured: u64,
    /// Duplicate deliveries: the connection already had the broadcast.
    pub(crate) duplicates: u64,
    /// Replies with a status other than `ok`.
    pub(crate) errors: Reasons,
    /// From a push's due time to its reply or to each delivery, for pushes due in the measured
    /// time.
    pub(crate) latency: Latency,
    /// From a push's due time to its sending, likewise.
    pub(crate) late: Latency,
    /// The arrivals of each broadcast, by topic and then by number.
    pub(crate) arrivals: Vec<Vec<Arrivals>>,
}

/// How one broadcast arrived.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Arrivals {
    pub(crate) count: u64,
    /// Nanoseconds from the due time to the last delivery.
    pub(crate) last: u64,
}

impl Stats {
    /// Counts a delivery of a broadcast, `nanos` after it was due.
    pub(crate) fn count_delivery(&mut self, topic: u64, seq: u64, nanos: u64) {
        self.latency.record(nanos);
        let arrivals = self.arrivals(topic as usize, seq as usize);
        arrivals.count += 1;
        arrivals.last = arrivals.last.max(nanos);
    }

    pub(crate) fn add(&mut self, other: &Stats) {
        self.lost.add(&other.lost);
        self.heartbeats += other.heartbeats;
        self.heartbeats_answered += other.heartbeats_answered;
        self.pushed += other.pushed;
        self.expected += other.expected;
        self.received += other.received;
        self.measured += other.measured;
        self.duplicates += other.duplicates;
        self.errors.add(&other.errors);
        self.latency.add(&other.latency);
        self.late.add(&other.late);
        for (topic, all) in other.arrivals.iter().enumerate() {
            for (seq, other) in all.iter().enumerate() {
                let ours = self.arrivals(topic, seq);
                ours.count += other.count;
                ours.last = ours.last.max(other.last);
            }
        }
    }

    /// Returns the time to the last delivery of each broadcast that arrived at all.
    pub(crate) fn last_deliveries(&self) -> Latency {
        let mut last_deliveries = Latency::default();
        let came = self.arrivals.iter().flatten().filter(|it| it.count > 0);
        came.for_each(|it| last_deliveries.record(it.last));
        last_deliveries
    }

    fn arrivals(&mut self, topic: usize, seq: usize) -> &mut Arrivals {
        if self.arrivals.len() <= topic {
            self.arrivals.resize(topic + 1, Vec::new());
        }
        let all = &mut self.arrivals[topic];
        if all.len() <= seq {
            all.resize(seq + 1, Arrivals::default());
        }
        &mut all[seq]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broadcast_counts_the_deliveries_of_all_workers() {
        let (mut one, mut other) = (Stats::default(), Stats::default());
        one.count_delivery(1, 3, 5_000_000);
        one.count_delivery(1, 3, 9_000_000);
        other.count_delivery(1, 3, 7_000_000);
        other.count_delivery(0, 0, 1_000_000);
        one.add(&other);
        let third = Arrivals {
            count: 3,
            last: 9_000_000,
        };
        assert_eq!(one.arrivals[1][3], third);
        assert_eq!(one.latency.count(), 4);
        assert_eq!(
            one.last_deliveries().count(),
            2,
            "those that never came are none"
        );
    }
}
