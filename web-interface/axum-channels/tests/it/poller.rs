//! A long-polling client that sends raw requests.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header::HeaderMap},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{client::in_time, server::Server};

/// Calls the router directly, so that a test may pause the clock.
pub(crate) struct Poller {
    router: Router,
    query: &'static str,
    pub(crate) token: String,
}

impl Poller {
    pub(crate) fn of(server: &Server, query: &'static str) -> Self {
        Self {
            router: server.acceptor.router("/socket"),
            query,
            token: String::new(),
        }
    }

    /// A client with a session.
    pub(crate) async fn open(server: &Server) -> Self {
        let mut poller = Self::of(server, "vsn=2.0.0");
        let answer = poller.poll().await;
        assert_eq!(answer["status"], 410);
        assert_eq!(answer["messages"], json!([]));
        poller.token = answer["token"].as_str().unwrap().to_owned();
        poller
    }

    pub(crate) fn request(
        &self,
        method: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Request<Body> {
        let (query, token) = (self.query, &self.token);
        let uri = format!("/socket/longpoll?{query}&token={token}");
        let request = Request::builder().method(method).uri(uri);
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        request.body(body.into()).unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        (parts.status, parts.headers, body)
    }

    /// Returns the JSON of an answer, whose HTTP status must be 200.
    pub(crate) async fn json(&self, method: &str, headers: &[(&str, &str)], body: &str) -> Value {
        let request = self.request(method, headers, body.to_owned());
        let (status, _, body) = self.send(request).await;
        assert_eq!(status, 200);
        serde_json::from_str(&body).unwrap()
    }

    pub(crate) async fn poll(&self) -> Value {
        self.json("GET", &[], "").await
    }

    /// The frames of a poll, at least one.
    pub(crate) async fn frames(&self) -> Vec<String> {
        let answer = in_time(self.poll()).await;
        assert_eq!(
            (&answer["status"], &answer["token"]),
            (&json!(200), &json!(self.token))
        );
        let frames = answer["messages"].as_array().unwrap().iter();
        frames
            .map(|frame| frame.as_str().unwrap().to_owned())
            .collect()
    }

    /// Sends frames, a line each.
    pub(crate) async fn post(&self, frames: &[&str]) -> Value {
        let several = ("content-type", "application/x-ndjson");
        self.json("POST", &[several], &frames.join("\n")).await
    }

    pub(crate) async fn join(&self, topic: &str) {
        let join = format!(r#"["1","1","{topic}","phx_join",{{}}]"#);
        assert_eq!(self.post(&[&join]).await, json!({ "status": 200 }));
        let reply = r#""phx_reply",{"status":"ok","response":{}}]"#;
        assert_eq!(
            self.frames().await,
            [format!(r#"["1","1","{topic}",{reply}"#)]
        );
    }
}
