//! Decodes and encodes frames in both versions of the protocol.

use bytes::Bytes;

use super::{
    EncodedFrame, Frame, Ref, binary,
    frame::{DecodeError, ExpectedFormat, RefusalReason, RefusedFrame},
    json,
    payload::Content,
    v1, v2,
};

/// The encoding of a client's frames, chosen by its parameter `vsn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Serializer {
    /// `1.0.x`, or no `vsn` at all.
    V1,
    /// `2.0.x`.
    V2,
    /// `2.0.x` over long polling: the answer to a poll cannot carry bytes.
    V2Text,
}

impl Serializer {
    /// The number of variants, and so the maximum number of encodings of one broadcast.
    pub(crate) const COUNT: usize = 3;

    /// Returns the variant for a client with the same `vsn` that polls.
    pub(crate) fn without_bytes(self) -> Self {
        match self {
            Self::V1 => Self::V1,
            Self::V2 | Self::V2Text => Self::V2Text,
        }
    }

    /// Decodes a text message, nested at most `max_depth` deep.
    pub(crate) fn decode(self, text: &str, max_depth: usize) -> Result<Frame, DecodeError> {
        let is_deep = depth(text) > max_depth;
        let frame = match self {
            _ if is_deep => None,
            Self::V1 => v1::decode(text),
            Self::V2 | Self::V2Text => v2::decode(text),
        };
        let why = match frame {
            Some(frame) if frame.has_short_names() => return Ok(frame),
            Some(_) => RefusalReason::NameTooLong,
            None if is_deep => RefusalReason::TooDeep,
            None => RefusalReason::NotText,
        };
        let names = match self {
            Self::V1 => v1::raw_names(text).ok_or(ExpectedFormat::Object)?,
            Self::V2 | Self::V2Text => v2::raw_names(text).ok_or(ExpectedFormat::Array)?,
        };
        Err(DecodeError::Refused(Box::new(RefusedFrame::new(
            names, why,
        ))))
    }

    /// Decodes a binary message. Version 1 treats it as text.
    pub(crate) fn decode_binary(
        self,
        message: &Bytes,
        max_depth: usize,
    ) -> Result<Frame, DecodeError> {
        match self {
            Self::V1 => match str::from_utf8(message) {
                Ok(text) => self.decode(text, max_depth),
                Err(_) => Err(ExpectedFormat::Object.into()),
            },
            Self::V2 | Self::V2Text => binary::decode(message),
        }
    }

    /// Encodes the error reply to a refused frame, with its names as the client wrote them.
    pub(crate) fn refuse(self, frame: &RefusedFrame) -> EncodedFrame {
        let RefusedFrame {
            join_ref,
            reference,
            topic,
            why,
            ..
        } = frame;
        let response = why.response();
        let payload = format!(r#"{{"status":"error","response":{response}}}"#);
        EncodedFrame::text(match self {
            Self::V1 => format!(
                r#"{{"topic":{topic},"event":"phx_reply","payload":{payload},"ref":{reference}}}"#
            ),
            Self::V2 | Self::V2Text => {
                format!(r#"[{join_ref},{reference},{topic},"phx_reply",{payload}]"#)
            }
        })
    }

    /// Encodes `phx_reply`, the reply to the frame with this reference. A client that cannot
    /// receive bytes gets an error in their place.
    pub(crate) fn reply(
        self,
        join_ref: &Ref,
        reference: &Ref,
        topic: &str,
        status: &str,
        response: Content<'_>,
    ) -> EncodedFrame {
        let json = |status: &str, response: &str| {
            let status = match status {
                "ok" => r#""ok""#,
                "error" => r#""error""#,
                _ => &json::quoted(status),
            };
            let payload = [r#"{"status":"#, status, r#","response":"#, response, "}"];
            self.text(join_ref, reference, topic, "phx_reply", &payload)
        };
        match (response, self) {
            (Content::Json(response), _) => json(status, response),
            (Content::Binary(data), Self::V2) => {
                EncodedFrame::binary(binary::reply(join_ref, reference, topic, status, data))
            }
            (Content::Binary(_), Self::V1) => {
                json("error", r#"{"reason":"binary payloads need vsn 2.0.0"}"#)
            }
            (Content::Binary(_), Self::V2Text) => {
                json("error", r#"{"reason":"binary payloads need a WebSocket"}"#)
            }
        }
    }

    /// Encodes an event for one client; `None` for bytes, unless this is `V2`.
    pub(crate) fn push(
        self,
        join_ref: &Ref,
        topic: &str,
        event: &str,
        content: Content<'_>,
    ) -> Option<EncodedFrame> {
        match (content, self) {
            (Content::Json(payload), _) => {
                Some(self.text(join_ref, &Ref::NULL, topic, event, &[payload]))
            }
            (Content::Binary(data), Self::V2) => Some(EncodedFrame::binary(binary::push(
                join_ref, topic, event, data,
            ))),
            (Content::Binary(_), Self::V1 | Self::V2Text) => None,
        }
    }

    /// Encodes an event for all clients on the topic; `None` as for a push. The frame names no
    /// join, so one encoding serves all of them.
    pub(crate) fn broadcast(
        self,
        topic: &str,
        event: &str,
        content: Content<'_>,
    ) -> Option<EncodedFrame> {
        match (content, self) {
            (Content::Binary(data), Self::V2) => {
                Some(EncodedFrame::binary(binary::broadcast(topic, event, data)))
            }
            _ => self.push(&Ref::NULL, topic, event, content),
        }
    }

    /// Encodes `phx_close`: the channel has ended, and the client must not join again.
    pub(crate) fn close(self, join_ref: &Ref, topic: &str) -> EncodedFrame {
        self.text(join_ref, join_ref, topic, "phx_close", &["{}"])
    }

    /// Encodes `phx_error`: the channel has failed, and the client should join again.
    pub(crate) fn error(self, join_ref: &Ref, topic: &str) -> EncodedFrame {
        let payload = r#"{"reason":"channel_crash"}"#;
        self.text(join_ref, join_ref, topic, "phx_error", &[payload])
    }

    fn text(
        self,
        join_ref: &Ref,
        reference: &Ref,
        topic: &str,
        event: &str,
        payload: &[&str],
    ) -> EncodedFrame {
        EncodedFrame::text(match self {
            Self::V1 => v1::encode(reference, topic, event, payload),
            Self::V2 | Self::V2Text => v2::encode(join_ref, reference, topic, event, payload),
        })
    }
}

/// The maximum nesting of brackets outside strings. Text that is not JSON is rejected later.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut in_string = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => _ = bytes.next(),
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
