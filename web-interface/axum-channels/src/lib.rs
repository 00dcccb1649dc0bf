//! Phoenix Channels for [axum]: many topics over one WebSocket, or over polls where there can be
//! none, served to every stock client of the protocol, the `phoenix` npm package first of all.
//!
//! A **channel** is a Rust type that answers for a family of topics. A client joins a topic, sends
//! events to it and gets replies, pushes and broadcasts back. Read in this order:
//!
//! 1. [`Channel`], what an application writes: `join`, `handle`, `info`, `intercept`, `terminate`;
//! 2. [`Joined`], [`Refusal`], [`Outcome`], [`Flow`], what its callbacks answer;
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
//! Behind them lie `protocol`, which decides what every frame means and does no I/O; `socket`, the
//! one task of a connection, and `longpoll`, what stands for one; `topics`, the table that a
//! broadcast reads; and `outbox`, the bounded queue in front of each client.
//!
//! ```
//! use axum_channels::{Channel, Channels, Context, Endpoint, Joined, Outcome, Refusal};
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
//!     async fn join(&self, _: Self::Params, _: &Context<()>) -> Result<Joined<Self>, Refusal> {
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

mod channel;
mod context;
mod outcome;
mod payload;
mod presence;
mod replay;
mod replier;

mod channels;
mod connect;
mod origin;
mod settings;

mod acceptor;
mod broker;
mod endpoint;
mod metrics;

#[doc = include_str!("guide.md")]
pub mod guide {}
pub mod testing;

mod bad_payload;
mod event;
mod handshake;
mod live;
mod lock;
mod log_limiter;
mod longpoll;
mod outbox;
mod pace;
mod port;
mod protocol;
mod random;
mod route;
mod socket;
mod topics;

pub use acceptor::Acceptor;
pub use bad_payload::BadPayload;
pub use broker::{BadMessage, Broker, InProcess, Inlet, Publish};
pub use channel::{Channel, Ending, Flow, Joined};
pub use channels::Channels;
pub use connect::{Connect, Refused};
pub use context::Context;
pub use endpoint::{Drained, Endpoint};
pub use longpoll::{poll_refusal, poll_refusals};
pub use metrics::Metrics;
pub use origin::{BadOrigin, Origins, RequestOrigin};
pub use outcome::{Outcome, Refusal};
pub use payload::{Payload, PayloadError};
pub use presence::{InvalidPresenceKey, PresenceKey};
pub use replay::Resumed;
pub use replier::Replier;
pub use settings::Settings;
/// Bytes that are shared, not copied: what binary frames carry.
pub use tokio_tungstenite::tungstenite::Bytes;
