//! Written by `cargo x generate`; changes here are lost.
//!
//! Publish/subscribe: the table of topics and their subscribers, over all sockets, and the
//! delivery of broadcasts.
//!
//! Read in this order: `subscriber`, and the bounded `outbox` in front of its client; `sender`, what
//! one join may send; `shard`, a part of the table with a lock of its own; `delivery`, one broadcast
//! to all subscribers, with its `encodings` and the `wake_batch` that wakes idle sockets;
//! `presence` and `tracking`, the joins present on a topic; `replay_buffer`, the broadcasts that a
//! client may have missed; `broker`, which carries broadcasts to other processes.

#[path = "../../../../web-interface/axum-channels/src/topics/broker.rs"]
pub(crate) mod broker;
#[path = "../../../../web-interface/axum-channels/src/topics/config.rs"]
mod config;
#[path = "../../../../web-interface/axum-channels/src/topics/delivery.rs"]
mod delivery;
#[path = "../../../../web-interface/axum-channels/src/topics/encodings.rs"]
mod encodings;
#[path = "../../../../web-interface/axum-channels/src/topics/outbox.rs"]
pub(crate) mod outbox;
#[path = "../../presence.rs"]
pub(crate) mod presence;
#[path = "../../../../web-interface/axum-channels/src/topics/replay_buffer.rs"]
pub(crate) mod replay_buffer;
#[path = "../../../../web-interface/axum-channels/src/topics/sender.rs"]
pub(crate) mod sender;
#[path = "../../../../web-interface/axum-channels/src/topics/shard.rs"]
mod shard;
#[path = "../../../../web-interface/axum-channels/src/topics/subscriber.rs"]
mod subscriber;
#[path = "../../../../web-interface/axum-channels/src/topics/tracking.rs"]
mod tracking;
#[path = "../../../../web-interface/axum-channels/src/topics/wake_batch.rs"]
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
