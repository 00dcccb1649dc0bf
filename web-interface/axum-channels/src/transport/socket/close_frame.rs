//! Translates close reasons from and to the types of the WebSocket library.

use tokio_tungstenite::tungstenite::{
    Error, Utf8Bytes,
    error::ProtocolError,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::protocol::CloseReason;

/// The close reason for a failed read.
pub(super) fn close_reason_of(error: &Error) -> CloseReason {
    match error {
        Error::Utf8(_) => CloseReason::BadUtf8,
        Error::Capacity(_) => CloseReason::TooBig,
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => CloseReason::Lost,
        Error::Protocol(_) => CloseReason::NotWebSocket,
        _ => CloseReason::Lost,
    }
}

/// The close frame; `None` if the connection is lost.
pub(super) fn close_frame(close: CloseReason) -> Option<CloseFrame> {
    let (code, reason) = close.code_and_reason()?;
    Some(CloseFrame {
        code: CloseCode::from(code),
        reason: Utf8Bytes::from_static(reason),
    })
}
