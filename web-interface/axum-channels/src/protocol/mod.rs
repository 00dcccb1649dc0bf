//! The protocol without its transport: frames in, frames and effects out.
//!
//! Nothing here waits, reads a clock or knows a socket, so every rule is tested in microseconds.
//! `frame` reads what a client sends, `encode` writes what it is sent, `pattern` matches topics to
//! routes, and `session` decides, frame by frame, what happens on one socket.

pub(crate) mod effect;
pub(crate) mod encode;
pub(crate) mod frame;
pub(crate) mod pattern;
pub(crate) mod reference;
pub(crate) mod session;
#[cfg(test)]
mod session_model;
#[cfg(test)]
mod session_tests;
mod topic;

pub(crate) use effect::{Effect, JoinAnswer, Limits, MemberId};
pub(crate) use frame::Frame;
pub(crate) use pattern::Pattern;
pub(crate) use reference::Ref;
pub(crate) use session::Session;
