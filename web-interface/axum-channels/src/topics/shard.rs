//! A shard of the table of topics, behind one lock: subscribers, presence and replay buffers.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use tokio::time::Instant;

use super::{
    config::ChannelConfig,
    presence::PresenceMap,
    replay_buffer::{ByteBudget, ReplayBuffer},
    subscriber::Subscribers,
};
use crate::protocol::payload::{Payload, PayloadError};

/// How long an abandoned topic keeps its replay buffer.
pub(super) const REPLAY_RETENTION: Duration = Duration::from_secs(60);
/// Maximum abandoned topics in a shard.
pub(super) const MAX_ABANDONED_TOPICS: usize = 256;

#[derive(Debug, Default)]
pub(super) struct Shard {
    pub(super) topics: HashMap<Arc<str>, Topic>,
    /// Topics without clients but with a replay buffer, oldest first. A topic that was joined again
    /// may still be listed, and is kept when its entry expires.
    abandoned: VecDeque<(Instant, Arc<str>)>,
}

#[derive(Debug, Default)]
pub(super) struct Topic {
    pub(super) subscribers: Subscribers,
    /// Boxed, like the replay buffer, because most topics have neither.
    pub(super) presence: Option<Box<PresenceMap>>,
    pub(super) replay_buffer: Option<Box<ReplayBuffer>>,
}

impl Shard {
    /// Removes a topic without clients: immediately, or after [`REPLAY_RETENTION`] if it has a
    /// replay buffer.
    pub(super) fn release(&mut self, topic: &str) {
        let Some((name, there)) = self.topics.get_key_value(topic) else {
            return;
        };
        if there.has_clients() {
            return;
        }
        if there.replay_buffer.is_none() {
            self.topics.remove(topic);
        } else {
            let name = Arc::clone(name);
            self.abandoned.retain(|(_, other)| *other != name);
            self.abandoned.push_back((Instant::now(), name));
        }
        while let Some((since, _)) = self.abandoned.front()
            && (since.elapsed() >= REPLAY_RETENTION || self.abandoned.len() > MAX_ABANDONED_TOPICS)
            && let Some((_, name)) = self.abandoned.pop_front()
        {
            if self.topics.get(&name).is_some_and(|it| !it.has_clients()) {
                self.topics.remove(&name);
            }
        }
    }

    /// Returns the presence state of a topic: the payload of a `presence_state`.
    pub(super) fn presence(&self, topic: &str) -> Result<Payload, PayloadError> {
        let topic = self.topics.get(topic);
        match topic.and_then(|topic| topic.presence.as_ref()) {
            Some(present) => present.state(),
            None => PresenceMap::default().state(),
        }
    }
}

impl Topic {
    pub(super) fn has_clients(&self) -> bool {
        !self.subscribers.is_empty() || self.presence.is_some()
    }

    pub(super) fn replay_buffer(
        &mut self,
        config: &ChannelConfig,
        budget: &ByteBudget,
    ) -> Option<&mut ReplayBuffer> {
        if self.replay_buffer.is_none() && config.replay > 0 {
            self.replay_buffer = Some(Box::new(ReplayBuffer::new(config.replay, budget)));
        }
        self.replay_buffer.as_deref_mut()
    }
}
