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
    payload::{Body, Payload, PayloadError},
    port::Port,
    presence::{Meta, PresenceKey, Present},
    protocol::{MemberId, Serializer},
    socket::closing::Closing,
};

/// Enough that broadcasts on different topics seldom wait for one another.
const SHARDS: usize = 64;

/// The event that ends the sockets whose id is the topic.
pub(crate) const DISCONNECT: &str = "disconnect";

/// How a client is told who is present, and what changes.
const STATE: &str = "presence_state";
const DIFF: &str = "presence_diff";

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

type Shard = HashMap<Arc<str>, Topic>;

type Subscribers = HashMap<SubscriberKey, Subscriber>;

#[derive(Debug, Default)]
struct Topic {
    subscribers: Subscribers,
    /// In a box, since most topics have nobody present.
    present: Option<Box<Present>>,
}

impl Topic {
    fn is_needed(&self) -> bool {
        !self.subscribers.is_empty() || self.present.is_some()
    }
}

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
            .subscribers
            .insert(key, subscriber);
    }

    /// The last one to leave takes the topic with it.
    pub(crate) fn unsubscribe(&self, topic: &str, key: SubscriberKey) {
        let mut shard = lock(self.shard(topic));
        if let Some(there) = shard.get_mut(topic) {
            there.subscribers.remove(&key);
            if !there.is_needed() {
                shard.remove(topic);
            }
        }
    }

    /// Lets a join be present, unless it has ended, and tells everyone on the topic.
    pub(crate) fn track(
        &self,
        port: &Port,
        key: &PresenceKey,
        meta: Meta,
    ) -> Result<(), PayloadError> {
        let mut shard = lock(self.shard(port.topic()));
        if port.has_ended() {
            return Ok(());
        }
        let topic = shard.entry(Arc::clone(port.shared_topic())).or_default();
        let present = topic.present.get_or_insert_default();
        let diff = present.track(port.key(), key, meta)?.into();
        deliver(&topic.subscribers, port.topic(), DIFF, &diff, None);
        Ok(())
    }

    /// Ends the presence of a join, if it is present, and tells everyone else.
    pub(crate) fn untrack(&self, port: &Port) -> Result<(), PayloadError> {
        let mut shard = lock(self.shard(port.topic()));
        let Some(topic) = shard.get_mut(port.topic()) else {
            return Ok(());
        };
        let Some(present) = &mut topic.present else {
            return Ok(());
        };
        let diff = present.untrack(port.key()).transpose()?;
        if present.is_empty() {
            topic.present = None;
        }
        if let Some(diff) = diff {
            deliver(&topic.subscribers, port.topic(), DIFF, &diff.into(), None);
        }
        if !topic.is_needed() {
            shard.remove(port.topic());
        }
        Ok(())
    }

    /// Tells a join who is present: no change falls between that and the next `presence_diff`.
    pub(crate) fn push_presence(&self, port: &Port) -> Result<(), PayloadError> {
        let shard = lock(self.shard(port.topic()));
        port.push(STATE, &state(&shard, port.topic())?.into());
        Ok(())
    }

    /// Who is present on a topic.
    pub(crate) fn presence(&self, topic: &str) -> Result<Payload, PayloadError> {
        state(&lock(self.shard(topic)), topic)
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
        if let Some(there) = shard.get(topic) {
            deliver(&there.subscribers, topic, event, body, except);
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

fn state(shard: &Shard, topic: &str) -> Result<Payload, PayloadError> {
    match shard.get(topic).and_then(|topic| topic.present.as_ref()) {
        Some(present) => present.state(),
        None => Present::default().state(),
    }
}

/// Queues an event for each of these subscribers.
fn deliver(
    subscribers: &Subscribers,
    topic: &str,
    event: &str,
    body: &Body,
    except: Option<SubscriberKey>,
) {
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
