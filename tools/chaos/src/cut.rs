//! Ways to end a client's connection without a close frame.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::shared_state::SharedState;

/// An end of a connection without a close frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Sends half a frame, then resets the connection.
    HalfFrame,
    /// Sends a whole frame, and resets the connection before the answer.
    Reset,
    /// Sends a whole frame, and then reads nothing more.
    Vanish,
    /// Sends a whole frame, and closes the TCP connection.
    HangUp,
}

impl Cut {
    pub(crate) const ALL: [Cut; 4] = [Cut::HalfFrame, Cut::Reset, Cut::Vanish, Cut::HangUp];

    /// Sends the text as a frame, or half of it, and ends the connection.
    pub(crate) async fn make(self, mut stream: TcpStream, text: &str, shared: &SharedState) {
        let frame = frame(text);
        let part = match self {
            Cut::HalfFrame => &frame[..frame.len() / 2],
            Cut::Reset | Cut::Vanish | Cut::HangUp => &frame[..],
        };
        // The server may be gone already; this counts as a cut all the same.
        let _ = stream.write_all(part).await;
        match self {
            Cut::HalfFrame | Cut::Reset => {
                let _ = stream.set_zero_linger();
            }
            Cut::Vanish => shared.hold_open(stream),
            Cut::HangUp => {}
        }
        shared.count_cut(self);
    }
}

/// Encodes a client's text frame (RFC 6455), masked with zeros.
fn frame(text: &str) -> Vec<u8> {
    const FINAL_TEXT: u8 = 0x81;
    const MASKED: u8 = 0x80;
    const TWO_BYTES: u8 = 126;
    const MASK: [u8; 4] = [0; 4];
    let mut frame = vec![FINAL_TEXT];
    match u8::try_from(text.len()) {
        Ok(len) if len < TWO_BYTES => frame.push(MASKED | len),
        _ => {
            // No command here is longer than 64 KiB.
            let len = u16::try_from(text.len()).unwrap_or(u16::MAX);
            frame.push(MASKED | TWO_BYTES);
            frame.extend(len.to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(text.as_bytes());
    frame
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};

    use super::*;

    #[test]
    fn a_server_reads_a_whole_frame_and_no_half_frame() {
        for len in [0, 1, 125, 126, 300, 65_535] {
            let text = "x".repeat(len);
            let frame = frame(&text);
            assert_eq!(read(&frame), Some(text), "{len}");
            assert_eq!(read(&frame[..frame.len() / 2]), None, "{len}");
        }
    }

    fn read(bytes: &[u8]) -> Option<String> {
        let stream = Cursor::new(bytes.to_vec());
        match WebSocket::from_raw_socket(stream, Role::Server, None).read() {
            Ok(Message::Text(text)) => Some(text.to_string()),
            _ => None,
        }
    }
}
