//! What a client sends: `[join_ref, ref, topic, event, payload]` in a text message.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::Ref;

/// Bytes that a topic, an event and each reference may have, so that every frame could be written
/// in the protocol's binary form as well, where their sizes are one byte.
const MAX_NAME: usize = 255;

/// A client's frame. Its payload stays as it was written until someone knows its type.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) join_ref: Ref,
    pub(crate) reference: Ref,
    pub(crate) topic: String,
    pub(crate) event: String,
    pub(crate) payload: Box<RawValue>,
}

/// Why a message is not a frame; each is also the reason given to the client with close code 1011.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    NotAFrame,
    TooDeep,
    NameTooLong,
}

impl Malformed {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::NotAFrame => "a frame is a JSON array [join_ref, ref, topic, event, payload]",
            Self::TooDeep => "the frame's JSON is nested too deeply",
            Self::NameTooLong => "topic, event, ref and join_ref have at most 255 bytes each",
        }
    }
}

impl Frame {
    /// Reads a message nested at most `max_depth` deep. Elements beyond the fifth are ignored.
    pub(crate) fn decode(text: &str, max_depth: usize) -> Result<Self, Malformed> {
        if depth(text) > max_depth {
            return Err(Malformed::TooDeep);
        }
        let frame: Self = serde_json::from_str(text).map_err(|_| Malformed::NotAFrame)?;
        let names = [
            frame.topic.len(),
            frame.event.len(),
            frame.join_ref.len(),
            frame.reference.len(),
        ];
        if names.iter().any(|&length| length > MAX_NAME) {
            return Err(Malformed::NameTooLong);
        }
        Ok(frame)
    }

    /// Bytes that the frame holds while it waits for its turn.
    pub(crate) fn size(&self) -> usize {
        let names = self.topic.len() + self.event.len();
        let references = self.join_ref.len() + self.reference.len();
        size_of::<Self>() + names + references + self.payload.get().len()
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

impl<'de> Deserialize<'de> for Frame {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements)
    }
}

struct Elements;

impl<'de> Visitor<'de> for Elements {
    type Value = Frame;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of five elements")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Frame, S::Error> {
        let frame = Frame {
            join_ref: element(&mut seq)?,
            reference: element(&mut seq)?,
            topic: element(&mut seq)?,
            event: element(&mut seq)?,
            payload: element(&mut seq)?,
        };
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(frame)
    }
}

fn element<'de, T: Deserialize<'de>, S: SeqAccess<'de>>(seq: &mut S) -> Result<T, S::Error> {
    seq.next_element()?
        .ok_or_else(|| S::Error::custom("fewer than five elements"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, Malformed>) {
        let got = Frame::decode(text, 4).map(|frame| {
            format!(
                "{} {} {} {} {}",
                frame.join_ref, frame.reference, frame.topic, frame.event, frame.payload
            )
        });
        assert_eq!(got.as_deref().map_err(|error| *error), expected);
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
            r#"["1","2",3,"e",{}]"#,
            r#"["1","2","t",null,{}]"#,
            r#"["1","2","t","e",{}"#,
            r#"["1","2","t","e",{}] x"#,
            r#"{"topic":"t","event":"e","payload":{},"ref":"1"}"#,
        ] {
            check(text, Err(Malformed::NotAFrame));
        }
    }

    #[test]
    fn depth_counts_brackets_outside_strings() {
        check(
            r#"[null,"1","t","e",[[["]"]]]]"#,
            Ok(r#"null "1" t e [[["]"]]]"#),
        );
        check(r#"[null,"1","t","e",[[[[]]]]]"#, Err(Malformed::TooDeep));
        check(
            r#"[null,"1","t","[[[[\"[[[","[[[["]"#,
            Ok(r#"null "1" t [[[["[[[ "[[[[""#),
        );
    }

    #[test]
    fn names_have_at_most_255_bytes() {
        let name = "é".repeat(127);
        assert!(Frame::decode(&format!(r#"[null,"1","{name}","{name}",{{}}]"#), 4).is_ok());
        for frame in [
            format!(r#"[null,"1","{name}xx","e",{{}}]"#),
            format!(r#"[null,"1","t","{name}xx",{{}}]"#),
            format!(r#"[null,"{name}","t","e",{{}}]"#),
            format!(r#"["{name}",null,"t","e",{{}}]"#),
        ] {
            check(&frame, Err(Malformed::NameTooLong));
        }
    }
}
