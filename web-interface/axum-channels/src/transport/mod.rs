//! How clients are connected: by a WebSocket, or by polls where there can be none.
//!
//! `acceptor` lets them in, `mount` is what they share, `handshake` checks the request for a socket;
//! `socket` is the one task of a connection, and `longpoll` what stands for one; `pace` says how fast
//! a client may send.

pub(crate) mod acceptor;
mod handshake;
pub(crate) mod longpoll;
mod mount;
mod pace;
mod socket;
