//! Why a channel ends, as `terminate` gets it.

/// Why a channel ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The client left.
    Left,
    /// A callback stopped the channel.
    Stopped,
    /// A callback stopped the channel with an error, or panicked.
    Failed,
    /// The socket has closed: pushes no longer reach the client.
    SocketClosed,
}
