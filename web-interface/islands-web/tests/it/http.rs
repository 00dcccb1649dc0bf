//! HTTP requests, with a deadline.

use std::net::SocketAddr;
use std::ops::Deref;

use serde_json::Value;

use crate::client::within_patience;

/// An answer whose form the test knows.
pub(crate) struct Response(harness::Response);

impl Response {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        self.0.json().unwrap()
    }

    /// Returns the stable name of a refusal, and checks that it has a message too.
    #[track_caller]
    pub(crate) fn reason(&self) -> String {
        let refusal = self.json();
        assert_ne!(refusal["message"].as_str().unwrap_or_default(), "");
        refusal["reason"].as_str().unwrap().to_owned()
    }
}

impl Deref for Response {
    type Target = harness::Response;

    fn deref(&self) -> &harness::Response {
        &self.0
    }
}

/// Sends a request. `head` is the request line and the headers, one a line.
pub(crate) async fn request(address: SocketAddr, head: &str, body: &str) -> Response {
    Response(
        within_patience(harness::request(address, head, body))
            .await
            .unwrap(),
    )
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Response {
    Response(within_patience(harness::get(address, path)).await.unwrap())
}

pub(crate) async fn post(address: SocketAddr, path: &str, body: &str) -> Response {
    Response(
        within_patience(harness::post(address, path, body))
            .await
            .unwrap(),
    )
}
