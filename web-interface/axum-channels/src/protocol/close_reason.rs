//! Why a socket closes, with the code and reason of the close frame.
//!
//! The server never closes with 1000 or 1008 by itself: stock clients would not reconnect.

use super::frame::ExpectedFormat;

/// Why a socket closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CloseReason {
    /// The client sent a close frame.
    Client,
    /// The connection is gone.
    Lost,
    BadUtf8,
    TooBig,
    /// The bytes are not a valid WebSocket frame.
    NotWebSocket,
    Malformed(ExpectedFormat),
    Idle,
    /// The application disconnected the socket's id.
    Disconnected,
    Drain,
    /// The client reads too slowly.
    Slow,
    /// The client sends too fast.
    Flood,
}

impl CloseReason {
    /// Whether queued frames are dropped, because the client is gone or does not read.
    pub(crate) fn is_abrupt(self) -> bool {
        matches!(self, Self::Client | Self::Lost | Self::Slow)
    }

    /// Whether a message from the client was at fault. The client may send it again as soon as it
    /// has reconnected.
    pub(crate) fn is_fault(self) -> bool {
        matches!(
            self,
            Self::BadUtf8 | Self::TooBig | Self::NotWebSocket | Self::Malformed(_)
        )
    }

    /// Returns the code and reason of the close frame; `None` if the connection is gone.
    pub(crate) fn code_and_reason(self) -> Option<(u16, &'static str)> {
        match self {
            Self::Lost => None,
            Self::Client => Some((1000, "")),
            Self::BadUtf8 => Some((1007, "text must be UTF-8")),
            Self::TooBig => Some((1009, "the frame is too big")),
            Self::NotWebSocket => Some((1002, "not a valid WebSocket frame")),
            Self::Malformed(expected) => Some((1011, expected.reason())),
            Self::Idle => Some((1002, "nothing was heard for too long")),
            Self::Disconnected => Some((1001, "disconnected by the server")),
            Self::Drain => Some((1012, "the server is going away, come back soon")),
            Self::Flood => Some((1013, "frames are sent too fast")),
            Self::Slow => Some((1013, "frames are not read fast enough")),
        }
    }
}
