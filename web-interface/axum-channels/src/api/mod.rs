//! The public API: the trait that an application implements, and the types that it calls.
//!
//! `channel` is the trait; its callbacks return an `outcome`, may keep a `replier`, and act through
//! a `context`. `channels`, `route`, `connect`, `origin` and `settings` configure the routes, the
//! admission of clients and the limits; `endpoint` is the handle for the rest of the program. Below
//! them `event` and `bad_payload` decode a client's payloads, `erased` is the type-erased channel,
//! and `log_limiter` limits the rate of warnings.

pub(crate) mod bad_payload;
pub(crate) mod channel;
pub(crate) mod channels;
pub(crate) mod connect;
pub(crate) mod context;
pub(crate) mod endpoint;
pub(crate) mod erased;
mod event;
pub(crate) mod log_limiter;
pub(crate) mod origin;
pub(crate) mod outcome;
pub(crate) mod replier;
mod route;
pub(crate) mod settings;
