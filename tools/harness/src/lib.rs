//! What tests and tools need of a server that runs as a process of its own: to start
//! and to end it, to ask it something over HTTP, and to join its channels.
//!
//! Knows no room. A [`Program`] is any server that prints `listening on http://ADDRESS`
//! first; a [`Socket`] speaks version 2 of the Phoenix protocol to any of them.

mod http;
mod program;
mod socket;

pub use http::{Answer, get, post, request};
pub use program::{Program, signal};
pub use socket::{ConnectError, Frame, Heard, Socket};
