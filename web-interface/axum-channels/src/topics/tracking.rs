//! Who is present on a topic: kept beside those who listen, and told to them.

use std::sync::Arc;

use super::{
    Topics,
    delivery::Delivery,
    presence::{Meta, PresenceKey},
    sender::ChannelSender,
};
use crate::protocol::payload::{Payload, PayloadError};

/// How a client is told who is present, and what changes.
const STATE: &str = "presence_state";
const DIFF: &str = "presence_diff";

impl Topics {
    /// Lets a join be present, unless it has ended, and tells everyone on the topic.
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
        let present = topic.present.get_or_insert_default();
        let diff = present.track(sender.key(), key, meta)?.into();
        self.deliver(topic, &mut Delivery::new(sender.topic(), DIFF, &diff), None);
        Ok(())
    }

    /// Ends the presence of a join, if it is present, and tells everyone else.
    pub(crate) fn untrack(&self, sender: &ChannelSender) -> Result<(), PayloadError> {
        let mut shard = self.shard(sender.topic()).lock();
        let Some(topic) = shard.topics.get_mut(sender.topic()) else {
            return Ok(());
        };
        let Some(present) = &mut topic.present else {
            return Ok(());
        };
        let diff = present.untrack(sender.key()).transpose()?;
        if present.is_empty() {
            topic.present = None;
        }
        if let Some(diff) = diff {
            let diff = diff.into();
            self.deliver(topic, &mut Delivery::new(sender.topic(), DIFF, &diff), None);
        }
        shard.let_go(sender.topic());
        Ok(())
    }

    /// Tells a join who is present: no change falls between that and the next `presence_diff`.
    pub(crate) fn push_presence(&self, sender: &ChannelSender) -> Result<(), PayloadError> {
        let shard = self.shard(sender.topic()).lock();
        sender.push(STATE, &shard.presence(sender.topic())?.into());
        Ok(())
    }

    /// Who is present on a topic.
    pub(crate) fn presence(&self, topic: &str) -> Result<Payload, PayloadError> {
        self.shard(topic).lock().presence(topic)
    }
}
