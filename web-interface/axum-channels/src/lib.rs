//! Phoenix Channels for [axum]: many topics over one WebSocket, or over polls where there can be
//! none, served to every stock client of the protocol, the `phoenix` npm package first of all.
//!
//! A **channel** is a Rust type that answers for a family of topics. A client joins a topic, sends
//! events to it and gets replies, pushes and broadcasts back. Read in this order:
//!
//! 1. [`Channel`], what an application writes: `join`, `handle`, `info`, `intercept`, `terminate`;
//! 2. [`Joined`], [`JoinError`], [`Outcome`], [`Flow`], what its callbacks answer;
//! 3. [`Context`], what they can do: push and broadcast, be present and say who is;
//! 4. [`Channels`], the routes from topics to channels, and [`Connect`], the door in front of them;
//! 5. [`Endpoint`], the handle for the rest of the program: broadcast, count, drain; and
//!    [`Broker`], what connects it with those of other processes;
//! 6. [`poll_refusals`], a layer for applications that may refuse a request before it gets here.
//!
//! Who knows Phoenix finds its parts in the [`guide`]; [`testing`] has a client for tests of
//! channels, and `examples/chat.rs` is a room with a page.
//!
//! Both versions of the protocol's frames are spoken, and the binary form of the second, whatever
//! a client chooses; a channel need not know. One broadcast is encoded once for each version.
//!
//! Four folders hold them: `api`, what an application writes and calls; `protocol`, which decides what
//! every frame means and does no I/O; `topics`, the table that a broadcast reads, with the bounded
//! queue in front of each client; and `transport`, the one task of a connection and what stands for
//! one.
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
    channel::{Channel, Flow, Joined},
    channels::Channels,
    connect::{Connect, ConnectError},
    context::Context,
    endpoint::{Drained, Endpoint},
    origin::{BadOrigin, Origins, RequestOrigin},
    outcome::{JoinError, Outcome},
    replier::Replier,
    settings::Settings,
};
/// Bytes that are shared, not copied: what binary frames carry.
pub use bytes::Bytes;
pub use metrics::Metrics;
pub use protocol::{
    EndReason,
    payload::{Payload, PayloadError},
};
pub use topics::{
    broker::{BadMessage, Broker, BrokerReceiver, InProcess, Publish},
    presence::{InvalidPresenceKey, PresenceKey},
    replay::Resumed,
};
pub use transport::{
    acceptor::Acceptor,
    longpoll::{poll_refusal, poll_refusals},
};
