//! Frames of version 1: `{"topic", "event", "payload", "ref"}` in a text or binary message.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use smol_str::SmolStr;

use super::{
    Ref,
    frame::{Frame, ReceivedPayload},
    json::JsonWriter,
};

/// Decodes a message.
pub(super) fn decode(text: &str) -> Option<Frame> {
    let object: Object = read(text)?;
    Some(Frame {
        join_ref: object.join_ref.unwrap_or_default(),
        reference: object.reference,
        topic: object.topic,
        event: object.event,
        payload: ReceivedPayload::Json(object.payload),
    })
}

/// Returns the raw JSON of a message's `join_ref`, `ref`, `topic` and `event`, of any type.
pub(super) fn raw_names(text: &str) -> Option<[&str; 4]> {
    let object: Object<&RawValue, &RawValue, &RawValue> = read(text)?;
    let join_ref = object.join_ref.map_or("null", RawValue::get);
    let [reference, topic, event] = [object.reference, object.topic, object.event];
    Some([join_ref, reference.get(), topic.get(), event.get()])
}

/// Encodes a message, which has no field for the join. The payload comes in parts.
pub(super) fn encode(reference: &Ref, topic: &str, event: &str, payload: &[&str]) -> String {
    let mut json = JsonWriter::with_capacity_for(&[reference.as_str(), topic, event], payload);
    json.raw(r#"{"topic":"#).string(topic);
    json.raw(r#","event":"#).string(event);
    json.raw(r#","payload":"#).parts(payload);
    json.raw(r#","ref":"#).raw(reference.as_str()).raw("}");
    json.into_text()
}

/// A message. Four keys are required, `join_ref` is optional, and other keys are ignored.
#[derive(Deserialize)]
struct Object<R = Ref, N = SmolStr, P = Box<RawValue>> {
    topic: N,
    event: N,
    payload: P,
    /// Required, but may be null.
    #[serde(rename = "ref", deserialize_with = "present")]
    reference: R,
    join_ref: Option<R>,
}

/// Parses an object. Serde alone would also accept an array of the values.
fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Option<T> {
    let is_object = text.trim_ascii_start().starts_with('{');
    is_object.then(|| serde_json::from_str(text).ok())?
}

/// Makes a field required, even if its type has a value for a missing field.
fn present<'de, R: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    R::deserialize(deserializer)
}
