//! The two versions of the protocol: how each reads what a client sends, and writes what it is
//! sent.

use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::{
    Frame, Ref, binary,
    frame::{Invalid, Malformed, RefusalReason, RefusedFrame},
    json, v1, v2,
};
use crate::payload::Content;

/// What a client speaks, by its parameter `vsn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Serializer {
    /// `1.0.x`, or no `vsn` at all.
    V1,
    /// `2.0.x`.
    V2,
    /// The same to a client that polls, and can be sent no bytes.
    V2Text,
}

impl Serializer {
    /// How many there are: a broadcast is encoded at most so often.
    pub(crate) const COUNT: usize = 3;

    /// What a client speaks that asks for the same and polls.
    pub(crate) fn without_bytes(self) -> Self {
        match self {
            Self::V1 => Self::V1,
            Self::V2 | Self::V2Text => Self::V2Text,
        }
    }

    /// Reads a text message, nested at most `max_depth` deep.
    pub(crate) fn decode(self, text: &str, max_depth: usize) -> Result<Frame, Invalid> {
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
            Self::V1 => v1::raw_names(text).ok_or(Malformed::Object)?,
            Self::V2 | Self::V2Text => v2::raw_names(text).ok_or(Malformed::Array)?,
        };
        Err(Invalid::Refused(Box::new(RefusedFrame::new(names, why))))
    }

    /// Reads a binary message. Version 1 does not tell them from text.
    pub(crate) fn decode_binary(self, message: &Bytes, max_depth: usize) -> Result<Frame, Invalid> {
        match self {
            Self::V1 => match str::from_utf8(message) {
                Ok(text) => self.decode(text, max_depth),
                Err(_) => Err(Malformed::Object.into()),
            },
            Self::V2 | Self::V2Text => binary::decode(message),
        }
    }

    /// `phx_reply` to a frame that is refused as a whole, with its names as they came.
    pub(crate) fn refuse(self, frame: &RefusedFrame) -> Message {
        let RefusedFrame {
            join_ref,
            reference,
            topic,
            why,
            ..
        } = frame;
        let response = why.response();
        let payload = format!(r#"{{"status":"error","response":{response}}}"#);
        Message::text(match self {
            Self::V1 => format!(
                r#"{{"topic":{topic},"event":"phx_reply","payload":{payload},"ref":{reference}}}"#
            ),
            Self::V2 | Self::V2Text => {
                format!(r#"[{join_ref},{reference},{topic},"phx_reply",{payload}]"#)
            }
        })
    }

    /// `phx_reply`: the answer to the frame with this reference. Bytes cannot be written in version
    /// 1, whose client is told that.
    pub(crate) fn reply(
        self,
        join_ref: &Ref,
        reference: &Ref,
        topic: &str,
        status: &str,
        response: Content<'_>,
    ) -> Message {
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
                Message::Binary(binary::reply(join_ref, reference, topic, status, data))
            }
            (Content::Binary(_), Self::V1) => {
                json("error", r#"{"reason":"binary payloads need vsn 2.0.0"}"#)
            }
            (Content::Binary(_), Self::V2Text) => {
                json("error", r#"{"reason":"binary payloads need a WebSocket"}"#)
            }
        }
    }

    /// An event for one client; `None` for bytes in version 1, which has no form for them.
    pub(crate) fn push(
        self,
        join_ref: &Ref,
        topic: &str,
        event: &str,
        content: Content<'_>,
    ) -> Option<Message> {
        match (content, self) {
            (Content::Json(payload), _) => {
                Some(self.text(join_ref, &Ref::NULL, topic, event, &[payload]))
            }
            (Content::Binary(data), Self::V2) => {
                Some(Message::Binary(binary::push(join_ref, topic, event, data)))
            }
            (Content::Binary(_), Self::V1 | Self::V2Text) => None,
        }
    }

    /// An event for everyone on the topic; `None` as for a push. It names no join, so one encoding
    /// serves all.
    pub(crate) fn broadcast(
        self,
        topic: &str,
        event: &str,
        content: Content<'_>,
    ) -> Option<Message> {
        match (content, self) {
            (Content::Binary(data), Self::V2) => {
                Some(Message::Binary(binary::broadcast(topic, event, data)))
            }
            _ => self.push(&Ref::NULL, topic, event, content),
        }
    }

    /// The channel has ended and the client shall not join again.
    pub(crate) fn close(self, join_ref: &Ref, topic: &str) -> Message {
        self.text(join_ref, join_ref, topic, "phx_close", &["{}"])
    }

    /// The channel has failed and the client shall join again.
    pub(crate) fn error(self, join_ref: &Ref, topic: &str) -> Message {
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
    ) -> Message {
        Message::Text(match self {
            Self::V1 => v1::encode(reference, topic, event, payload).into(),
            Self::V2 | Self::V2Text => {
                v2::encode(join_ref, reference, topic, event, payload).into()
            }
        })
    }
}

/// How deep brackets are nested. Text that is no JSON gets some number too, and is refused later.
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

#[cfg(test)]
mod tests {
    use super::{super::frame::Received, *};

    /// What a message is: a frame, with its parts; one that is refused, with the reply; or none.
    #[track_caller]
    fn check_in(version: Serializer, text: &str, expected: Result<&str, Malformed>) {
        let got = match version.decode(text, 4) {
            Ok(frame) => {
                let Received::Json(payload) = frame.payload else {
                    panic!("a text is JSON");
                };
                Ok(format!(
                    "{} {} {} {} {payload}",
                    frame.join_ref, frame.reference, frame.topic, frame.event
                ))
            }
            Err(Invalid::Refused(frame)) => {
                let reply = version.refuse(&frame).into_text().unwrap();
                serde_json::from_str::<&serde_json::value::RawValue>(&reply).unwrap();
                Ok(reply.split(r#","message""#).next().unwrap().to_owned())
            }
            Err(Invalid::Malformed(malformed)) => Err(malformed),
        };
        assert_eq!(got.as_deref().map_err(|error| *error), expected);
    }

    #[track_caller]
    fn check(text: &str, expected: Result<&str, Malformed>) {
        check_in(Serializer::V2, text, expected);
    }

    /// The message is refused, with these names in the reply.
    #[track_caller]
    fn check_refused(text: &str, names: &str, reason: &str) {
        let reply =
            format!(r#"[{names},"phx_reply",{{"status":"error","response":{{"reason":"{reason}""#);
        check(text, Ok(&reply));
    }

    #[test]
    fn in_version_1_a_frame_has_four_keys_and_perhaps_its_join() {
        let check = |text, expected| check_in(Serializer::V1, text, expected);
        check(
            r#"{"topic":"t","event":"e","payload":{"a":1},"ref":"1"}"#,
            Ok(r#"null "1" t e {"a":1}"#),
        );
        check(
            r#"{"join_ref":2,"ref":null,"payload":7,"event":"e","topic":"t","more":[]}"#,
            Ok("2 null t e 7"),
        );
        for text in [
            "",
            "[]",
            r#"{"event":"e","payload":{},"ref":"1"}"#,
            r#"{"topic":"t","payload":{},"ref":"1"}"#,
            r#"{"topic":"t","event":"e","ref":"1"}"#,
            r#"{"topic":"t","event":"e","payload":{}}"#,
            r#"[null,"1","t","e",{}]"#,
        ] {
            check(text, Err(Malformed::Object));
        }
    }

    #[test]
    fn in_version_1_a_frame_is_refused_under_the_names_that_it_gave() {
        let long = "x".repeat(256);
        for (topic, reference, reason) in [
            ("7", r#""1""#, "not text"),
            (&*format!("\"{long}\""), "null", "name too long"),
            (r#""t""#, &*format!("\"{long}\""), "name too long"),
            (r#""\ud800""#, "[]", "not text"),
        ] {
            let text =
                format!(r#"{{"topic":{topic},"event":"e","payload":{{}},"ref":{reference}}}"#);
            let reply = format!(
                r#"{{"topic":{topic},"event":"phx_reply","payload":{{"status":"error","response":{{"reason":"{reason}""#
            );
            check_in(Serializer::V1, &text, Ok(&reply));
            let Err(Invalid::Refused(frame)) = Serializer::V1.decode(&text, 4) else {
                panic!("{text} is refused");
            };
            let reply = Serializer::V1.refuse(&frame).into_text().unwrap();
            assert!(
                reply.ends_with(&format!(r#","ref":{reference}}}"#)),
                "{reply}"
            );
        }
    }

    #[test]
    fn in_version_1_a_binary_message_is_read_as_text() {
        let text = br#"{"topic":"t","event":"e","payload":{},"ref":"1"}"#;
        let read = |bytes: &[u8]| Serializer::V1.decode_binary(&Bytes::copy_from_slice(bytes), 4);
        assert_eq!(read(text).unwrap().topic, "t");
        assert_eq!(
            read(b"\xff").unwrap_err(),
            Invalid::Malformed(Malformed::Object)
        );
    }

    #[test]
    fn five_elements_are_a_frame_and_more_are_ignored() {
        check(r#"["1",2,"t","e",{}]"#, Ok(r#""1" 2 t e {}"#));
        check(
            r#"[null,null,"t","e",null,{"x":[]},7]"#,
            Ok("null null t e null"),
        );
        check(
            r#" [ null , "2" , "t:\u00e9" , "e" , [1] ] "#,
            Ok(r#"null "2" t:é e [1]"#),
        );
    }

    #[test]
    fn anything_else_is_malformed() {
        for text in [
            "",
            "null",
            "{}",
            "[]",
            "hello",
            r#"["1","2","t","e"]"#,
            r#"["1","2","t","e",{}"#,
            r#"["1","2","t","e",{}] x"#,
            r#"{"topic":"t","event":"e","payload":{},"ref":"1"}"#,
        ] {
            check(text, Err(Malformed::Array));
        }
    }

    #[test]
    fn depth_counts_brackets_outside_strings() {
        check(
            r#"[null,"1","t","e",[[["]"]]]]"#,
            Ok(r#"null "1" t e [[["]"]]]"#),
        );
        check_refused(
            r#"[null,"1","t","e",[[[[]]]]]"#,
            r#"null,"1","t""#,
            "nested too deeply",
        );
        check(
            r#"[null,"1","t","[[[[\"[[[","[[[["]"#,
            Ok(r#"null "1" t [[[["[[[ "[[[[""#),
        );
    }

    #[test]
    fn names_have_at_most_255_bytes() {
        let name = "é".repeat(127);
        assert!(
            Serializer::V2
                .decode(&format!(r#"["{name}","{name}","{name}","{name}",{{}}]"#), 4)
                .is_ok()
        );
        let long = &format!("\"{name}xx\"");
        for (names, event) in [
            (format!(r#"null,"1",{long}"#), r#""e""#),
            (r#"null,"1","t""#.to_owned(), &**long),
            (format!(r#"null,{long},"t""#), r#""e""#),
            (format!(r#"{long},null,"t""#), r#""e""#),
        ] {
            check_refused(&format!("[{names},{event},{{}}]"), &names, "name too long");
        }
    }

    #[test]
    fn names_that_are_no_text_are_refused_as_they_came() {
        for names in [
            r#""1","2",3"#,
            r#""1","2",null"#,
            r#""1","2",{"a":[1]}"#,
            r#""1","2","\ud83d""#,
            r#""\udc00","2","t""#,
            r#""1",["\ud800"],"t""#,
        ] {
            check_refused(&format!(r#"[{names},"e",{{}}]"#), names, "not text");
        }
        check_refused(r#"["1","2","t",null,{}]"#, r#""1","2","t""#, "not text");
    }
}
