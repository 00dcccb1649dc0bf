//! Fault injection and the contract of journals, for the tests of this crate and of the
//! crates above it.
//!
//! A [`FaultyJournal`] fails on demand. [`Failpoints`] make the process of a game panic
//! or wait at a [`Failpoint`] of a command. [`kill_game`] and [`kill_supervisor`] end a
//! process from outside.
//!
//! [`journal_contract`] holds the rules that every [`Journal`](crate::journal::Journal)
//! must keep, and [`samples`] the batches and games that its tests append.
//!
//! ```
//! use std::sync::Arc;
//! use islands_core::{Command, Player};
//! use islands_engine::testing::{AppendFault, FaultyJournal};
//! use islands_engine::{Games, NewGame, Settings};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let journal = FaultyJournal::default();
//! let games = Games::start(Settings::default(), Arc::new(journal.clone())).await?;
//! let game = games.create("Ada", NewGame::default()).await?;
//!
//! journal.next_append(game, AppendFault::PanicAfter);
//! let join = Command::AddPlayer { name: "Bob".into() };
//! let accepted = games.command(game, Player::Two, join, None).await?;
//! assert_eq!(accepted.seq, 2, "the crash has cost nothing");
//! # games.shut_down().await;
//! # Ok(())
//! # }
//! ```

mod failpoints;
mod faulty_journal;
mod gate;
pub mod journal_contract;
pub mod samples;

use islands_core::GameId;

pub use failpoints::{Failpoint, Failpoints};
pub use faulty_journal::{Append, AppendFault, FaultyJournal, LoadFault};
pub use gate::Gate;

use crate::games::Games;

/// Kills the process of a game, if it is running. The process ends at its next await.
pub fn kill_game(games: &Games, game: GameId) {
    if let Some(running) = games.registry.running(game) {
        running.actor.kill();
    }
}

/// Kills the supervisor of a game, and with it every game of that supervisor.
pub fn kill_supervisor(games: &Games, game: GameId) {
    if let Some(supervisor) = games.registry.shard(game).supervisor() {
        supervisor.kill();
    }
}
