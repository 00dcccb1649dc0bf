//! Invalid request bodies, and their refusals.

use crate::http::{post, request};
use crate::running::Running;

/// Checks that `POST /api/games` refuses a body, and names the field at fault.
#[track_caller]
fn check(body: &str, field: &str, expected: &str) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let server = Running::start().await;
        let answer = post(server.address, "/api/games", body).await;
        assert_eq!(answer.status, 422, "at {caller}");
        assert_eq!(answer.reason(), "bad_payload", "at {caller}");
        let body = answer.json();
        assert_eq!(body["field"], field, "at {caller}");
        let message = body["message"].as_str().unwrap();
        assert!(message.contains(expected), "{message} at {caller}");
    }
}

#[tokio::test]
async fn a_missing_field_is_named() {
    check("{}", "name", "missing").await;
    check(r#"{"opponent": "hunt"}"#, "name", "missing").await;
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named() {
    check(r#"{"name": 1}"#, "name", "string").await;
    check(r#"{"name": null}"#, "name", "string").await;
    check(r#"{"name": "Ada", "listed": 1}"#, "listed", "boolean").await;
    check(r#"{"name": "Ada", "opponent": {}}"#, "opponent", "string").await;
}

#[tokio::test]
async fn what_is_no_json_object_is_refused_as_a_whole() {
    for body in ["", "{", "nonsense", "[]", "7", "\"Ada\"", "null"] {
        check(body, "payload", "").await;
    }
    check(r#"{"name": "Ada"} {"name": "Bob"}"#, "payload", "").await;
}

#[tokio::test]
async fn an_unknown_computer_is_refused() {
    check(
        r#"{"name": "Ada", "opponent": "exact"}"#,
        "opponent",
        "exact",
    )
    .await;
    check(
        r#"{"name": "Ada", "opponent": "deep"}"#,
        "opponent",
        "random or hunt",
    )
    .await;
}

#[tokio::test]
async fn a_body_has_at_most_16_kib() {
    let server = Running::start().await;
    let body = |length: usize| {
        let rest = r#"{"name": "Ada", "listed": true}"#;
        format!("{rest}{}", " ".repeat(length - rest.len()))
    };
    let most = post(server.address, "/api/games", &body(16 * 1024)).await;
    assert_eq!(most.status, 201);
    let more = post(server.address, "/api/games", &body(16 * 1024 + 1)).await;
    assert_eq!((more.status, more.reason()), (413, "body_too_large".into()));
}

#[tokio::test]
async fn a_body_needs_the_json_content_type() {
    let server = Running::start().await;
    let send = async |content_type: &str| {
        let head = format!("POST /api/games\n{content_type}");
        request(server.address, &head, r#"{"name": "Ada"}"#).await
    };
    for right in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "APPLICATION/JSON;CHARSET=UTF-8",
        "application/json;",
        "  application/Json ; v=1",
    ] {
        let answer = send(&format!("content-type: {right}")).await;
        assert_eq!(answer.status, 201, "{right}");
    }
    for wrong in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "json",
        "application/json-seq",
        "application/json, text/plain",
        "",
    ] {
        let answer = send(&format!("content-type: {wrong}")).await;
        assert_eq!((answer.status, answer.reason()), (415, "not_json".into()));
    }
    let unsaid = request(server.address, "POST /api/games", "{}").await;
    assert_eq!(unsaid.status, 415);
}
