//! What a client is sent.

use serde_json::Value;

use super::Ref;

/// `phx_reply`: the answer to the frame with this reference.
pub(crate) fn reply(
    join_ref: &Ref,
    reference: &Ref,
    topic: &str,
    status: &str,
    response: &str,
) -> String {
    let status = Value::from(status);
    let payload = format!(r#"{{"status":{status},"response":{response}}}"#);
    frame(join_ref, reference, topic, "phx_reply", &payload)
}

/// An event for one client.
pub(crate) fn push(join_ref: &Ref, topic: &str, event: &str, payload: &str) -> String {
    frame(join_ref, &Ref::NULL, topic, event, payload)
}

/// An event for everyone on the topic. It names no join, so one encoding serves all.
pub(crate) fn broadcast(topic: &str, event: &str, payload: &str) -> String {
    frame(&Ref::NULL, &Ref::NULL, topic, event, payload)
}

/// The channel has ended and the client shall not join again.
pub(crate) fn close(join_ref: &Ref, topic: &str) -> String {
    frame(join_ref, join_ref, topic, "phx_close", "{}")
}

/// The channel has failed and the client shall join again.
pub(crate) fn error(join_ref: &Ref, topic: &str) -> String {
    frame(
        join_ref,
        join_ref,
        topic,
        "phx_error",
        r#"{"reason":"channel_crash"}"#,
    )
}

fn frame(join_ref: &Ref, reference: &Ref, topic: &str, event: &str, payload: &str) -> String {
    let (topic, event) = (Value::from(topic), Value::from(event));
    format!("[{join_ref},{reference},{topic},{event},{payload}]")
}
