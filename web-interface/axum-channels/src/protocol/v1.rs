//! Frames of version 1: `{"topic", "event", "payload", "ref"}` in a message of either kind.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use smol_str::SmolStr;

use super::{
    Ref,
    frame::{Frame, Received},
    json::Json,
};

/// Reads a message.
pub(super) fn decode(text: &str) -> Option<Frame> {
    let object: Object = read(text)?;
    Some(Frame {
        join_ref: object.join_ref.unwrap_or_default(),
        reference: object.reference,
        topic: object.topic,
        event: object.event,
        payload: Received::Json(object.payload),
    })
}

/// The values of a message as they are written, whatever they are: `join_ref`, `ref`, `topic` and
/// `event`.
pub(super) fn raw_names(text: &str) -> Option<[&str; 4]> {
    let object: Object<&RawValue, &RawValue, &RawValue> = read(text)?;
    let join_ref = object.join_ref.map_or("null", RawValue::get);
    let [reference, topic, event] = [object.reference, object.topic, object.event];
    Some([join_ref, reference.get(), topic.get(), event.get()])
}

/// Writes a message. It has no place for the join. The payload comes in parts.
pub(super) fn encode(reference: &Ref, topic: &str, event: &str, payload: &[&str]) -> String {
    let mut json = Json::with_room_for(&[reference.as_str(), topic, event], payload);
    json.raw(r#"{"topic":"#).string(topic);
    json.raw(r#","event":"#).string(event);
    json.raw(r#","payload":"#).parts(payload);
    json.raw(r#","ref":"#).raw(reference.as_str()).raw("}");
    json.into_text()
}

/// A message: all four keys have to be there, and other keys are ignored.
#[derive(Deserialize)]
struct Object<R = Ref, N = SmolStr, P = Box<RawValue>> {
    topic: N,
    event: N,
    payload: P,
    /// May be null, and has to be there all the same.
    #[serde(rename = "ref", deserialize_with = "present")]
    reference: R,
    join_ref: Option<R>,
}

/// Left to itself serde would take an array of the values as well.
fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Option<T> {
    let is_object = text.trim_ascii_start().starts_with('{');
    is_object.then(|| serde_json::from_str(text).ok())?
}

/// Without this serde would take a missing reference for null.
fn present<'de, R: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    R::deserialize(deserializer)
}
