//! Publish/subscribe: the table of topics and their subscribers, over all sockets, and the
//! delivery of broadcasts.
//!
//! Read in this order: `subscriber`, and the bounded `outbox` in front of its client; `sender`, what
//! one join may send; `shard`, a part of the table with a lock of its own; `delivery`, one broadcast
//! to all subscribers, with its `encodings` and the `wake_batch` that wakes idle sockets;
//! `presence` and `tracking`, the joins present on a topic; `replay_buffer`, the broadcasts that a
//! client may have missed; `broker`, which carries broadcasts to other processes.

pub(crate) mod broker;
mod config;
mod delivery;
mod encodings;
pub(crate) mod outbox;
pub(crate) mod presence;
pub(crate) mod replay_buffer;
pub(crate) mod sender;
mod shard;
mod subscriber;
mod tracking;
mod wake_batch;

use std::{
    hash::{BuildHasher, RandomState},
    mem::take,
    sync::{Arc, OnceLock},
};

use parking_lot::Mutex;
use tokio::runtime::Handle;

pub(crate) use self::{
    config::ChannelConfig,
    delivery::DISCONNECT_EVENT,
    subscriber::{Subscriber, SubscriberKey},
};
use self::{
    delivery::Delivery,
    replay_buffer::{ByteBudget, KeptBroadcast, Resumed},
    shard::{Shard, Topic},
};
use crate::{metrics::Counters, protocol::payload::Body};

/// Locks over the table: enough that broadcasts on different topics seldom contend.
const SHARD_COUNT: usize = 64;

/// The table of topics. A topic is removed when its last client leaves, or some time later if it
/// has a replay buffer.
///
/// A shard stays locked while a broadcast is queued for every subscriber, so all subscribers see
/// the broadcasts of a topic in the same order, and a subscriber gets none after it has left.
#[derive(Debug)]
pub(crate) struct Topics {
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
    budget: ByteBudget,
    counters: Arc<Counters>,
    /// The runtime of the sockets, set by the first subscriber; `wake_batch` uses it.
    runtime: OnceLock<Handle>,
}

impl Topics {
    pub(crate) fn new(counters: Arc<Counters>) -> Self {
        let shards = (0..SHARD_COUNT).map(|_| Mutex::default()).collect();
        Self {
            hasher: RandomState::new(),
            shards,
            budget: ByteBudget::default(),
            counters,
            runtime: OnceLock::new(),
        }
    }

    /// Adds a subscriber, and first queues for it the kept broadcasts after number
    /// `replay_after`, if given.
    ///
    /// The shard is locked throughout, so no broadcast is missed or sent twice. Returns `false`,
    /// and adds no subscriber, if some of those broadcasts are no longer kept.
    #[must_use]
    pub(crate) fn subscribe(
        &self,
        name: &Arc<str>,
        key: SubscriberKey,
        subscriber: Subscriber,
        replay_after: Option<u64>,
    ) -> bool {
        if self.runtime.get().is_none()
            && let Ok(here) = Handle::try_current()
        {
            self.runtime.get_or_init(|| here);
        }
        let mut shard = self.shard(name).lock();
        let topic = shard.topics.entry(Arc::clone(name)).or_default();
        if let Some(replay_buffer) = topic.replay_buffer(subscriber.config, &self.budget)
            && let Some(seq) = replay_after
        {
            let Some(missed) = replay_buffer.after(seq) else {
                shard.release(name);
                return false;
            };
            for kept in missed {
                let (body, encoded) = (kept.payload.clone().into(), take(&mut kept.encoded));
                let mut again = Delivery::replay(name, &kept.event, &body, encoded);
                again.send(key, &subscriber);
                kept.encoded = again.into_encoded();
            }
        }
        topic.subscribers.insert(key, subscriber);
        true
    }

    /// Removes a subscriber, and lets the topic go if it was the last one.
    pub(crate) fn unsubscribe(&self, topic: &str, key: SubscriberKey) {
        let mut shard = self.shard(topic).lock();
        let there = shard.topics.get_mut(topic);
        if there.is_some_and(|there| there.subscribers.remove(&key).is_some()) {
            shard.release(topic);
        }
    }

    /// Returns where a join resumes, given the last number that it has seen.
    ///
    /// A join that has missed more than `max_frames` broadcasts starts after the last one instead.
    pub(crate) fn resume(
        &self,
        name: &Arc<str>,
        config: &ChannelConfig,
        since: Option<u64>,
        max_frames: usize,
    ) -> Resumed {
        let mut shard = self.shard(name).lock();
        let topic = shard.topics.entry(Arc::clone(name)).or_default();
        let resumed = match topic.replay_buffer(config, &self.budget) {
            None => Resumed::default(),
            Some(replay_buffer) => {
                let known = since.filter(|since| {
                    let missed = replay_buffer.after(*since);
                    missed.is_some_and(|missed| missed.len() <= max_frames)
                });
                Resumed {
                    seq: known.unwrap_or(replay_buffer.last()),
                    resumed: known.is_some(),
                }
            }
        };
        // The join may still fail, so the topic counts as abandoned until the join subscribes.
        shard.release(name);
        resumed
    }

    /// Queues an event for every subscriber of the topic but `except`, encoded at most once per
    /// version.
    ///
    /// With a replay buffer the event is numbered first, and kept. Bytes have no field for a
    /// number.
    pub(crate) fn broadcast(
        &self,
        name: &str,
        event: &str,
        body: &Body,
        except: Option<SubscriberKey>,
    ) {
        let mut shard = self.shard(name).lock();
        let Some(topic) = shard.topics.get_mut(name) else {
            return;
        };
        let numbered = match (&mut topic.replay_buffer, body) {
            (Some(replay_buffer), Body::Json(payload)) => replay_buffer.number(payload).ok(),
            _ => None,
        };
        let Some(payload) = numbered else {
            self.deliver(topic, &mut Delivery::new(name, event, body), except);
            return;
        };
        let body = payload.clone().into();
        let mut delivery = Delivery::new(name, event, &body);
        self.deliver(topic, &mut delivery, except);
        let encoded = delivery.into_encoded();
        let event = event.to_owned();
        if let Some(replay_buffer) = &mut topic.replay_buffer {
            replay_buffer.push(KeptBroadcast {
                event,
                payload,
                encoded,
            });
        }
    }

    fn deliver(&self, topic: &Topic, delivery: &mut Delivery<'_>, except: Option<SubscriberKey>) {
        delivery.send_all(&topic.subscribers, except, self.runtime.get());
        self.counters
            .broadcast(delivery.deliveries(), delivery.encodings());
    }

    fn shard(&self, topic: &str) -> &Mutex<Shard> {
        let hash = self.hasher.hash_one(topic) as usize;
        &self.shards[hash % SHARD_COUNT]
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        let shards = self.shards.iter();
        shards.map(|shard| shard.lock().topics.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::outbox::Outbox;
    use super::{
        shard::{MAX_ABANDONED_TOPICS, REPLAY_RETENTION},
        *,
    };
    use crate::protocol::{ChannelId, Serializer, payload::Payload};

    #[test]
    fn the_last_subscriber_removes_the_topic() {
        let topics = Topics::new(Arc::default());
        let topic: Arc<str> = "room:1".into();
        for channel in [1, 2] {
            assert!(topics.subscribe(
                &topic,
                key(channel),
                subscriber(&ChannelConfig::PLAIN),
                None
            ));
        }
        topics.unsubscribe("room:1", key(1));
        assert_eq!(topics.len(), 1);
        topics.unsubscribe("room:1", key(2));
        topics.unsubscribe("room:1", key(2));
        assert_eq!(topics.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_replay_buffer_outlives_its_subscribers_for_a_while() {
        let topics = Topics::new(Arc::default());
        let topic: Arc<str> = "room:1".into();
        let resume = |since| topics.resume(&topic, &WITH_REPLAY, since, 8);
        let start = resume(None).seq;
        assert!(topics.subscribe(&topic, key(1), subscriber(&WITH_REPLAY), Some(start)));
        let body: Body = Payload::new(&()).unwrap().into();
        topics.broadcast(&topic, "said", &body, None);
        topics.unsubscribe(&topic, key(1));
        tokio::time::advance(REPLAY_RETENTION / 2).await;
        assert!(resume(Some(start)).resumed);
        tokio::time::advance(REPLAY_RETENTION).await;
        // A shard drops expired topics when it lets another topic go.
        for number in 0..10_000 {
            let topic: Arc<str> = format!("plain:{number}").into();
            assert!(topics.subscribe(&topic, key(1), subscriber(&ChannelConfig::PLAIN), None));
            topics.unsubscribe(&topic, key(1));
        }
        assert_eq!(topics.len(), 0);
        assert!(!resume(Some(start)).resumed);
    }

    #[tokio::test(start_paused = true)]
    async fn abandoned_topics_are_bounded() {
        let topics = Topics::new(Arc::default());
        for number in 0..2 * SHARD_COUNT * MAX_ABANDONED_TOPICS {
            let topic = format!("room:{number}").into();
            let _ = topics.resume(&topic, &WITH_REPLAY, None, 8);
        }
        assert!(
            topics.len() <= SHARD_COUNT * MAX_ABANDONED_TOPICS,
            "{}",
            topics.len()
        );
    }

    static WITH_REPLAY: ChannelConfig = ChannelConfig {
        intercepts: &[],
        replay: 8,
    };

    fn key(channel: u64) -> SubscriberKey {
        let channel = ChannelId(channel);
        SubscriberKey { socket: 1, channel }
    }

    fn subscriber(config: &'static ChannelConfig) -> Subscriber {
        let outbox = Arc::new(Outbox::new(Serializer::V2, 8, 1024));
        Subscriber { outbox, config }
    }
}
