//! Why a socket ends, and how that is said to the client.
//!
//! Never with 1000 or 1008 on our own account: stock clients then stay away.

use super::frame::Malformed;

/// Why a socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CloseReason {
    /// The client has said that it goes.
    Client,
    /// The connection is gone.
    Lost,
    BadUtf8,
    TooBig,
    /// The bytes are no WebSocket's.
    NotWebSocket,
    Malformed(Malformed),
    Idle,
    /// The application has said so, by the socket's id.
    Disconnected,
    Drain,
    /// It does not read fast enough.
    Slow,
    /// It sends too fast.
    Flood,
}

impl CloseReason {
    /// Whether frames that wait to be written are to be forgotten: there is nobody to read them, or
    /// nobody who does.
    pub(crate) fn is_abrupt(self) -> bool {
        matches!(self, Self::Client | Self::Lost | Self::Slow)
    }

    /// Whether one message of the client's was at fault, which it may well send again as soon as it
    /// is back.
    pub(crate) fn is_fault(self) -> bool {
        matches!(
            self,
            Self::BadUtf8 | Self::TooBig | Self::NotWebSocket | Self::Malformed(_)
        )
    }

    /// The code and the reason of the close frame; none to a client that is gone.
    pub(crate) fn code_and_reason(self) -> Option<(u16, &'static str)> {
        match self {
            Self::Lost => None,
            Self::Client => Some((1000, "")),
            Self::BadUtf8 => Some((1007, "text must be UTF-8")),
            Self::TooBig => Some((1009, "the frame is too big")),
            Self::NotWebSocket => Some((1002, "not a valid WebSocket frame")),
            Self::Malformed(malformed) => Some((1011, malformed.reason())),
            Self::Idle => Some((1002, "nothing was heard for too long")),
            Self::Disconnected => Some((1001, "disconnected by the server")),
            Self::Drain => Some((1012, "the server is going away, come back soon")),
            Self::Flood => Some((1013, "frames are sent too fast")),
            Self::Slow => Some((1013, "frames are not read fast enough")),
        }
    }
}
