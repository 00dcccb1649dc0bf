//! A topic pattern and its channel.

use std::sync::Arc;

use super::{channel::Channel, erased::ErasedChannel};
use crate::protocol::Pattern;

/// One route, as declared with [`Channels::channel`](crate::Channels::channel).
pub(crate) struct Route<A> {
    pub(crate) pattern: Pattern,
    pub(crate) channel: Arc<dyn ErasedChannel<A>>,
}

impl<A: Send + Sync + 'static> Route<A> {
    pub(crate) fn new<C: Channel<Assigns = A>>(pattern: &str, channel: C) -> Self {
        Self {
            pattern: Pattern::new(pattern),
            channel: Arc::new(channel),
        }
    }
}
