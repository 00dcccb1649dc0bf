//! The application: the page, the HTTP interface and the game channel in front
//! of the [engine](islands_engine).
//!
//! Nothing here decides what may happen in a game. [`Server`] is the whole
//! program; [`Config`] is what an operator may choose. Behind them, in the order
//! in which they are best read: `api` and `page`, the routes; `game_channel`, how
//! one plays; `listener`, how a client misses nothing; `told`, what clients are
//! told, and `denial`, what they are told instead; `seat`, who may play. `journal_command` is for operators.

mod accept;
mod api;
mod config;
mod denial;
mod game_channel;
mod journal_command;
mod json_body;
mod limit;
mod listener;
mod page;
mod proxy;
mod seat;
mod secret;
mod security;
mod server;
mod share;
mod told;
mod visitor;

pub use config::{Command, CommandLine, Config, JournalAt, LogFormat};
pub use journal_command::JournalCommand;
pub use server::Server;
