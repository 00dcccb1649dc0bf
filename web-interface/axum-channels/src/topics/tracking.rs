//! Who is present on a topic: kept beside those who listen, and told to them.

use std::sync::Arc;

use super::{
    Topics,
    delivery::Delivery,
    port::Port,
    presence::{Meta, PresenceKey},
};
use crate::protocol::payload::{Payload, PayloadError};

/// How a client is told who is present, and what changes.
const STATE: &str = "presence_state";
const DIFF: &str = "presence_diff";

impl Topics {
    /// Lets a join be present, unless it has ended, and tells everyone on the topic.
    pub(crate) fn track(
        &self,
        port: &Port,
        key: &PresenceKey,
        meta: Meta,
    ) -> Result<(), PayloadError> {
        let mut shard = self.shard(port.topic()).lock();
        if port.has_ended() {
            return Ok(());
        }
        let name = Arc::clone(port.shared_topic());
        let topic = shard.topics.entry(name).or_default();
        let present = topic.present.get_or_insert_default();
        let diff = present.track(port.key(), key, meta)?.into();
        self.deliver(topic, &mut Delivery::new(port.topic(), DIFF, &diff), None);
        Ok(())
    }

    /// Ends the presence of a join, if it is present, and tells everyone else.
    pub(crate) fn untrack(&self, port: &Port) -> Result<(), PayloadError> {
        let mut shard = self.shard(port.topic()).lock();
        let Some(topic) = shard.topics.get_mut(port.topic()) else {
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
            let diff = diff.into();
            self.deliver(topic, &mut Delivery::new(port.topic(), DIFF, &diff), None);
        }
        shard.let_go(port.topic());
        Ok(())
    }

    /// Tells a join who is present: no change falls between that and the next `presence_diff`.
    pub(crate) fn push_presence(&self, port: &Port) -> Result<(), PayloadError> {
        let shard = self.shard(port.topic()).lock();
        port.push(STATE, &shard.presence(port.topic())?.into());
        Ok(())
    }

    /// Who is present on a topic.
    pub(crate) fn presence(&self, topic: &str) -> Result<Payload, PayloadError> {
        self.shard(topic).lock().presence(topic)
    }
}
