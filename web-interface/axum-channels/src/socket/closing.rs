//! Why a socket ends, and how that is said to the client.
//!
//! Never with 1000 or 1008 on our own account: stock clients then stay away.

use tokio_tungstenite::tungstenite::{
    Error, Utf8Bytes,
    error::ProtocolError,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::protocol::frame::Malformed;

/// Why a socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
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

impl Closing {
    /// What a failed read says about the client.
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::Utf8(_) => Self::BadUtf8,
            Error::Capacity(_) => Self::TooBig,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Self::Lost,
            Error::Protocol(_) => Self::NotWebSocket,
            _ => Self::Lost,
        }
    }

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

    /// The close frame; none to a client that is gone.
    pub(crate) fn frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Lost => return None,
            Self::Client => (CloseCode::Normal, ""),
            Self::BadUtf8 => (CloseCode::Invalid, "text must be UTF-8"),
            Self::TooBig => (CloseCode::Size, "the frame is too big"),
            Self::NotWebSocket => (CloseCode::Protocol, "not a valid WebSocket frame"),
            Self::Malformed(malformed) => (CloseCode::Error, malformed.reason()),
            Self::Idle => (CloseCode::Protocol, "nothing was heard for too long"),
            Self::Disconnected => (CloseCode::Away, "disconnected by the server"),
            Self::Drain => (
                CloseCode::Restart,
                "the server is going away, come back soon",
            ),
            Self::Flood => (CloseCode::Again, "frames are sent too fast"),
            Self::Slow => (CloseCode::Again, "frames are not read fast enough"),
        };
        Some(CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        })
    }
}
