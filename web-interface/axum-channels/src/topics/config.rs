//! The settings of a channel type that the topics need.

/// Settings shared by all joins of a channel type.
#[derive(Debug)]
pub(crate) struct ChannelConfig {
    /// The events that the channel intercepts before they reach its client.
    pub(crate) intercepts: &'static [&'static str],
    /// Broadcasts in the replay buffer of each topic; 0 for no buffer.
    pub(crate) replay: usize,
}

impl ChannelConfig {
    /// No intercepts and no replay buffer.
    pub(crate) const PLAIN: Self = Self {
        intercepts: &[],
        replay: 0,
    };
}
