//! What an application writes, and what it calls.
//!
//! `channel` is the trait, `outcome` and `replier` what its callbacks answer, `context` what they can
//! do; `channels`, `route`, `connect`, `origin` and `settings` say what is served to whom, and
//! `endpoint` is the handle for the rest of the program. Below them `event` and `bad_payload` read what
//! a client has sent, and `live` is a channel without its type.

pub(crate) mod bad_payload;
pub(crate) mod channel;
pub(crate) mod channels;
pub(crate) mod connect;
pub(crate) mod context;
pub(crate) mod endpoint;
mod event;
pub(crate) mod live;
pub(crate) mod log_limiter;
pub(crate) mod origin;
pub(crate) mod outcome;
pub(crate) mod replier;
mod route;
pub(crate) mod settings;
