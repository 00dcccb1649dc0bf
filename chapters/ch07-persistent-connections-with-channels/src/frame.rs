//! A frame of version 2 of the Phoenix protocol: a JSON array with five fields.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A frame, in either direction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame(
    /// The reference of the join that this frame belongs to.
    pub Option<String>,
    /// The reference of a push. Its reply has the same.
    pub Option<String>,
    /// The topic, such as `game:` and an id.
    pub String,
    /// The event.
    pub String,
    /// The payload.
    pub Value,
);

impl Frame {
    /// Reads a frame. Returns `None` if the text is none.
    pub fn read(text: &str) -> Option<Frame> {
        serde_json::from_str(text).ok()
    }

    /// Returns the reply to this frame.
    pub fn reply(&self, status: &str, response: &Value) -> Frame {
        let payload = json!({ "status": status, "response": response });
        let Frame(join_ref, reference, topic, ..) = self.clone();
        Frame(join_ref, reference, topic, "phx_reply".into(), payload)
    }

    /// Returns a frame for everybody on a topic.
    pub fn broadcast(topic: &str, event: &str, payload: &Value) -> Frame {
        Frame(None, None, topic.into(), event.into(), payload.clone())
    }

    /// Writes the frame.
    pub fn write(&self) -> String {
        let Frame(join_ref, reference, topic, event, payload) = self;
        json!([join_ref, reference, topic, event, payload]).to_string()
    }
}
