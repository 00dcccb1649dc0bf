//! Frames of version 1: `{"topic", "event", "payload", "ref"}` in a message of either kind.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use smol_str::SmolStr;

use super::{
    Ref,
    frame::{Frame, Malformed, Received},
    json::Json,
};

/// Reads a message. All four keys have to be there; other keys are ignored.
pub(super) fn decode(text: &str) -> Result<Frame, Malformed> {
    let object: Object = serde_json::from_str(text).map_err(|_| Malformed::NotAnObject)?;
    Ok(Frame {
        join_ref: object.join_ref,
        reference: object.reference,
        topic: object.topic,
        event: object.event,
        payload: Received::Json(object.payload),
    })
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

#[derive(Deserialize)]
struct Object {
    topic: SmolStr,
    event: SmolStr,
    payload: Box<RawValue>,
    /// May be null, and has to be there all the same.
    #[serde(rename = "ref", deserialize_with = "present")]
    reference: Ref,
    #[serde(default)]
    join_ref: Ref,
}

/// Without this serde would take a missing reference for null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ref, D::Error> {
    Ref::deserialize(deserializer)
}
