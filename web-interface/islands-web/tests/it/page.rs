//! The page, its files, and the headers of every answer.

use serde_json::json;

use crate::http::{Response, request};
use crate::running::Running;

#[tokio::test]
async fn the_page_is_the_same_at_the_root_and_at_an_invitation() {
    let server = Running::start().await;
    let root = server.get("/").await;
    assert_eq!(root.status, 200);
    assert_eq!(
        root.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(root.body.starts_with("<!doctype html>"));
    // A damaged link gets the page too, which explains what is wrong.
    for path in [
        "/g/aaaaaaaaaaaaaaaa",
        "/g/aaaaaaaaaaaaaaaa/",
        "/g/aaaaaaaaaaaaaaaa.",
        "/g/aaaaaaaaaaaaaaaa)",
        "/g/AAAAAAAAAAAAAAAA",
        "/g/aaaaaaaaaaaaaaaa%E2%80%9D",
        "/g/aaaa",
    ] {
        let invitation = server.get(path).await;
        assert_eq!(invitation.status, 200, "{path}");
        assert_eq!(invitation.body, root.body);
    }
}

#[tokio::test]
async fn every_file_that_the_page_names_is_served() {
    let server = Running::start().await;
    let page = server.get("/").await.body.clone();
    let named = page.split('"').filter(|text| text.starts_with("/static/"));
    let named: Vec<_> = named.collect();
    assert!(!named.is_empty());
    for path in named {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_current_copy_is_not_sent_again() {
    let server = Running::start().await;
    for path in ["/", "/static/main.js"] {
        let first = server.get(path).await;
        let etag = first.header("etag").unwrap();
        assert_eq!(first.header("cache-control"), Some("no-cache"));
        let again = format!("GET {path}\nif-none-match: {etag}");
        let again = request(server.address, &again, "").await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        assert_eq!(again.header("etag"), Some(etag));
        for (known, status) in [
            (format!("W/{etag}"), 304),
            (format!("\"a\", {etag}, \"b\""), 304),
            (format!("\"a\",W/{etag}"), 304),
            (format!("\"a\"\nif-none-match: {etag}"), 304),
            ("*".into(), 304),
            ("\"another\"".into(), 200),
            (etag.trim_matches('"').into(), 200),
            (format!("w/{etag}"), 200),
            (etag.to_uppercase(), 200),
            (String::new(), 200),
            ("W/\"\"".into(), 200),
            ("\"a, b\"".into(), 200),
        ] {
            let ask = format!("GET {path}\nif-none-match: {known}");
            let answer = request(server.address, &ask, "").await;
            assert_eq!(answer.status, status, "{path} {known}");
        }
    }
}

#[tokio::test]
async fn only_the_files_of_the_page_are_served() {
    let server = Running::start().await;
    for path in [
        "/nothing",
        "/static/nothing.js",
        "/static/",
        "/static/../Cargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/static/%FF",
        "/static/locales",
        "/api",
        "/g/",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.reason(), "no_such_path", "{path}");
    }
}

#[tokio::test]
async fn health_and_readiness_are_reported() {
    let server = Running::start().await;
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(server.get("/readyz").await.status, 200);
}

#[track_caller]
fn check_headers(answer: &Response, status: u16) {
    assert_eq!(answer.status, status);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
}

#[tokio::test]
async fn every_response_has_security_headers() {
    let server = Running::start().await;
    check_headers(&server.get("/").await, 200);
    check_headers(&server.get("/g/aaaaaaaaaaaaaaaa").await, 200);
    check_headers(&server.get("/static/app.css").await, 200);
    check_headers(&server.get("/healthz").await, 200);
    check_headers(&server.get("/nothing").await, 404);
    check_headers(&server.get("/api/games").await, 405);
    check_headers(&server.get("/api/games/aaaaaaaaaaaaaaaa").await, 404);
    check_headers(&server.get("/socket/websocket").await, 400);
    let ada = json!({"name": "Ada"});
    check_headers(&server.post("/api/games", &ada).await, 201);
    check_headers(&server.post("/api/games", &json!({})).await, 422);
    check_headers(&request(server.address, "POST /api/games", "{}").await, 415);
    let etag = server.get("/").await;
    let again = format!("GET /\nif-none-match: {}", etag.header("etag").unwrap());
    check_headers(&request(server.address, &again, "").await, 304);
}
