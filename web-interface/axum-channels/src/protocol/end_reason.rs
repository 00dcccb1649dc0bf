//! Why a channel ends.

/// Why a channel ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The client left.
    Left,
    /// A callback stopped the channel.
    Stopped,
    /// A callback stopped the channel with an error, or panicked.
    Failed,
    /// The socket is gone: nothing that is pushed now reaches the client.
    SocketClosed,
}
