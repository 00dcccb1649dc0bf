//! Binary frames of version 2. Each size is one byte, and the data runs to the end:
//!
//! ```text
//! client → server  push       00 | jl | rl | tl | el | join_ref | ref | topic | event  | data
//! server → client  push       00 | jl | tl | el      | join_ref | topic | event | data
//! server → client  reply      01 | jl | rl | tl | sl | join_ref | ref | topic | status | data
//! server → client  broadcast  02 | tl | el           | topic | event | data
//! ```

use bytes::Bytes;

use super::{
    Ref,
    frame::{DecodeError, ExpectedFormat, Frame, ReceivedPayload, RefusalReason, RefusedFrame},
    json::quoted,
};

const PUSH_KIND: u8 = 0;
const REPLY_KIND: u8 = 1;
const BROADCAST_KIND: u8 = 2;

/// Decodes a message. The frame's data shares the message's memory.
pub(super) fn decode(message: &Bytes) -> Result<Frame, DecodeError> {
    let Some(&[PUSH_KIND, sizes @ ..]) = message.first_chunk::<5>() else {
        return Err(ExpectedFormat::Binary.into());
    };
    let mut at = 1 + sizes.len();
    let mut names: [&[u8]; 4] = [b""; 4];
    for (name, size) in names.iter_mut().zip(sizes) {
        let end = at + usize::from(size);
        *name = message.get(at..end).ok_or(ExpectedFormat::Binary)?;
        at = end;
    }
    let texts = names.map(str::from_utf8);
    let [Ok(join_ref), Ok(reference), Ok(topic), Ok(event)] = texts else {
        return Err(refused(names, RefusalReason::NotText));
    };
    let frame = Frame {
        join_ref: Ref::of_text(join_ref),
        reference: Ref::of_text(reference),
        topic: topic.into(),
        event: event.into(),
        payload: ReceivedPayload::Binary(message.slice(at..).into()),
    };
    match frame.has_short_names() {
        true => Ok(frame),
        false => Err(refused(names, RefusalReason::NameTooLong)),
    }
}

/// Refuses a frame. Names that are not UTF-8 are read as Latin-1, which phoenix 1.7 writes for
/// characters up to U+00FF, so that its client recognises the topic.
fn refused(names: [&[u8]; 4], why: RefusalReason) -> DecodeError {
    let text = |bytes: &[u8]| match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    let [join_ref, reference, topic, event] = names.map(text);
    let [join_ref, reference] = [join_ref, reference].map(|text| match text.is_empty() {
        true => "null".to_owned(),
        false => quoted(&text),
    });
    let (topic, event) = (quoted(&topic), quoted(&event));
    let names = [&*join_ref, &*reference, &*topic, &*event];
    DecodeError::Refused(Box::new(RefusedFrame::new(names, why)))
}

/// Decodes a message of [`broadcast`]: topic, event and data.
pub(super) fn decode_broadcast(message: &Bytes) -> Option<(&str, &str, Bytes)> {
    let [BROADCAST_KIND, topic, event, rest @ ..] = &message[..] else {
        return None;
    };
    let (topic, rest) = rest.split_at_checked(usize::from(*topic))?;
    let (event, data) = rest.split_at_checked(usize::from(*event))?;
    let (topic, event) = (str::from_utf8(topic).ok()?, str::from_utf8(event).ok()?);
    Some((topic, event, message.slice_ref(data)))
}

pub(super) fn push(join_ref: &Ref, topic: &str, event: &str, data: &[u8]) -> Bytes {
    encode(PUSH_KIND, &[&join_ref.to_text(), topic, event], data)
}

pub(super) fn reply(
    join_ref: &Ref,
    reference: &Ref,
    topic: &str,
    status: &str,
    data: &[u8],
) -> Bytes {
    let names = [&join_ref.to_text(), &reference.to_text(), topic, status];
    encode(REPLY_KIND, &names, data)
}

pub(super) fn broadcast(topic: &str, event: &str, data: &[u8]) -> Bytes {
    encode(BROADCAST_KIND, &[topic, event], data)
}

/// Encodes a frame of any kind. Topics and references come from clients and have at most 255 bytes;
/// events and statuses come from the application.
///
/// # Panics
/// If a name has more than 255 bytes.
#[track_caller]
fn encode(kind: u8, names: &[&str], data: &[u8]) -> Bytes {
    let length = names.iter().map(|name| name.len()).sum::<usize>() + data.len();
    let mut message = Vec::with_capacity(1 + names.len() + length);
    message.push(kind);
    for name in names {
        let Ok(size) = u8::try_from(name.len()) else {
            panic!("{name:?} is too long for a binary frame, which has room for 255 bytes");
        };
        message.push(size);
    }
    for name in names {
        message.extend_from_slice(name.as_bytes());
    }
    message.extend_from_slice(data);
    message.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Ref {
        Ref::of_text(text)
    }

    fn is_malformed(message: &Bytes) -> bool {
        decode(message).is_err_and(|error| error == ExpectedFormat::Binary.into())
    }

    #[test]
    fn the_example_of_the_protocol_is_read_and_answered() {
        let message = b"\x00\x01\x01\x06\x0412room:aecho\x01\x02\x03";
        let frame = decode(&Bytes::from_static(message)).unwrap();
        assert_eq!(
            (&frame.join_ref, &frame.reference),
            (&text("1"), &text("2"))
        );
        assert_eq!((&*frame.topic, &*frame.event), ("room:a", "echo"));
        let ReceivedPayload::Binary(data) = frame.payload else {
            panic!("it is binary");
        };
        assert_eq!(data[..], [1, 2, 3]);
        let answer = reply(&text("1"), &text("2"), "room:a", "ok", &data);
        assert_eq!(&*answer, b"\x01\x01\x01\x06\x0212room:aok\x01\x02\x03");
    }

    #[test]
    fn pushes_and_broadcasts_name_what_they_need_to() {
        let pushed = push(&text("1"), "t", "bin", &[9, 8]);
        assert_eq!(&*pushed, b"\x00\x01\x01\x031tbin\x09\x08");
        let pushed = push(&Ref::NULL, "t", "bin", &[]);
        assert_eq!(&*pushed, b"\x00\x00\x01\x03tbin");
        assert_eq!(&*broadcast("t", "bbin", &[7]), b"\x02\x01\x04tbbin\x07");
    }

    #[test]
    fn a_frame_truncated_before_its_data_is_malformed() {
        let message = b"\x00\x01\x01\x06\x0412room:aecho";
        for length in 0..message.len() {
            let cut = Bytes::copy_from_slice(&message[..length]);
            assert!(is_malformed(&cut), "{length}");
        }
        assert!(decode(&Bytes::from_static(message)).is_ok());
    }

    #[test]
    fn other_kinds_are_malformed() {
        for message in [
            &b"\x01\x00\x00\x01\x01te"[..],
            b"\x02\x00\x00\x01\x01te",
            b"[null,\"1\",\"t\",\"e\",{}]",
        ] {
            assert!(is_malformed(&Bytes::copy_from_slice(message)));
        }
    }

    #[test]
    fn non_utf8_names_are_refused_and_echoed_as_latin_1() {
        let message = Bytes::from_static(b"\x00\x01\x00\x06\x081room:\xe9phx_joindata");
        let names = ["\"1\"", "null", "\"room:é\"", "\"phx_join\""];
        let refused = RefusedFrame::new(names, RefusalReason::NotText);
        assert!(refused.is_join);
        assert_eq!(
            decode(&message).unwrap_err(),
            DecodeError::Refused(refused.into())
        );
    }
}
