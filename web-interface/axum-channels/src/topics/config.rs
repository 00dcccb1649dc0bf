//! What topics need to know of the channel that answers for them.

/// What holds for all joins of a channel's type.
#[derive(Debug)]
pub(crate) struct ChannelConfig {
    /// The broadcasts that its channel sees before its client does.
    pub(crate) intercepts: &'static [&'static str],
    /// How many broadcasts its topics keep for those who come back.
    pub(crate) replay: usize,
}

impl ChannelConfig {
    /// Nothing special.
    pub(crate) const PLAIN: Self = Self {
        intercepts: &[],
        replay: 0,
    };
}
