//! Starts and ends a server process, sends it HTTP requests, and joins its channels, for
//! tests and tools.
//!
//! Depends on no other crate of the workspace. A [`Program`] is any server whose first
//! line of output is `listening on http://ADDRESS`; a [`Socket`] is a client of version 2
//! of the Phoenix protocol.

mod http;
mod program;
mod socket;

pub use http::{Response, get, post, request};
pub use program::{Program, signal};
pub use socket::{ConnectError, Frame, Received, Socket};
