//! What a client posts: one frame, or several, a line each.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, header},
};
use data_encoding::BASE64;
use tokio_tungstenite::tungstenite::{Bytes, Message, Utf8Bytes};

/// Bytes in a body: sixteen of the longest frames.
const MAX_BODY: usize = 1024 * 1024;

/// Lines that are looked at. Stock clients send no more.
const MAX_LINES: usize = 100;

/// Reads the frames in a body. A line of several frames that begins with a bracket is text, and any
/// other a binary frame in base64; what is neither is left to those who read frames, to whom it is
/// none.
///
/// # Errors
/// The body is too long, breaks off, or is no text.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<Message>, &'static str> {
    let body = to_bytes(body, MAX_BODY).await;
    let body = body.map_err(|_| "the body is longer than 1 MiB, or breaks off")?;
    let text = Utf8Bytes::try_from(body).map_err(|_| "the body must be UTF-8")?;
    if !is_several(headers) {
        return Ok(vec![Message::Text(text)]);
    }
    let lines = text.lines().filter(|line| !line.is_empty());
    Ok(lines.take(MAX_LINES).map(frame).collect())
}

fn frame(line: &str) -> Message {
    // A frame of version 1 begins with a brace, which base64 does not have.
    if line.starts_with(['[', '{']) {
        return Message::text(line);
    }
    match BASE64.decode(line.as_bytes()) {
        Ok(bytes) => Message::Binary(bytes.into()),
        Err(_) => Message::Binary(Bytes::new()),
    }
}

fn is_several(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-ndjson")
}
