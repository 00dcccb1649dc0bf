//! The subscribers of a topic.

use std::{collections::BTreeMap, sync::Arc};

use super::{config::ChannelConfig, outbox::Outbox};
use crate::protocol::ChannelId;

/// Identifies a subscriber among those of all sockets: a join, or a socket itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SubscriberKey {
    pub(crate) socket: u64,
    pub(crate) channel: ChannelId,
}

/// A subscriber: its client's queue, and its channel's settings.
#[derive(Debug)]
pub(crate) struct Subscriber {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) config: &'static ChannelConfig,
}

/// Subscribers in the order in which their sockets opened, which is roughly their order in memory.
/// A broadcast to very many finds them several times as fast as in random order.
pub(crate) type Subscribers = BTreeMap<SubscriberKey, Subscriber>;
