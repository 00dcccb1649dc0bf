//! Tests of how text messages are decoded: accepted, refused or malformed.

use bytes::Bytes;

use super::{
    ReceivedPayload, Serializer,
    frame::{DecodeError, ExpectedFormat},
};

/// Checks the parts of an accepted frame, the reply to a refused one, or the malformed form.
#[track_caller]
fn check_in(version: Serializer, text: &str, expected: Result<&str, ExpectedFormat>) {
    let got = match version.decode(text, 4) {
        Ok(frame) => {
            let ReceivedPayload::Json(payload) = frame.payload else {
                panic!("a text is JSON");
            };
            Ok(format!(
                "{} {} {} {} {payload}",
                frame.join_ref, frame.reference, frame.topic, frame.event
            ))
        }
        Err(DecodeError::Refused(frame)) => {
            let reply = version.refuse(&frame);
            let reply = reply.as_text().unwrap();
            serde_json::from_str::<&serde_json::value::RawValue>(reply).unwrap();
            Ok(reply.split(r#","message""#).next().unwrap().to_owned())
        }
        Err(DecodeError::Malformed(expected)) => Err(expected),
    };
    assert_eq!(got.as_deref().map_err(|error| *error), expected);
}

#[track_caller]
fn check(text: &str, expected: Result<&str, ExpectedFormat>) {
    check_in(Serializer::V2, text, expected);
}

/// Checks that the message is refused, with these names in the reply.
#[track_caller]
fn check_refused(text: &str, names: &str, reason: &str) {
    let reply =
        format!(r#"[{names},"phx_reply",{{"status":"error","response":{{"reason":"{reason}""#);
    check(text, Ok(&reply));
}

#[test]
fn in_version_1_a_frame_has_four_keys_and_perhaps_its_join() {
    let check = |text, expected| check_in(Serializer::V1, text, expected);
    check(
        r#"{"topic":"t","event":"e","payload":{"a":1},"ref":"1"}"#,
        Ok(r#"null "1" t e {"a":1}"#),
    );
    check(
        r#"{"join_ref":2,"ref":null,"payload":7,"event":"e","topic":"t","more":[]}"#,
        Ok("2 null t e 7"),
    );
    for text in [
        "",
        "[]",
        r#"{"event":"e","payload":{},"ref":"1"}"#,
        r#"{"topic":"t","payload":{},"ref":"1"}"#,
        r#"{"topic":"t","event":"e","ref":"1"}"#,
        r#"{"topic":"t","event":"e","payload":{}}"#,
        r#"[null,"1","t","e",{}]"#,
    ] {
        check(text, Err(ExpectedFormat::Object));
    }
}

#[test]
fn in_version_1_a_frame_is_refused_under_the_names_that_it_gave() {
    let long = "x".repeat(256);
    for (topic, reference, reason) in [
        ("7", r#""1""#, "not text"),
        (&*format!("\"{long}\""), "null", "name too long"),
        (r#""t""#, &*format!("\"{long}\""), "name too long"),
        (r#""\ud800""#, "[]", "not text"),
    ] {
        let text = format!(r#"{{"topic":{topic},"event":"e","payload":{{}},"ref":{reference}}}"#);
        let reply = format!(
            r#"{{"topic":{topic},"event":"phx_reply","payload":{{"status":"error","response":{{"reason":"{reason}""#
        );
        check_in(Serializer::V1, &text, Ok(&reply));
        let Err(DecodeError::Refused(frame)) = Serializer::V1.decode(&text, 4) else {
            panic!("{text} is refused");
        };
        let reply = Serializer::V1.refuse(&frame);
        let reply = reply.as_text().unwrap();
        assert!(
            reply.ends_with(&format!(r#","ref":{reference}}}"#)),
            "{reply}"
        );
    }
}

#[test]
fn in_version_1_a_binary_message_is_read_as_text() {
    let text = br#"{"topic":"t","event":"e","payload":{},"ref":"1"}"#;
    let read = |bytes: &[u8]| Serializer::V1.decode_binary(&Bytes::copy_from_slice(bytes), 4);
    assert_eq!(read(text).unwrap().topic, "t");
    assert_eq!(
        read(b"\xff").unwrap_err(),
        DecodeError::Malformed(ExpectedFormat::Object)
    );
}

#[test]
fn five_elements_are_a_frame_and_more_are_ignored() {
    check(r#"["1",2,"t","e",{}]"#, Ok(r#""1" 2 t e {}"#));
    check(
        r#"[null,null,"t","e",null,{"x":[]},7]"#,
        Ok("null null t e null"),
    );
    check(
        r#" [ null , "2" , "t:\u00e9" , "e" , [1] ] "#,
        Ok(r#"null "2" t:é e [1]"#),
    );
}

#[test]
fn anything_else_is_malformed() {
    for text in [
        "",
        "null",
        "{}",
        "[]",
        "hello",
        r#"["1","2","t","e"]"#,
        r#"["1","2","t","e",{}"#,
        r#"["1","2","t","e",{}] x"#,
        r#"{"topic":"t","event":"e","payload":{},"ref":"1"}"#,
    ] {
        check(text, Err(ExpectedFormat::Array));
    }
}

#[test]
fn depth_counts_brackets_outside_strings() {
    check(
        r#"[null,"1","t","e",[[["]"]]]]"#,
        Ok(r#"null "1" t e [[["]"]]]"#),
    );
    check_refused(
        r#"[null,"1","t","e",[[[[]]]]]"#,
        r#"null,"1","t""#,
        "nested too deeply",
    );
    check(
        r#"[null,"1","t","[[[[\"[[[","[[[["]"#,
        Ok(r#"null "1" t [[[["[[[ "[[[[""#),
    );
}

#[test]
fn names_have_at_most_255_bytes() {
    let name = "é".repeat(127);
    assert!(
        Serializer::V2
            .decode(&format!(r#"["{name}","{name}","{name}","{name}",{{}}]"#), 4)
            .is_ok()
    );
    let long = &format!("\"{name}xx\"");
    for (names, event) in [
        (format!(r#"null,"1",{long}"#), r#""e""#),
        (r#"null,"1","t""#.to_owned(), &**long),
        (format!(r#"null,{long},"t""#), r#""e""#),
        (format!(r#"{long},null,"t""#), r#""e""#),
    ] {
        check_refused(&format!("[{names},{event},{{}}]"), &names, "name too long");
    }
}

#[test]
fn names_that_are_no_text_are_refused_as_they_came() {
    for names in [
        r#""1","2",3"#,
        r#""1","2",null"#,
        r#""1","2",{"a":[1]}"#,
        r#""1","2","\ud83d""#,
        r#""\udc00","2","t""#,
        r#""1",["\ud800"],"t""#,
    ] {
        check_refused(&format!(r#"[{names},"e",{{}}]"#), names, "not text");
    }
    check_refused(r#"["1","2","t",null,{}]"#, r#""1","2","t""#, "not text");
}
