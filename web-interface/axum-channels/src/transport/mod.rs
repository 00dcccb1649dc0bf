//! The two transports: a WebSocket, or long polls where a proxy allows no WebSocket.
//!
//! `acceptor` bounds and accepts connections, `mount` is the configuration that they share, and
//! `handshake` checks a WebSocket request. `socket` is the one task of a connection, `longpoll` the
//! session that stands for one; `rate_limiter` bounds how fast a client may send.

pub(crate) mod acceptor;
mod handshake;
pub(crate) mod longpoll;
mod mount;
mod rate_limiter;
mod socket;
