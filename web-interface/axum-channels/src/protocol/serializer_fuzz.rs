//! Fuzz tests of the serializers, against the message's values parsed on their own.

use bytes::Bytes;
use serde_json::{Value, value::RawValue};

use super::payload::Content;
use super::{
    Frame, ReceivedPayload, Ref, Serializer,
    frame::DecodeError,
    fuzz::{Random, rounds},
};

/// Messages in each test, unless `FUZZ_SECONDS` is set.
const MESSAGES: usize = 20_000;

/// Maximum nesting of a message.
const DEPTH: usize = 9;

/// The values in a message. The last two are too long and too deep.
const VALUES: [&str; 14] = [
    "null",
    "1",
    "-0.5e3",
    "true",
    r#""1""#,
    r#""t""#,
    r#""phx_join""#,
    r#""\u00e9\"\\ü""#,
    r#""""#,
    "{}",
    r#"[1,[2,"]"]]"#,
    r#"{"a":{"b":[{}]}}"#,
    "LONG",
    "[[[[[[[[[[1]]]]]]]]]]",
];

const KEYS: [&str; 7] = [
    "topic", "event", "payload", "ref", "join_ref", "other", "Topic",
];

fn value(random: &mut Random) -> String {
    match random.pick(&VALUES) {
        "LONG" => format!("\"{}\"", "x".repeat(250 + random.below(10))),
        value => value.to_owned(),
    }
}

/// Sometimes cuts a message off, or appends something.
fn spoilt(random: &mut Random, mut text: String) -> String {
    match random.below(8) {
        0 => {
            let end = random.below(text.len() + 1);
            let end = (0..=end).rev().find(|end| text.is_char_boundary(*end));
            text.truncate(end.unwrap_or(0));
        }
        1 => text.push_str(random.pick(&["]", "}", ",", " ", "\n", "1", "\0"])),
        _ => {}
    }
    text
}

/// The expected join_ref, ref, topic, event and payload; `None` if no valid frame is expected.
type Expected = Option<[Value; 5]>;

fn is_frame([join_ref, reference, topic, event, payload]: [Value; 5], all: &Value) -> Expected {
    let name = |value: &Value| match value {
        Value::String(text) => text.len() <= 255,
        _ => false,
    };
    let short = |value: &Value| !matches!(value, Value::String(text) if text.len() > 255);
    let fits = name(&topic) && name(&event) && short(&join_ref) && short(&reference);
    (fits && depth(all) <= DEPTH).then_some([join_ref, reference, topic, event, payload])
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Decodes a message. Checks that the reply to a refused frame is valid JSON.
fn read(version: Serializer, text: &str) -> Option<Frame> {
    match version.decode(text, DEPTH) {
        Ok(frame) => Some(frame),
        Err(DecodeError::Refused(frame)) => {
            let reply = version.refuse(&frame);
            let reply = reply.as_text().unwrap();
            let read: Result<&RawValue, _> = serde_json::from_str(reply);
            assert!(read.is_ok(), "{version:?}: {text} is answered {reply}");
            None
        }
        Err(DecodeError::Malformed(_)) => None,
    }
}

#[track_caller]
fn check(version: Serializer, text: &str, expected: &Expected) {
    let parsed = |json: &str| -> Value { serde_json::from_str(json).unwrap() };
    let got = read(version, text).map(|frame| {
        let Frame {
            join_ref,
            reference,
            topic,
            event,
            payload,
        } = frame;
        let ReceivedPayload::Json(payload) = payload else {
            panic!("a text is JSON");
        };
        let refs = [join_ref, reference].map(|reference| parsed(reference.as_str()));
        let [join_ref, reference] = refs;
        [
            join_ref,
            reference,
            topic.as_str().into(),
            event.as_str().into(),
            parsed(payload.get()),
        ]
    });
    assert_eq!(got, *expected, "{version:?}: {text}");
}

#[test]
fn version_2_reads_arrays_of_five_and_nothing_else() {
    rounds(1, MESSAGES, |random| {
        let count = random.pick(&[0, 4, 5, 5, 5, 5, 6, 7]);
        let values: Vec<_> = (0..count).map(|_| value(random)).collect();
        let text = format!("[{}]", values.join(random.pick(&[",", " , "])));
        let text = spoilt(random, text);
        let all = serde_json::from_str(&text).unwrap_or(Value::Null);
        let five = match &all {
            Value::Array(items) => items.first_chunk().cloned(),
            _ => None,
        };
        check(
            Serializer::V2,
            &text,
            &five.and_then(|five| is_frame(five, &all)),
        );
    });
}

#[test]
fn version_1_reads_objects_with_four_keys_and_nothing_else() {
    rounds(2, MESSAGES, |random| {
        let mut keys = KEYS.to_vec();
        let mut fields = Vec::new();
        for _ in 0..random.pick(&[3, 4, 5, 5, 6, 7]) {
            let key = keys.swap_remove(random.below(keys.len()));
            fields.push(format!("\"{key}\":{}", value(random)));
        }
        let text = format!("{{{}}}", fields.join(random.pick(&[",", " , "])));
        let text = spoilt(random, text);
        let all = serde_json::from_str(&text).unwrap_or(Value::Null);
        let get = |key| all.get(key).cloned();
        let join_ref = get("join_ref").unwrap_or(Value::Null);
        let five = (|| {
            Some([
                join_ref,
                get("ref")?,
                get("topic")?,
                get("event")?,
                get("payload")?,
            ])
        })();
        check(
            Serializer::V1,
            &text,
            &five.and_then(|five| is_frame(five, &all)),
        );
    });
}

#[test]
fn binary_frames_are_read_to_the_byte() {
    rounds(3, MESSAGES, |random| {
        let kind = random.pick(&[0, 0, 0, 0, 1, 2, 255]);
        let names: Vec<String> = (0..4)
            .map(|_| {
                let length = random.pick(&[0, 1, 2, 3, 100, 255]);
                random.pick(&["a", "\"", "\\", "\n"]).repeat(length)
            })
            .collect();
        let data: Vec<u8> = (0..random.below(9)).map(|at| at as u8 * 31).collect();
        let mut message = vec![kind];
        message.extend(names.iter().map(|name| name.len() as u8));
        names
            .iter()
            .for_each(|name| message.extend(name.as_bytes()));
        let head = message.len();
        message.extend(&data);
        let spoils = random.below(6);
        if spoils == 0 {
            message.truncate(random.below(message.len() + 1));
        } else if spoils == 1 && head > 5 {
            message[5 + random.below(head - 5)] = 0xff;
        }
        let sound = kind == 0 && message.len() >= head && !message[5..head].contains(&0xff);
        // A reference is kept as JSON, and the escapes in it count towards its length.
        let long = |name: &String| serde_json::to_string(name).unwrap().len() > 257;
        let sound = sound && !names[..2].iter().any(long);
        let got = Serializer::V2.decode_binary(&Bytes::from(message.clone()), DEPTH);
        assert_eq!(got.is_ok(), sound, "{message:?}");
        if let Ok(frame) = got {
            let ReceivedPayload::Binary(got) = frame.payload else {
                panic!("it is binary");
            };
            assert_eq!(got[..], message[head..]);
            assert_eq!((&*frame.topic, &*frame.event), (&*names[2], &*names[3]));
            assert_eq!(frame.join_ref, Ref::of_text(&names[0]));
            assert_eq!(frame.reference.to_text(), names[1]);
        }
    });
}

#[test]
fn every_decoded_frame_can_get_a_binary_reply() {
    const PIECES: [&str; 7] = ["a", "é", r"\n", r"\u0031", r"\u00e9", r#"\""#, r"\ud800"];
    rounds(5, MESSAGES, |random| {
        let mut reference = || {
            let long = random.below(2) * random.below(250);
            let mut text = "a".repeat(long);
            (0..random.below(9)).for_each(|_| text.push_str(random.pick(&PIECES)));
            text
        };
        let (join_ref, reference) = (reference(), reference());
        let text = format!(r#"["{join_ref}","{reference}","t","e",{{}}]"#);
        if let Ok(frame) = Serializer::V2.decode(&text, DEPTH) {
            let (join_ref, reference) = (&frame.join_ref, &frame.reference);
            let data = || Content::Binary(&[]);
            let _ = Serializer::V2.reply(join_ref, reference, "t", "ok", data());
            let _ = Serializer::V2.push(join_ref, "t", "e", data());
        }
    });
}

#[test]
fn arbitrary_bytes_never_panic_a_serializer() {
    const BYTES: [&[u8]; 12] = [
        b"[", b"]", b"{", b"}", b",", b":", b"\"", b"\\u12", b"null", b"\xff", b"\0", b"1e",
    ];
    rounds(4, MESSAGES, |random| {
        let message: Vec<u8> = (0..random.below(40))
            .flat_map(|_| random.pick(&BYTES))
            .copied()
            .collect();
        for version in [Serializer::V1, Serializer::V2] {
            // Any result will do, as long as nothing panics.
            let _ = read(version, &String::from_utf8_lossy(&message));
            let _ = version.decode_binary(&Bytes::from(message.clone()), DEPTH);
        }
    });
}
