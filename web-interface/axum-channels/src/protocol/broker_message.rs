//! The message between endpoints: a broadcast, encoded as for a client of version 2.

use bytes::Bytes;

use super::{
    Frame, ReceivedPayload, Serializer, binary,
    payload::{Body, Payload},
    v2,
};

/// Encodes a broadcast.
pub(crate) fn encode(topic: &str, event: &str, body: &Body) -> Option<Bytes> {
    let frame = Serializer::V2.broadcast(topic, event, body.content())?;
    Some(frame.into_bytes())
}

/// Decodes a message of [`encode`]: topic, event and payload.
pub(crate) fn decode(message: &Bytes) -> Option<(String, String, Body)> {
    if let Some((topic, event, data)) = binary::decode_broadcast(message) {
        return Some((topic.to_owned(), event.to_owned(), Body::Binary(data)));
    }
    let Frame {
        topic,
        event,
        payload,
        ..
    } = v2::decode(str::from_utf8(message).ok()?)?;
    let ReceivedPayload::Json(payload) = payload else {
        return None;
    };
    let payload = Payload::object(&payload).ok()?;
    Some((topic.into(), event.into(), payload.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn decode_inverts_encode() {
        let object = Payload::object(&json!({ "text": "é" })).unwrap();
        for body in [object.into(), Body::Binary(Bytes::from_static(b"\x00[1]"))] {
            let message = encode("room:\"1\"", "said", &body).unwrap();
            let (topic, event, read) = decode(&message).unwrap();
            assert_eq!((&*topic, &*event), ("room:\"1\"", "said"));
            assert_eq!(format!("{read:?}"), format!("{body:?}"));
        }
    }

    #[test]
    fn a_truncated_message_is_not_decoded() {
        let data = Body::Binary(Bytes::from_static(b""));
        let message = encode("room:1", "said", &data).unwrap();
        for length in 0..message.len() {
            assert!(decode(&message.slice(..length)).is_none(), "{length}");
        }
        for message in [
            "",
            "{}",
            "[null,null,\"t\",\"e\",7]",
            "[null,null,\"t\",\"e\"]",
        ] {
            assert!(
                decode(&Bytes::from_static(message.as_bytes())).is_none(),
                "{message}"
            );
        }
    }
}
