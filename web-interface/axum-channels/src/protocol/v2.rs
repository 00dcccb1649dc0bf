//! Frames of version 2: `[join_ref, ref, topic, event, payload]` in a text message.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    Ref,
    frame::{Frame, Malformed, Received},
    json::Json,
};

/// Reads a message. Elements beyond the fifth are ignored.
pub(super) fn decode(text: &str) -> Result<Frame, Malformed> {
    let Elements(frame) = serde_json::from_str(text).map_err(|_| Malformed::NotAnArray)?;
    Ok(frame)
}

/// Writes a message. The payload comes in parts.
pub(super) fn encode(
    join_ref: &Ref,
    reference: &Ref,
    topic: &str,
    event: &str,
    payload: &[&str],
) -> String {
    let (join_ref, reference) = (join_ref.as_str(), reference.as_str());
    let mut json = Json::with_room_for(&[join_ref, reference, topic, event], payload);
    json.raw("[").raw(join_ref).raw(",").raw(reference);
    json.raw(",").string(topic).raw(",").string(event);
    json.raw(",").parts(payload).raw("]");
    json.into_text()
}

struct Elements(Frame);

impl<'de> Deserialize<'de> for Elements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FiveElements).map(Self)
    }
}

struct FiveElements;

impl<'de> Visitor<'de> for FiveElements {
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
            payload: Received::Json(element::<Box<RawValue>, _>(&mut seq)?),
        };
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(frame)
    }
}

fn element<'de, T: Deserialize<'de>, S: SeqAccess<'de>>(seq: &mut S) -> Result<T, S::Error> {
    seq.next_element()?
        .ok_or_else(|| S::Error::custom("fewer than five elements"))
}
