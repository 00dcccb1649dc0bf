//! The protocol without its transport: frames in, frames and effects out.
//!
//! Nothing here waits, reads a clock or knows a socket, so every rule is tested in microseconds.
//! `frame` is what a client sends; `serializer` reads and writes it in either version (`v1`, `v2`
//! and its `binary` form, with `json` below); `pattern` matches topics to routes, and `session` decides, frame by
//! frame, what happens on one socket: by `effect`s, of which some are an `encoded_frame`; `ending`
//! and `closing` say why a channel and a socket end. `published` is what endpoints tell one another,
//! and `payload` what frames carry.

mod binary;
mod closing;
pub(crate) mod effect;
mod encoded_frame;
mod ending;
pub(crate) mod frame;
#[cfg(test)]
mod fuzz;
mod json;
pub(crate) mod pattern;
pub(crate) mod payload;
pub(crate) mod published;
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
mod topic;
mod v1;
mod v2;

pub(crate) use closing::Closing;
pub(crate) use effect::{Effect, JoinAnswer, Limits, MemberId, Reply, Then};
pub(crate) use encoded_frame::EncodedFrame;
pub use ending::Ending;
pub(crate) use frame::{Frame, Received};
pub(crate) use pattern::Pattern;
pub(crate) use reference::Ref;
pub(crate) use serializer::Serializer;
pub(crate) use session::Session;
