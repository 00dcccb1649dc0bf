//! Reads and writes frames of Phoenix's version 2 format, at low cost.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

/// The `ref` of the join, and the `join_ref` of each push.
pub(crate) const JOIN_REF: &str = "1";

/// A frame from the server, without its topic, since a connection joins only one.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    /// Empty if the frame has none.
    pub(crate) reference: &'a str,
    pub(crate) event: Cow<'a, str>,
    pub(crate) payload: &'a RawValue,
}

/// The payload of a reply.
#[derive(Debug, Deserialize)]
pub(crate) struct Reply<'a> {
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    response: &'a RawValue,
}

/// `[join_ref, ref, topic, event, payload]`
#[derive(Deserialize)]
struct Elements<'a>(
    IgnoredAny,
    #[serde(borrow)] &'a RawValue,
    IgnoredAny,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] &'a RawValue,
);

impl<'a> Frame<'a> {
    /// Parses a frame; returns `None` if the text is not one.
    pub(crate) fn read(text: &'a str) -> Option<Frame<'a>> {
        let Elements(_, reference, _, event, payload) = serde_json::from_str(text).ok()?;
        let reference = match reference.get() {
            "null" => "",
            reference => reference.trim_matches('"'),
        };
        Some(Frame {
            reference,
            event,
            payload,
        })
    }

    /// Returns the payload of a reply, if the frame is one.
    pub(crate) fn reply(&self) -> Option<Reply<'a>> {
        (self.event == "phx_reply")
            .then(|| serde_json::from_str(self.payload.get()).ok())
            .flatten()
    }
}

impl Reply<'_> {
    /// Returns status and response as a reason to count by, unless the status is `ok`.
    pub(crate) fn refusal(&self) -> Option<String> {
        (self.status != "ok").then(|| format!("{} {}", self.status, truncate(self.response.get())))
    }
}

/// Truncates a text to 100 characters.
pub(crate) fn truncate(text: &str) -> String {
    const MAX_CHARS: usize = 100;
    match text.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Formats topic and event, the elements between the references and the payload.
pub(crate) fn topic_and_event(topic: &str, event: &str) -> String {
    format!("{},{}", Value::from(topic), Value::from(event))
}

/// Formats a push; the payload is JSON.
pub(crate) fn push(reference: u64, topic_and_event: &str, payload: &str) -> String {
    format!(r#"["{JOIN_REF}","{reference}",{topic_and_event},{payload}]"#)
}

pub(crate) fn join(topic: &str, params: &str) -> String {
    let topic_and_event = topic_and_event(topic, "phx_join");
    format!(r#"["{JOIN_REF}","{JOIN_REF}",{topic_and_event},{params}]"#)
}

pub(crate) fn heartbeat(reference: &str) -> String {
    format!(r#"[null,"{reference}","phoenix","heartbeat",{{}}]"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(text: &str) -> Frame<'_> {
        Frame::read(text).expect("a frame")
    }

    #[test]
    fn a_reply_has_a_reference_and_a_status() {
        let ok = r#"["1","7","room:a","phx_reply",{"status":"ok","response":{"x":[1]}}]"#;
        let ok = read(ok);
        assert_eq!(ok.reference, "7");
        assert!(ok.reply().expect("a reply").refusal().is_none());
        let no = r#"["1","8","room:a","phx_reply",{"response":{"reason":"no"},"status":"error"}]"#;
        let no = read(no).reply().expect("a reply").refusal();
        assert_eq!(no.as_deref(), Some(r#"error {"reason":"no"}"#));
    }

    #[test]
    fn a_broadcast_has_no_reference() {
        let frame = read(r#"[null,null,"room:a","bcast",{"a":1}]"#);
        assert_eq!((frame.reference, &*frame.event), ("", "bcast"));
        assert_eq!(frame.payload.get(), r#"{"a":1}"#);
        assert!(frame.reply().is_none());
    }

    #[test]
    fn an_event_may_be_written_with_escapes() {
        let frame = read(r#"[null,null,"room:\u00e4","b\u0063ast",{}]"#);
        assert_eq!(frame.event, "bcast");
    }

    #[test]
    fn invalid_frames_are_refused() {
        for text in [
            "",
            "{}",
            "[]",
            r#"[null,null,"t","e"]"#,
            "[1,2,3,4,5]",
            "\u{0}",
        ] {
            assert!(Frame::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_sent_frame_is_a_json_array_of_five_elements() {
        let topic_and_event = topic_and_event("room:\"a\"", "echo");
        let push: Value = serde_json::from_str(&push(2, &topic_and_event, "{}")).expect("JSON");
        assert_eq!(
            push,
            serde_json::json!(["1", "2", "room:\"a\"", "echo", {}])
        );
        let join: Value = serde_json::from_str(&join("t", "[]")).expect("JSON");
        assert_eq!(join, serde_json::json!(["1", "1", "t", "phx_join", []]));
    }

    #[test]
    fn long_reasons_are_truncated_between_characters() {
        assert_eq!(truncate("ä"), "ä");
        assert_eq!(truncate(&"ä".repeat(101)), format!("{}…", "ä".repeat(100)));
    }
}
