//! The application: the page, the HTTP interface and the channels in front of the
//! [engine](islands_engine).
//!
//! Nothing here decides what may happen in a game. [`Server`] is the whole program;
//! [`Config`] is its configuration. The other modules, in reading order: `api` and
//! `page` are the routes; `game_channel` is where people play; `lobby`, with its channel, is
//! where strangers find an opponent; `payload` is the JSON of views and events, `api_error`
//! that of refusals; `name` holds the rules for players' names; `proxy` finds the client behind a proxy; `address_limit` bounds what
//! one address may use; `sweep` forgets old games. For operators: `metrics` and
//! `system`, and the program's own commands, `game_command` and `journal_command`.

mod accept;
mod address_limit;
mod api;
mod api_error;
mod app;
mod config;
mod game_channel;
mod game_command;
mod game_rate_limiter;
mod journal_command;
mod json_body;
mod lobby;
mod lobby_channel;
mod metrics;
mod name;
mod operator;
mod page;
mod payload;
mod proxy;
mod refusal_reason;
mod secret;
mod security;
mod server;
mod socket_client;
mod sweep;
mod system;
mod wire_metrics;

pub use config::{Command, CommandLine, Config, JournalAt, LogFormat};
pub use game_command::GameCommand;
pub use journal_command::JournalCommand;
pub use server::Server;
