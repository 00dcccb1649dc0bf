//! The whole server over real sockets: one test for each rule that players, programs
//! and operators rely on.

// A test may panic on an unexpected error.
#![allow(clippy::unwrap_used)]

mod client;
mod fold;
mod http;
mod program;
mod running;
mod secrecy_checker;
mod table;

mod address_limits;
mod bad_input;
mod bodies;
mod command_ids;
mod crashes;
mod games;
mod journal_command;
mod limits;
mod lobby;
mod logging;
mod metrics;
mod names;
mod origins;
mod page;
mod polls;
mod presence;
mod proxies;
mod quarantine;
mod rematch;
mod restarts;
mod resume;
mod seats;
mod secrecy;
mod stalls;
mod starting;
mod system;
mod whole_game;
