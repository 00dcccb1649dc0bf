//! How far broadcasts have come on each topic, within one worker.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::mpsc;

/// A broadcast that all of this worker's connections on its topic have received.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Delivered {
    pub(crate) topic: u64,
    pub(crate) seq: u64,
}

/// The delivery of the last broadcast on each topic, also of topics without connections here.
pub(crate) struct DeliveryTracker {
    topics: Vec<Topic>,
    delivered: mpsc::UnboundedSender<Delivered>,
}

#[derive(Default)]
struct Topic {
    local: Mutex<LocalDelivery>,
    /// The first connection to join in this worker.
    publisher: OnceLock<u64>,
    /// Broadcasts below this number have reached every connection, in all workers.
    allowed: AtomicU64,
}

/// The last broadcast, and how many of this worker's connections have received it.
#[derive(Debug, Default)]
struct LocalDelivery {
    joined: u64,
    seq: u64,
    received: u64,
}

impl DeliveryTracker {
    /// Creates `count` topics, which report to `delivered`. The channel is unbounded but stays
    /// short: one broadcast per topic is tracked at a time.
    pub(crate) fn new(count: u64, delivered: mpsc::UnboundedSender<Delivered>) -> DeliveryTracker {
        DeliveryTracker {
            topics: (0..count).map(|_| Topic::default()).collect(),
            delivered,
        }
    }

    /// Adds a connection; returns whether it is the topic's first in this worker.
    pub(crate) fn join(&self, topic: u64, connection: u64) -> bool {
        let topic = &self.topics[topic as usize];
        topic.local.lock().joined += 1;
        topic.publisher.set(connection).is_ok()
    }

    /// Removes a connection, so that delivery no longer waits for it.
    pub(crate) fn leave(&self, topic: u64) {
        let mut local = self.topics[topic as usize].local.lock();
        local.joined = local.joined.saturating_sub(1);
        self.report_if_delivered(topic, &local);
    }

    /// Notes that one connection has received a broadcast.
    pub(crate) fn received(&self, topic: u64, seq: u64) {
        let mut local = self.topics[topic as usize].local.lock();
        if seq > local.seq {
            (local.seq, local.received) = (seq, 0);
        }
        if seq == local.seq {
            local.received += 1;
            self.report_if_delivered(topic, &local);
        }
    }

    fn report_if_delivered(&self, topic: u64, local: &LocalDelivery) {
        if local.received > 0 && local.received >= local.joined {
            // The receiver is gone only when the worker ends.
            let _ = self.delivered.send(Delivered {
                topic,
                seq: local.seq,
            });
        }
    }

    /// Returns the first connection on a topic in this worker.
    pub(crate) fn publisher(&self, topic: u64) -> Option<u64> {
        self.topics.get(topic as usize)?.publisher.get().copied()
    }

    /// Allows the broadcast after this one.
    pub(crate) fn allow_after(&self, topic: u64, seq: u64) {
        if let Some(topic) = self.topics.get(topic as usize) {
            topic.allowed.fetch_max(seq + 1, Ordering::Relaxed);
        }
    }

    /// Returns the highest number that may be broadcast.
    pub(crate) fn allowed(&self, topic: u64) -> u64 {
        self.topics[topic as usize].allowed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broadcast_is_delivered_once_every_remaining_connection_has_it() {
        let (sender, mut reports) = mpsc::unbounded_channel();
        let tracker = DeliveryTracker::new(2, sender);
        assert!(tracker.join(1, 7));
        assert!(!tracker.join(1, 9) && !tracker.join(1, 11));
        assert_eq!(
            (tracker.publisher(1), tracker.publisher(0)),
            (Some(7), None)
        );
        tracker.received(1, 0);
        tracker.received(1, 0);
        assert!(reports.try_recv().is_err());
        tracker.leave(1);
        assert_eq!(reports.try_recv(), Ok(Delivered { topic: 1, seq: 0 }));
        tracker.received(1, 1);
        tracker.received(1, 0);
        assert!(
            reports.try_recv().is_err(),
            "what comes late changes nothing"
        );
        tracker.received(1, 1);
        assert_eq!(reports.try_recv(), Ok(Delivered { topic: 1, seq: 1 }));
    }
}
