//! Refusals of polls by layers in front of the channels.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::StatusCode,
    middleware::{Next, from_fn},
    response::IntoResponse,
};
use serde_json::json;
use tower::ServiceExt;

use crate::server::Server;

#[tokio::test]
async fn a_layer_that_refuses_a_poll_adds_a_json_status() {
    let server = Server::start().await;
    let refuse = |answer: (StatusCode, &'static str)| {
        let refuse = from_fn(move |_: Request, _: Next| async move { answer.into_response() });
        let app = server.acceptor.router("/socket").layer(refuse);
        app.layer(from_fn(axum_channels::long_poll_refusals))
    };
    let ask = async |app: axum::Router, path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = app.oneshot(request).await.unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    };
    let limited = (StatusCode::TOO_MANY_REQUESTS, r#"{"reason":"too_many"}"#);
    for path in [
        "/socket/longpoll?vsn=2.0.0",
        "/socket//longpoll/",
        "/nowhere/longpoll",
    ] {
        let (status, body) = ask(refuse(limited), path).await;
        assert_eq!(status, limited.0);
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer, json!({ "reason": "too_many", "status": 500 }));
    }
    for text in ["", "slow down\n", "[1]", "<html>"] {
        let answer = (StatusCode::SERVICE_UNAVAILABLE, text);
        let (_, body) = ask(refuse(answer), "/socket/longpoll").await;
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer, json!({ "message": text.trim(), "status": 500 }));
    }
    let (_, other) = ask(refuse(limited), "/socket/websocket").await;
    assert_eq!(other, limited.1, "only polls need it");
    let (status, _) = ask(refuse((StatusCode::OK, "{}")), "/socket/longpoll").await;
    assert_eq!(status, 200);
}
