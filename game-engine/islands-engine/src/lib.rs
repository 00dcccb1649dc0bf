//! The processes of Islands: one supervised actor a game, and what a journal that
//! outlives it has to promise.
//!
//! A call goes through [`Games`] to the process of its game, which is started
//! from the journal if it is not in memory. There the core decides; what it has
//! decided is appended to the [journal], applied, published to those who listen,
//! and only then replied. So a process may crash at any point: its supervisor
//! starts it again, it folds its log, and nothing that was acknowledged is lost.
//!
//! ```
//! use std::sync::Arc;
//! use islands_core::{Command, Player};
//! use islands_engine::{Games, NewGame, Settings, journal::MemoryJournal};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let journal = Arc::new(MemoryJournal::new());
//! let games = Games::start(Settings::default(), journal).await?;
//! let game = games.create("Ada", NewGame::default()).await?;
//!
//! let join = Command::AddPlayer { name: "Bob".into() };
//! let accepted = games.command(game, Player::Two, join, None).await?;
//! assert_eq!(accepted.seq, 2);
//! # games.shut_down().await;
//! # Ok(())
//! # }
//! ```
//!
//! In the order in which it is best read: [`Games`] and `registry`; `game_actor`
//! and `game_process`, one game; `supervisor` and `restart`, what becomes of one
//! that crashes, and `root`, of a supervisor; `recovery` and `receipts`, what a
//! game knows when it starts again; `subscribers` and `published`, who hears of
//! it; the [journal]; `metrics` and `system`, what its operators see; [testing], how all
//! of this is made to fail.
//!
//! Four words for what does not work: a `Rejection` is by the rules, a
//! [`CallError`] by the process layer, a `StartError` by recovery, a `Failure` is
//! what only this crate sees.

mod admission;
mod bots;
mod call_error;
mod child;
mod command_id;
mod game_actor;
mod game_id;
mod game_process;
mod games;
pub mod journal;
mod metrics;
mod opening;
mod panics;
mod published;
mod receipts;
mod recovery;
mod registry;
mod restart;
mod root;
mod settings;
mod subscribers;
mod supervisor;
mod system;
pub mod testing;

pub use call_error::CallError;
pub use command_id::{CommandId, InvalidCommandId};
pub use game_process::Accepted;
pub use games::{COMPUTER, Games, Inspection, NewGame};
pub use opening::{Bot, Opening};
pub use panics::{caught, report_panics};
pub use published::Published;
pub use restart::Budget;
pub use settings::Settings;
pub use subscribers::{Events, Start, Subscription};
pub use system::{GameSeen, Phases, SupervisorSeen, System};
