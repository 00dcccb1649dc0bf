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

/// All topics, whether or not this worker has connections on them.
pub(crate) struct Topics {
    topics: Vec<Topic>,
    delivered: mpsc::UnboundedSender<Delivered>,
}

#[derive(Default)]
struct Topic {
    here: Mutex<LocalDelivery>,
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
    had: u64,
}

impl Topics {
    /// Creates `count` topics, which report to `delivered`. The channel is unbounded but stays
    /// short: one broadcast per topic is tracked at a time.
    pub(crate) fn new(count: u64, delivered: mpsc::UnboundedSender<Delivered>) -> Topics {
        Topics {
            topics: (0..count).map(|_| Topic::default()).collect(),
            delivered,
        }
    }

    /// Adds a connection; returns whether it is the topic's first in this worker.
    pub(crate) fn join(&self, topic: u64, connection: u64) -> bool {
        let topic = &self.topics[topic as usize];
        topic.here.lock().joined += 1;
        topic.publisher.set(connection).is_ok()
    }

    /// Removes a connection, so that delivery no longer waits for it.
    pub(crate) fn leave(&self, topic: u64) {
        let mut here = self.topics[topic as usize].here.lock();
        here.joined = here.joined.saturating_sub(1);
        self.tell(topic, &here);
    }

    /// Notes that one connection has received a broadcast.
    pub(crate) fn had(&self, topic: u64, seq: u64) {
        let mut here = self.topics[topic as usize].here.lock();
        if seq > here.seq {
            (here.seq, here.had) = (seq, 0);
        }
        if seq == here.seq {
            here.had += 1;
            self.tell(topic, &here);
        }
    }

    fn tell(&self, topic: u64, here: &LocalDelivery) {
        if here.had > 0 && here.had >= here.joined {
            // The receiver is gone only when the worker ends.
            let _ = self.delivered.send(Delivered {
                topic,
                seq: here.seq,
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
    fn a_broadcast_is_delivered_when_the_last_connection_that_is_left_has_it() {
        let (tell, mut told) = mpsc::unbounded_channel();
        let topics = Topics::new(2, tell);
        assert!(topics.join(1, 7));
        assert!(!topics.join(1, 9) && !topics.join(1, 11));
        assert_eq!((topics.publisher(1), topics.publisher(0)), (Some(7), None));
        topics.had(1, 0);
        topics.had(1, 0);
        assert!(told.try_recv().is_err());
        topics.leave(1);
        assert_eq!(told.try_recv(), Ok(Delivered { topic: 1, seq: 0 }));
        topics.had(1, 1);
        topics.had(1, 0);
        assert!(told.try_recv().is_err(), "what comes late changes nothing");
        topics.had(1, 1);
        assert_eq!(told.try_recv(), Ok(Delivered { topic: 1, seq: 1 }));
    }
}
