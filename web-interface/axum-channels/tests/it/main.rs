//! The protocol, rule by rule: which frames a client gets, and when its socket is closed.

// A test that meets an error it did not expect has nothing to do but fail.
#![allow(clippy::unwrap_used)]

mod attack;
mod bad_network;
mod binary;
mod brokers;
mod client;
mod counts;
mod disconnect;
mod dispatch;
mod drain;
mod feed;
mod frames;
mod handshake;
mod intercept;
mod isolation;
mod limits;
mod long_poll;
mod long_poll_body;
mod long_poll_end;
mod long_poll_refusals;
mod outcomes;
mod paths;
mod poller;
mod presence;
mod races;
mod rate_limits;
mod refused_frames;
mod resume;
mod room;
mod sequence;
mod server;
mod testing;
mod version_1;
