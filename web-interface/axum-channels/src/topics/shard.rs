//! Some of the topics, behind one lock: who listens to each, who is present, and what is kept.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use tokio::time::Instant;

use super::{
    config::ChannelConfig,
    presence::PresenceMap,
    replay::{Budget, Ring},
    subscriber::Subscribers,
};
use crate::protocol::payload::{Payload, PayloadError};

/// How long a topic that everyone has left keeps its broadcasts for those who come back, and how
/// many such topics a shard has at most.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(60);
pub(super) const MAX_ABANDONED: usize = 256;

#[derive(Debug, Default)]
pub(super) struct Shard {
    pub(super) topics: HashMap<Arc<str>, Topic>,
    /// Topics that everyone has left and that keep broadcasts, the oldest first. One that someone
    /// has joined since is found to be needed when its time has come.
    abandoned: VecDeque<(Instant, Arc<str>)>,
}

#[derive(Debug, Default)]
pub(super) struct Topic {
    pub(super) subscribers: Subscribers,
    /// In boxes, since most topics have nobody present and keep nothing.
    pub(super) present: Option<Box<PresenceMap>>,
    pub(super) ring: Option<Box<Ring>>,
}

impl Shard {
    /// Forgets a topic that everyone has left: at once, or after a while if it keeps broadcasts.
    pub(super) fn let_go(&mut self, topic: &str) {
        let Some((name, there)) = self.topics.get_key_value(topic) else {
            return;
        };
        if there.is_joined() {
            return;
        }
        if there.ring.is_none() {
            self.topics.remove(topic);
        } else {
            let name = Arc::clone(name);
            self.abandoned.retain(|(_, other)| *other != name);
            self.abandoned.push_back((Instant::now(), name));
        }
        while let Some((since, _)) = self.abandoned.front()
            && (since.elapsed() >= KEPT_FOR || self.abandoned.len() > MAX_ABANDONED)
            && let Some((_, name)) = self.abandoned.pop_front()
        {
            if self.topics.get(&name).is_some_and(|it| !it.is_joined()) {
                self.topics.remove(&name);
            }
        }
    }

    /// Who is present on a topic: what a `presence_state` says.
    pub(super) fn presence(&self, topic: &str) -> Result<Payload, PayloadError> {
        let topic = self.topics.get(topic);
        match topic.and_then(|topic| topic.present.as_ref()) {
            Some(present) => present.state(),
            None => PresenceMap::default().state(),
        }
    }
}

impl Topic {
    pub(super) fn is_joined(&self) -> bool {
        !self.subscribers.is_empty() || self.present.is_some()
    }

    pub(super) fn ring(&mut self, config: &ChannelConfig, budget: &Budget) -> Option<&mut Ring> {
        if self.ring.is_none() && config.replay > 0 {
            self.ring = Some(Box::new(Ring::new(config.replay, budget)));
        }
        self.ring.as_deref_mut()
    }
}
