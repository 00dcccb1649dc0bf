//! The application: the page, the HTTP interface and the game channel in front
//! of the [engine](islands_engine).
//!
//! Nothing here decides what may happen in a game. [`Server`] is the whole
//! program; [`Config`] is what an operator may choose. Behind them, in the order
//! in which they are best read: `api` and `page`, the routes; `game_channel`, how
//! one plays; `listener`, how a client misses nothing; `lobby`, where strangers
//! meet, and its channel; `payload`, what clients are told, and `api_error`, what they
//! are told instead; `seat`, who may play; `name`, what they may be called; `proxy`,
//! whom a request is from; `share`, what one address may have; `sweep`, how old games
//! go. For operators: `metrics` and `system`, and the program's own commands,
//! `game_command` and `journal_command`.

mod accept;
mod address_limit;
mod api;
mod api_error;
mod app;
mod config;
mod game_channel;
mod game_command;
mod journal_command;
mod json_body;
mod limit;
mod listener;
mod lobby;
mod lobby_channel;
mod metrics;
mod name;
mod operator;
mod page;
mod payload;
mod proxy;
mod seat;
mod secret;
mod security;
mod server;
mod sweep;
mod system;
mod turned_away;
mod visitor;
mod wire_metrics;

pub use config::{Command, CommandLine, Config, JournalAt, LogFormat};
pub use game_command::GameCommand;
pub use journal_command::JournalCommand;
pub use server::Server;
