//! A client for tests of channels: it joins, pushes and reads over an in-memory stream, through the
//! whole protocol.
//!
//! ```
//! use axum_channels::{
//!     Channel, Channels, Context, Endpoint, Joined, Outcome, JoinError, testing::TestClient,
//! };
//! use serde_json::{Value, json};
//!
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "snake_case")]
//! enum In {
//!     Say { text: String },
//! }
//!
//! struct Room;
//!
//! impl Channel for Room {
//!     type Assigns = String;
//!     type Params = Value;
//!     type Event = In;
//!     type Info = ();
//!     type State = ();
//!
//!     async fn join(&self, _: Value, _: &Context<String>) -> Result<Joined<Self>, JoinError> {
//!         Ok(Joined::new(()))
//!     }
//!
//!     async fn handle(&self, _: &(), In::Say { text }: In, ctx: &Context<String>) -> Outcome {
//!         ctx.broadcast("said", &json!({ "by": ctx.assigns(), "text": text }));
//!         Outcome::ok(&())
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let channels = Channels::on_connect(|_| async { Ok(String::new()) }).channel("room:*", Room);
//! let acceptor = channels.accept(&Endpoint::new());
//! let mut ada = TestClient::connect(&acceptor, "Ada".to_owned()).await;
//! let mut bob = TestClient::connect(&acceptor, "Bob".to_owned()).await;
//! ada.join("room:1", &json!({})).await.unwrap();
//! bob.join("room:1", &json!({})).await.unwrap();
//!
//! let reply = ada.push("room:1", "say", &json!({ "text": "hello" })).await;
//! assert_eq!(reply.status, "ok");
//! let said = json!({ "by": "Ada", "text": "hello" });
//! assert_eq!(bob.expect("room:1", "said").await, said);
//! assert_eq!(bob.rest().await, []);
//! # });
//! ```

use std::{collections::HashMap, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};

use crate::Acceptor;

/// How long a call waits for an expected frame before the test fails.
const RECEIVE_TIMEOUT: Duration = Duration::from_secs(5);

/// Capacity of the in-memory stream in each direction, in bytes.
const STREAM_CAPACITY: usize = 64 * 1024;

/// One socket of a client that speaks version 2.
///
/// Its methods panic, and so fail the test, if the expected frame does not arrive within 5 seconds,
/// or if the server closes the socket or sends bytes.
#[derive(Debug)]
pub struct TestClient {
    socket: WebSocketStream<DuplexStream>,
    last_ref: u64,
    /// The reference of each topic's join.
    joins: HashMap<String, String>,
    /// Events that were received and not yet returned.
    received: Vec<ReceivedEvent>,
}

/// A reply to a push.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Reply {
    /// `ok`, `error` or another.
    pub status: String,
    /// The response that the reply carries.
    pub response: Value,
}

/// A push or a broadcast, `phx_close` and `phx_error` included.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceivedEvent {
    /// The topic.
    pub topic: String,
    /// The event.
    pub event: String,
    /// Its payload.
    pub payload: Value,
}

/// A frame of the server: `[join_ref, ref, topic, event, payload]`.
type Frame = (Value, Option<String>, String, String, Value);

impl TestClient {
    /// Connects a client with the assigns that a connect hook would return.
    ///
    /// # Panics
    /// Never. If the endpoint is draining or full the socket is closed, and the next call panics.
    pub async fn connect<A: Send + Sync + 'static>(acceptor: &Acceptor<A>, assigns: A) -> Self {
        let (ours, theirs) = tokio::io::duplex(STREAM_CAPACITY);
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            // An error drops the stream, and the client finds its socket closed.
            let _ = acceptor.serve(theirs, assigns).await;
        });
        Self {
            socket: WebSocketStream::from_raw_socket(ours, Role::Client, None).await,
            last_ref: 0,
            joins: HashMap::new(),
            received: Vec::new(),
        }
    }

    /// Joins a topic, and returns the response of the reply.
    ///
    /// # Errors
    /// The response, if the status of the reply is not `ok`.
    ///
    /// # Panics
    /// See [`TestClient`].
    pub async fn join<T: Serialize + ?Sized>(
        &mut self,
        topic: &str,
        params: &T,
    ) -> Result<Value, Value> {
        let reference = self.next_ref();
        self.joins.insert(topic.to_owned(), reference.clone());
        self.send(&reference, topic, "phx_join", params).await;
        let Reply { status, response } = self.reply(&reference).await;
        match &*status {
            "ok" => Ok(response),
            _ => Err(response),
        }
    }

    /// Sends an event and waits for the reply.
    ///
    /// # Panics
    /// See [`TestClient`].
    pub async fn push<T: Serialize + ?Sized>(
        &mut self,
        topic: &str,
        event: &str,
        payload: &T,
    ) -> Reply {
        let reference = self.next_ref();
        self.send(&reference, topic, event, payload).await;
        self.reply(&reference).await
    }

    /// Sends an event without waiting for a reply.
    ///
    /// # Panics
    /// See [`TestClient`].
    pub async fn cast<T: Serialize + ?Sized>(&mut self, topic: &str, event: &str, payload: &T) {
        let reference = self.next_ref();
        self.send(&reference, topic, event, payload).await;
    }

    /// Leaves a topic.
    ///
    /// # Panics
    /// See [`TestClient`].
    pub async fn leave(&mut self, topic: &str) {
        self.push(topic, "phx_leave", &json!({})).await;
    }

    /// Returns the payload of the next `event` on `topic`. Other events that arrive before it are
    /// kept for later calls.
    ///
    /// # Panics
    /// See [`TestClient`].
    pub async fn expect(&mut self, topic: &str, event: &str) -> Value {
        let matches = |it: &ReceivedEvent| it.topic == topic && it.event == event;
        loop {
            if let Some(at) = self.received.iter().position(matches) {
                return self.received.remove(at).payload;
            }
            let what = format!("{event} on {topic}");
            // A reply here answers a frame that was cast, and is ignored.
            self.receive(&what).await;
        }
    }

    /// Returns the events received so far and not yet returned.
    ///
    /// # Panics
    /// See [`TestClient`].
    pub async fn rest(&mut self) -> Vec<ReceivedEvent> {
        let reference = self.next_ref();
        self.send(&reference, "phoenix", "heartbeat", &json!({}))
            .await;
        self.reply(&reference).await;
        std::mem::take(&mut self.received)
    }

    fn next_ref(&mut self) -> String {
        self.last_ref += 1;
        self.last_ref.to_string()
    }

    async fn send<T: Serialize + ?Sized>(
        &mut self,
        reference: &str,
        topic: &str,
        event: &str,
        payload: &T,
    ) {
        let frame = json!([self.joins.get(topic), reference, topic, event, payload]);
        let sent = self.socket.send(Message::text(frame.to_string())).await;
        sent.unwrap_or_else(|error| panic!("{event} cannot be sent: {error}"));
    }

    /// Waits for the reply to this reference. Ignores replies to frames that were cast.
    async fn reply(&mut self, reference: &str) -> Reply {
        loop {
            let reply = self.receive("a reply").await;
            if let Some((_, reply)) = reply.filter(|(of, _)| of == reference) {
                return reply;
            }
        }
    }

    /// Receives one frame. Returns a reply with its reference, and keeps any other event.
    async fn receive(&mut self, what: &str) -> Option<(String, Reply)> {
        let message = tokio::time::timeout(RECEIVE_TIMEOUT, self.socket.next()).await;
        let message = message.unwrap_or_else(|_| panic!("{what} did not come"));
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            other => panic!("expected {what}, received {other:?}"),
        };
        let frame: Result<Frame, _> = serde_json::from_str(&text);
        let (_, reference, topic, event, payload) =
            frame.unwrap_or_else(|error| panic!("{text} is no frame: {error}"));
        if event != "phx_reply" {
            self.received.push(ReceivedEvent {
                topic,
                event,
                payload,
            });
            return None;
        }
        let reply = serde_json::from_value(payload);
        let reply = reply.unwrap_or_else(|error| panic!("{text} is no reply: {error}"));
        Some((reference.unwrap_or_default(), reply))
    }
}
