//! A client's frame, and the errors of messages that are not valid frames.

use bytes::Bytes;
use serde_json::value::RawValue;
use smol_str::SmolStr;

use super::Ref;

/// Maximum bytes of a topic, an event and each reference, so that every frame also fits the
/// protocol's binary form, in which their sizes are one byte.
const MAX_NAME_BYTES: usize = 255;

/// The event by which a client joins a topic.
const PHX_JOIN: &str = "phx_join";

/// The event by which a client leaves a topic.
const PHX_LEAVE: &str = "phx_leave";

/// A client's frame. Its payload stays undecoded until the channel, which knows its type, gets it.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) join_ref: Ref,
    pub(crate) reference: Ref,
    pub(crate) topic: SmolStr,
    pub(crate) event: SmolStr,
    pub(crate) payload: ReceivedPayload,
}

/// The payload of a client's frame.
#[derive(Clone, Debug)]
pub(crate) enum ReceivedPayload {
    Json(Box<RawValue>),
    /// Boxed to keep frames small: nearly all are JSON, and each idle socket keeps room for some.
    Binary(Box<Bytes>),
}

/// Why a message is not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// The message is not a frame: the socket closes.
    Malformed(ExpectedFormat),
    /// The message is a frame with an invalid name or too deep nesting: it gets an error reply. A
    /// stock client would answer a close by reconnecting and sending the frame again, for ever.
    Refused(Box<RefusedFrame>),
}

/// The form that was expected of a malformed message.
///
/// It also gives the reason in the close frame with code 1011.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExpectedFormat {
    Array,
    Object,
    Binary,
}

/// A refused frame: the names that its error reply repeats, and why it is refused.
///
/// Each name is the JSON that the client wrote. It need not be a string, and may be longer than
/// [`MAX_NAME_BYTES`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RefusedFrame {
    pub(crate) join_ref: Box<str>,
    pub(crate) reference: Box<str>,
    pub(crate) topic: Box<str>,
    pub(crate) is_join: bool,
    pub(crate) why: RefusalReason,
}

impl RefusedFrame {
    /// Refuses the frame with these names, each as JSON: `join_ref`, `ref`, `topic`, `event`.
    pub(super) fn new(names: [&str; 4], why: RefusalReason) -> Self {
        let [join_ref, reference, topic, event] = names;
        Self {
            join_ref: join_ref.into(),
            reference: reference.into(),
            topic: topic.into(),
            is_join: event.trim_matches('"') == PHX_JOIN,
            why,
        }
    }
}

impl From<ExpectedFormat> for DecodeError {
    fn from(expected: ExpectedFormat) -> Self {
        Self::Malformed(expected)
    }
}

/// Why a frame is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusalReason {
    NameTooLong,
    NotText,
    TooDeep,
}

impl RefusalReason {
    /// Returns the response of the error reply, as JSON.
    pub(super) fn response(self) -> &'static str {
        match self {
            Self::NameTooLong => {
                r#"{"reason":"name too long","message":"topic, event, ref and join_ref have at most 255 bytes each"}"#
            }
            Self::NotText => {
                r#"{"reason":"not text","message":"topic and event are strings of whole characters, and so are ref and join_ref if they are strings"}"#
            }
            Self::TooDeep => {
                r#"{"reason":"nested too deeply","message":"the payload has too many arrays and objects in one another"}"#
            }
        }
    }
}

impl ExpectedFormat {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Array => "a frame is a JSON array [join_ref, ref, topic, event, payload]",
            Self::Object => "a frame is a JSON object with the keys topic, event, payload and ref",
            Self::Binary => "a binary frame is 0, four sizes, join_ref, ref, topic, event and data",
        }
    }
}

impl Frame {
    /// Bytes of memory that a frame takes beside its names and payload.
    pub(crate) const OVERHEAD_BYTES: usize = size_of::<Self>();

    /// Whether each of its names has at most [`MAX_NAME_BYTES`] bytes.
    pub(super) fn has_short_names(&self) -> bool {
        let names = [
            self.topic.len(),
            self.event.len(),
            self.join_ref.len(),
            self.reference.len(),
        ];
        names.iter().all(|&length| length <= MAX_NAME_BYTES)
    }

    pub(crate) fn is_join(&self) -> bool {
        self.event == PHX_JOIN
    }

    pub(crate) fn is_leave(&self) -> bool {
        self.event == PHX_LEAVE
    }

    /// Whether it belongs to this join. A frame without a `join_ref` belongs to any.
    pub(super) fn belongs_to(&self, join_ref: &Ref) -> bool {
        self.join_ref.is_null() || self.join_ref == *join_ref
    }

    /// Frees memory that a waiting frame does not need: the payload of a leave, which is never
    /// read, and the rest of the buffer that a binary payload shares.
    pub(super) fn shrink(&mut self) {
        if self.is_leave() {
            self.payload = ReceivedPayload::Json(RawValue::NULL.to_owned());
        } else if let ReceivedPayload::Binary(data) = &mut self.payload {
            **data = Bytes::copy_from_slice(data);
        }
    }

    /// Returns the bytes of memory that the frame takes while it waits.
    pub(crate) fn size(&self) -> usize {
        let names = self.topic.len() + self.event.len();
        let references = self.join_ref.len() + self.reference.len();
        let payload = match &self.payload {
            ReceivedPayload::Json(json) => json.get().len(),
            ReceivedPayload::Binary(data) => data.len(),
        };
        Self::OVERHEAD_BYTES + names + references + payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_binary_payload_frees_its_shared_buffer() {
        let buffer = Bytes::from(vec![7; 4096]);
        let mut frame = Frame {
            join_ref: Ref::NULL,
            reference: Ref::NULL,
            topic: "t".into(),
            event: "e".into(),
            payload: ReceivedPayload::Binary(Box::new(buffer.slice(..3))),
        };
        assert!(!buffer.is_unique());
        frame.shrink();
        assert!(buffer.is_unique());
        assert!(matches!(frame.payload, ReceivedPayload::Binary(data) if data[..] == [7; 3]));
    }
}
