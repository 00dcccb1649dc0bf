//! HTTP requests, with a deadline.

use std::net::SocketAddr;
use std::ops::Deref;

use serde_json::Value;

use crate::client::soon;

/// An answer whose form the test knows.
pub(crate) struct Answer(harness::Answer);

impl Answer {
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

impl Deref for Answer {
    type Target = harness::Answer;

    fn deref(&self) -> &harness::Answer {
        &self.0
    }
}

/// Sends a request. `head` is the request line and the headers, one a line.
pub(crate) async fn request(address: SocketAddr, head: &str, body: &str) -> Answer {
    Answer(soon(harness::request(address, head, body)).await.unwrap())
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Answer {
    Answer(soon(harness::get(address, path)).await.unwrap())
}

pub(crate) async fn post(address: SocketAddr, path: &str, body: &str) -> Answer {
    Answer(soon(harness::post(address, path, body)).await.unwrap())
}
