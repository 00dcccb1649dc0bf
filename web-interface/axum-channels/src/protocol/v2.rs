//! Frames of version 2: `[join_ref, ref, topic, event, payload]` in a text message.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use smol_str::SmolStr;

use super::{
    Ref,
    frame::{Frame, ReceivedPayload},
    json::JsonWriter,
};

/// Decodes a message.
pub(super) fn decode(text: &str) -> Option<Frame> {
    let Elements(join_ref, reference, topic, event, payload) = serde_json::from_str(text).ok()?;
    Some(Frame {
        join_ref,
        reference,
        topic,
        event,
        payload: ReceivedPayload::Json(payload),
    })
}

/// Returns the raw JSON of a message's `join_ref`, `ref`, `topic` and `event`, of any type.
pub(super) fn raw_names(text: &str) -> Option<[&str; 4]> {
    let elements: Elements<&RawValue, &RawValue, &RawValue> = serde_json::from_str(text).ok()?;
    let Elements(join_ref, reference, topic, event, _) = elements;
    Some([join_ref, reference, topic, event].map(RawValue::get))
}

/// Encodes a message. The payload comes in parts.
pub(super) fn encode(
    join_ref: &Ref,
    reference: &Ref,
    topic: &str,
    event: &str,
    payload: &[&str],
) -> String {
    let (join_ref, reference) = (join_ref.as_str(), reference.as_str());
    let mut json = JsonWriter::with_capacity_for(&[join_ref, reference, topic, event], payload);
    json.raw("[").raw(join_ref).raw(",").raw(reference);
    json.raw(",").string(topic).raw(",").string(event);
    json.raw(",").parts(payload).raw("]");
    json.into_text()
}

/// The five elements: two references, two names and the payload. Elements beyond them are ignored.
struct Elements<R = Ref, N = SmolStr, P = Box<RawValue>>(R, R, N, N, P);

impl<'de, R, N, P> Deserialize<'de> for Elements<R, N, P>
where
    R: Deserialize<'de>,
    N: Deserialize<'de>,
    P: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FiveElements(PhantomData))
    }
}

struct FiveElements<R, N, P>(PhantomData<Elements<R, N, P>>);

impl<'de, R, N, P> Visitor<'de> for FiveElements<R, N, P>
where
    R: Deserialize<'de>,
    N: Deserialize<'de>,
    P: Deserialize<'de>,
{
    type Value = Elements<R, N, P>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of five elements")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
        let elements = Elements(
            element(&mut seq)?,
            element(&mut seq)?,
            element(&mut seq)?,
            element(&mut seq)?,
            element(&mut seq)?,
        );
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(elements)
    }
}

fn element<'de, T: Deserialize<'de>, S: SeqAccess<'de>>(seq: &mut S) -> Result<T, S::Error> {
    seq.next_element()?
        .ok_or_else(|| S::Error::custom("fewer than five elements"))
}
