//! The body of a post: one frame, or several with one per line.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, header},
};
use data_encoding::BASE64;
use tokio_tungstenite::tungstenite::{Bytes, Message, Utf8Bytes};

/// Maximum bytes of a body: sixteen frames of the default `max_frame_bytes`.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Maximum lines that are read. Stock clients send no more.
const MAX_LINES: usize = 100;

/// Reads the frames of a body.
///
/// In a body of several frames, a line that begins with a bracket or a brace is a text frame; any
/// other line is a binary frame in base64. A line that does not decode becomes an empty binary
/// frame, which is malformed.
///
/// # Errors
/// If the body is too long, breaks off, or is not UTF-8.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<Message>, &'static str> {
    let body = to_bytes(body, MAX_BODY_BYTES).await;
    let body = body.map_err(|_| "the body is longer than 1 MiB, or breaks off")?;
    let text = Utf8Bytes::try_from(body).map_err(|_| "the body must be UTF-8")?;
    if !is_several(headers) {
        return Ok(vec![Message::Text(text)]);
    }
    let lines = text.lines().filter(|line| !line.is_empty());
    Ok(lines.take(MAX_LINES).map(frame).collect())
}

fn frame(line: &str) -> Message {
    // A frame of version 1 begins with a brace, a character that base64 does not use.
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
