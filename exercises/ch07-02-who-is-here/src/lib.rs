//! Written by `cargo x generate`; changes here are lost.
//!
//! The modules are those of `web-interface/axum-channels`, except the learner's `topics/presence.rs`.

#![allow(dead_code, unused_imports, unused_macros, unused_mut, unused_variables)]

/// Stands where the learner writes. Uses the arguments, so that the compiler does not warn. Ends
/// the program: a panic would be caught if an actor runs this.
macro_rules! your_code {
    ($($argument:ident),*) => {{
        $(let _ = &$argument;)*
        let (file, line, column) = (file!(), line!(), column!());
        eprintln!("thread panicked at {file}:{line}:{column}:\nthis function is yours to write");
        std::process::exit(101)
    }};
}

/// Stands in a function that a later exercise is about.
macro_rules! later {
    ($($argument:ident),*) => {{
        $(let _ = &$argument;)*
        panic!("a later exercise is about this function")
    }};
}

#[path = "../../../web-interface/axum-channels/src/api/mod.rs"]
mod api;

#[path = "../../../web-interface/axum-channels/src/metrics.rs"]
mod metrics;

#[path = "../../../web-interface/axum-channels/src/protocol/mod.rs"]
mod protocol;

#[path = "../../../web-interface/axum-channels/src/random.rs"]
mod random;

#[path = "../../../web-interface/axum-channels/src/sockets.rs"]
mod sockets;

#[path = "parent/topics.rs"]
mod topics;

#[path = "../../../web-interface/axum-channels/src/transport/mod.rs"]
mod transport;

#[path = "../../../web-interface/axum-channels/src/testing.rs"]
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

#[path = "../../../chapters/walk/src/grid.rs"]
mod grid;

#[path = "../adapter.rs"]
pub mod adapter;
