//! How a client's connection can end without a word.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::world::World;

/// An end without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Half a frame is sent, then the connection is reset.
    HalfFrame,
    /// A whole frame is sent, and the connection reset before its answer.
    Reset,
    /// A whole frame is sent, and nothing is read any more.
    Vanish,
    /// A whole frame is sent, and the connection closed like any file.
    HangUp,
}

impl Cut {
    pub(crate) const ALL: [Cut; 4] = [Cut::HalfFrame, Cut::Reset, Cut::Vanish, Cut::HangUp];

    /// Sends the text as a frame, or half of it, and ends the connection so.
    pub(crate) async fn make(self, mut stream: TcpStream, text: &str, world: &World) {
        let frame = frame(text);
        let part = match self {
            Cut::HalfFrame => &frame[..frame.len() / 2],
            Cut::Reset | Cut::Vanish | Cut::HangUp => &frame[..],
        };
        // The server may be gone already; then it is cut all the same.
        let _ = stream.write_all(part).await;
        match self {
            Cut::HalfFrame | Cut::Reset => {
                let _ = stream.set_zero_linger();
            }
            Cut::Vanish => world.vanish(stream),
            Cut::HangUp => {}
        }
        world.was_cut(self);
    }
}

/// A WebSocket frame of text from a client (RFC 6455), masked with zeros.
fn frame(text: &str) -> Vec<u8> {
    const FINAL_TEXT: u8 = 0x81;
    const MASKED: u8 = 0x80;
    const TWO_BYTES: u8 = 126;
    const MASK: [u8; 4] = [0; 4];
    let mut frame = vec![FINAL_TEXT];
    match u8::try_from(text.len()) {
        Ok(len) if len < TWO_BYTES => frame.push(MASKED | len),
        _ => {
            // No command of ours is longer than 64 KiB.
            let len = u16::try_from(text.len()).unwrap_or(u16::MAX);
            frame.push(MASKED | TWO_BYTES);
            frame.extend(len.to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(text.as_bytes());
    frame
}
