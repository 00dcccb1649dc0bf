//! Who listens to a topic.

use std::{collections::BTreeMap, sync::Arc};

use super::{config::ChannelConfig, outbox::Outbox};
use crate::protocol::MemberId;

/// A join, or a socket itself, among those of all sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SubscriberKey {
    pub(crate) socket: u64,
    pub(crate) member: MemberId,
}

/// Someone who listens to a topic.
#[derive(Debug)]
pub(crate) struct Subscriber {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) config: &'static ChannelConfig,
}

/// In the order in which their sockets were opened, which is more or less where they lie in memory:
/// a broadcast to very many finds them several times as fast as in an order that is none.
pub(crate) type Subscribers = BTreeMap<SubscriberKey, Subscriber>;
