//! The protocol without I/O: frames in, frames and effects out.
//!
//! Nothing here waits, reads a clock or knows a socket, so tests run in microseconds. A client
//! sends a `frame`; `serializer` decodes and encodes frames in either version (`v1`, `v2` and its
//! `binary` form, with `json` below). A frame carries a `payload`, and a `reference` for the reply.
//! `pattern` matches topics to routes. `session` is the state machine of one socket: it takes
//! frames, keeps a `joined_topic` for each topic, and returns `effect`s, some with an
//! `encoded_frame`. `end_reason` and `close_reason` say why a channel and a socket end.
//! `broker_message` is the message between endpoints.

mod binary;
pub(crate) mod broker_message;
mod close_reason;
pub(crate) mod effect;
mod encoded_frame;
mod end_reason;
pub(crate) mod frame;
#[cfg(test)]
mod fuzz;
mod joined_topic;
mod json;
pub(crate) mod pattern;
pub(crate) mod payload;
pub(crate) mod reference;
mod serializer;
#[cfg(test)]
mod serializer_fuzz;
#[cfg(test)]
mod serializer_tests;
pub(crate) mod session;
#[cfg(test)]
mod session_fuzz;
#[cfg(test)]
mod session_tests;
mod v1;
mod v2;

pub(crate) use close_reason::CloseReason;
pub(crate) use effect::{ChannelId, Effect, JoinOutcome, Limits, NextStep, Reply};
pub(crate) use encoded_frame::EncodedFrame;
pub use end_reason::EndReason;
pub(crate) use frame::{Frame, ReceivedPayload};
pub(crate) use pattern::Pattern;
pub(crate) use reference::Ref;
pub(crate) use serializer::Serializer;
pub(crate) use session::Session;
