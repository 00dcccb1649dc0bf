//! Why a socket ends, in the words of the WebSocket library.

use tokio_tungstenite::tungstenite::{
    Error, Utf8Bytes,
    error::ProtocolError,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::protocol::Closing;

/// What a failed read says about the client.
pub(super) fn closing_of(error: &Error) -> Closing {
    match error {
        Error::Utf8(_) => Closing::BadUtf8,
        Error::Capacity(_) => Closing::TooBig,
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Closing::Lost,
        Error::Protocol(_) => Closing::NotWebSocket,
        _ => Closing::Lost,
    }
}

/// The close frame; none to a client that is gone.
pub(super) fn close_frame(closing: Closing) -> Option<CloseFrame> {
    let (code, reason) = closing.code_and_reason()?;
    Some(CloseFrame {
        code: CloseCode::from(code),
        reason: Utf8Bytes::from_static(reason),
    })
}
