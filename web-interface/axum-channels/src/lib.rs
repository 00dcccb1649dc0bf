//! Phoenix Channels for [axum]: many topics over one WebSocket, or over long polls where a proxy
//! allows no WebSocket. It serves every stock client of the protocol, above all the `phoenix` npm
//! package.
//!
//! A **channel** is a Rust type that serves a family of topics. A client joins a topic, sends
//! events to it and gets replies, pushes and broadcasts. Read in this order:
//!
//! 1. [`Channel`], the trait that an application implements: `join`, `handle`, `info`, `intercept`,
//!    `terminate`;
//! 2. [`Joined`], [`JoinError`], [`Outcome`], [`InfoOutcome`], what its callbacks return;
//! 3. [`Context`], what a callback can do: push, broadcast, track and list presence;
//! 4. [`Channels`], the routes from topics to channels, and [`Connect`], the handshake request that
//!    the connect hook accepts or refuses;
//! 5. [`Endpoint`], the handle for the rest of the program: broadcast, count, drain; and
//!    [`Broker`], which connects it to the endpoints of other processes;
//! 6. [`long_poll_refusals`], a layer for applications that may refuse a request before the channels
//!    do.
//!
//! The [`guide`] maps the parts of Phoenix to this crate. [`testing`] has a client for tests of
//! channels, and `examples/chat.rs` is a chat room with its page.
//!
//! The client chooses version 1 or 2 of the protocol, binary frames of version 2 included; a
//! channel need not know which. A broadcast is encoded at most once per version.
//!
//! The source has four folders: `api`, what an application implements and calls; `protocol`, which
//! decides what every frame means and does no I/O; `topics`, the table of subscribers, with the
//! bounded queue in front of each client; and `transport`, the task of a WebSocket or of a
//! long-poll session.
//!
//! ```
//! use axum_channels::{Channel, Channels, Context, Endpoint, Joined, Outcome, JoinError};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! #[serde(rename_all = "snake_case")]
//! enum In {
//!     Say { text: String },
//! }
//!
//! struct Room;
//!
//! impl Channel for Room {
//!     type Assigns = ();
//!     type Params = serde_json::Value;
//!     type Event = In;
//!     type Info = ();
//!     type State = ();
//!
//!     async fn join(&self, _: Self::Params, _: &Context<()>) -> Result<Joined<Self>, JoinError> {
//!         Ok(Joined::new(()))
//!     }
//!
//!     async fn handle(&self, _: &(), event: In, ctx: &Context<()>) -> Outcome {
//!         let In::Say { text } = event;
//!         ctx.broadcast("said", &serde_json::json!({ "text": text }));
//!         Outcome::ok(&())
//!     }
//! }
//!
//! let endpoint = Endpoint::new();
//! let app: axum::Router = Channels::new().channel("room:*", Room).mount("/socket", &endpoint);
//! # drop(app);
//! ```

mod api;
mod metrics;
mod protocol;
mod random;
mod sockets;
mod topics;
mod transport;

#[doc = include_str!("guide.md")]
pub mod guide {}
pub mod testing;

pub use api::{
    bad_payload::BadPayload,
    channel::{Channel, InfoOutcome, Joined},
    channels::Channels,
    connect::{Connect, ConnectError},
    context::Context,
    endpoint::{Drained, Endpoint},
    origin::{BadOrigin, Origins, ServerOrigin},
    outcome::{JoinError, Outcome},
    replier::Replier,
    settings::Settings,
};
/// Shared bytes that are cheap to clone: the payload of binary frames.
pub use bytes::Bytes;
pub use metrics::Metrics;
pub use protocol::{
    EndReason,
    payload::{Payload, PayloadError},
};
pub use topics::{
    broker::{BadMessage, Broker, BrokerReceiver, InProcessBroker, Publish},
    presence::{InvalidPresenceKey, PresenceKey},
    replay_buffer::Resumed,
};
pub use transport::{
    acceptor::Acceptor,
    longpoll::{long_poll_refusal, long_poll_refusals},
};
