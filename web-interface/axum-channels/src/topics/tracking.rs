//! Presence operations on the table of topics, and their broadcasts.

use std::sync::Arc;

use super::{
    Topics,
    delivery::Delivery,
    presence::{Meta, PresenceKey},
    sender::ChannelSender,
};
use crate::protocol::payload::{Payload, PayloadError};

/// The events that carry the presence state, and a change of it.
const PRESENCE_STATE: &str = "presence_state";
const PRESENCE_DIFF: &str = "presence_diff";

impl Topics {
    /// Makes a join present, unless it has ended, and broadcasts the change.
    pub(crate) fn track(
        &self,
        sender: &ChannelSender,
        key: &PresenceKey,
        meta: Meta,
    ) -> Result<(), PayloadError> {
        let mut shard = self.shard(sender.topic()).lock();
        if sender.has_ended() {
            return Ok(());
        }
        let name = Arc::clone(sender.shared_topic());
        let topic = shard.topics.entry(name).or_default();
        let present = topic.presence.get_or_insert_default();
        let diff = present.track(sender.key(), key, meta)?.into();
        self.deliver(
            topic,
            &mut Delivery::new(sender.topic(), PRESENCE_DIFF, &diff),
            None,
        );
        Ok(())
    }

    /// Ends the presence of a join, if it is present, and broadcasts the change.
    pub(crate) fn untrack(&self, sender: &ChannelSender) -> Result<(), PayloadError> {
        let mut shard = self.shard(sender.topic()).lock();
        let Some(topic) = shard.topics.get_mut(sender.topic()) else {
            return Ok(());
        };
        let Some(present) = &mut topic.presence else {
            return Ok(());
        };
        let diff = present.untrack(sender.key()).transpose()?;
        if present.is_empty() {
            topic.presence = None;
        }
        if let Some(diff) = diff {
            let diff = diff.into();
            self.deliver(
                topic,
                &mut Delivery::new(sender.topic(), PRESENCE_DIFF, &diff),
                None,
            );
        }
        shard.release(sender.topic());
        Ok(())
    }

    /// Pushes the presence state to a join. The lock is held, so that no change is missed before
    /// the next `presence_diff`.
    pub(crate) fn push_presence(&self, sender: &ChannelSender) -> Result<(), PayloadError> {
        let shard = self.shard(sender.topic()).lock();
        sender.push(PRESENCE_STATE, &shard.presence(sender.topic())?.into());
        Ok(())
    }

    /// Returns the presence state of a topic.
    pub(crate) fn presence(&self, topic: &str) -> Result<Payload, PayloadError> {
        self.shard(topic).lock().presence(topic)
    }
}
