//! Who listens to which topic, over all sockets.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex},
};

use tokio_tungstenite::tungstenite::Message;

use crate::{
    lock::lock,
    outbox::{Broadcast, Outbox},
    payload::Body,
    protocol::{MemberId, Serializer},
    socket::closing::Closing,
};

/// Enough that broadcasts on different topics seldom wait for one another.
const SHARDS: usize = 64;

/// The event that ends the sockets whose id is the topic.
pub(crate) const DISCONNECT: &str = "disconnect";

/// A join, or a socket itself, among those of all sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SubscriberKey {
    pub(crate) socket: u64,
    pub(crate) member: MemberId,
}

/// The table of topics. Those that nobody has joined are not in it.
///
/// A shard stays locked while a broadcast is queued for each subscriber, so that all of them see
/// the broadcasts of a topic in one order, and one that has left sees no more.
#[derive(Debug)]
pub(crate) struct Topics {
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
}

type Shard = HashMap<Arc<str>, HashMap<SubscriberKey, Subscriber>>;

#[derive(Debug)]
struct Subscriber {
    outbox: Arc<Outbox>,
    intercepts: &'static [&'static str],
}

impl Default for Topics {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self {
            hasher: RandomState::new(),
            shards,
        }
    }
}

impl Topics {
    pub(crate) fn subscribe(
        &self,
        topic: &Arc<str>,
        key: SubscriberKey,
        outbox: &Arc<Outbox>,
        intercepts: &'static [&'static str],
    ) {
        let subscriber = Subscriber {
            outbox: Arc::clone(outbox),
            intercepts,
        };
        let mut shard = lock(self.shard(topic));
        shard
            .entry(Arc::clone(topic))
            .or_default()
            .insert(key, subscriber);
    }

    /// The last one to leave takes the topic with it.
    pub(crate) fn unsubscribe(&self, topic: &str, key: SubscriberKey) {
        let mut shard = lock(self.shard(topic));
        if let Some(subscribers) = shard.get_mut(topic) {
            subscribers.remove(&key);
            if subscribers.is_empty() {
                shard.remove(topic);
            }
        }
    }

    /// Queues an event for everyone on the topic but `except`, encoded at most once for each
    /// version. Bytes are not for clients of version 1, which has no form for them.
    pub(crate) fn broadcast(
        &self,
        topic: &str,
        event: &str,
        body: &Body,
        except: Option<SubscriberKey>,
    ) {
        let shard = lock(self.shard(topic));
        let Some(subscribers) = shard.get(topic) else {
            return;
        };
        let mut encoded: [Option<Option<Message>>; Serializer::COUNT] = Default::default();
        let mut whole: Option<Arc<Broadcast>> = None;
        for (key, subscriber) in subscribers {
            if Some(*key) == except {
                continue;
            }
            if key.member == MemberId::SOCKET {
                if event == DISCONNECT {
                    subscriber.outbox.close(Closing::Disconnected);
                }
            } else if subscriber.intercepts.contains(&event) {
                let whole = whole.get_or_insert_with(|| {
                    Arc::new(Broadcast {
                        event: event.to_owned(),
                        body: body.clone(),
                    })
                });
                subscriber.outbox.intercept(key.member, whole);
            } else {
                let serializer = subscriber.outbox.serializer();
                let encode = || serializer.broadcast(topic, event, body.content());
                if let Some(frame) = encoded[serializer as usize].get_or_insert_with(encode) {
                    subscriber.outbox.send(frame.clone());
                }
            }
        }
    }

    fn shard(&self, topic: &str) -> &Mutex<Shard> {
        let hash = self.hasher.hash_one(topic) as usize;
        &self.shards[hash % SHARDS]
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_to_leave_takes_the_topic_along() {
        let topics = Topics::default();
        let outbox = Arc::new(Outbox::new(Serializer::V2, 8, 1024));
        let topic: Arc<str> = "room:1".into();
        let key = |member| SubscriberKey {
            socket: 1,
            member: MemberId(member),
        };
        topics.subscribe(&topic, key(1), &outbox, &[]);
        topics.subscribe(&topic, key(2), &outbox, &[]);
        topics.unsubscribe("room:1", key(1));
        assert_eq!(topics.len(), 1);
        topics.unsubscribe("room:1", key(2));
        topics.unsubscribe("room:1", key(2));
        assert_eq!(topics.len(), 0);
    }
}
