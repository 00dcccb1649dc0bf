//! The processes of Islands: one supervised actor per game, and the [`Journal`] trait of
//! the store that outlives them.
//!
//! A *process* here is an actor, not a process of the operating system: a tokio task that
//! owns its state and handles one message at a time from its queue, the *mailbox*. Its
//! *supervisor* is another actor, which learns when it ends and starts a new one.
//!
//! [`Journal`]: journal::Journal
//!
//! A call goes through [`Games`] to the process of its game, which starts from the
//! journal if it is not in memory. The process lets the core decide, appends the
//! events to the [journal], applies them, publishes them to the subscribers, and only
//! then replies. So a process may crash at any point: its supervisor restarts it, it
//! replays its log, and no acknowledged command is lost.
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
//! A reading order: [`Games`] and `registry`; `game_actor` and `game_process`, one
//! game; `supervisor` and `restart`, crashes of games; `root`, the supervision tree and
//! crashes of supervisors; `recovery` and `receipts`, the state rebuilt from a log;
//! `subscribers`, `published_event` and `game_subscription`, events on their way to viewers; the [journal];
//! `metrics` and `system`, the operator's view; [testing], fault
//! injection and the contract of journals.
//!
//! Each layer has its error type: the rules a `Rejection`, the process layer a
//! [`CallError`], recovery a `RecoveryError`, and the inside of a game process a
//! `ProcessError`.

mod admission;
mod bots;
mod call_error;
mod child;
mod command_id;
mod game_actor;
mod game_config;
mod game_id;
mod game_process;
mod game_subscription;
mod games;
pub mod journal;
mod metrics;
mod panics;
mod published_event;
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
pub use game_config::{Bot, GameConfig};
pub use game_process::Accepted;
pub use game_subscription::{GameSubscription, GameSubscriptionEvent};
pub use games::{COMPUTER_NAME, Games, Inspection, NewGame};
pub use panics::{catch_panic, install_panic_hook};
pub use published_event::PublishedEvent;
pub use restart::RestartBudget;
pub use settings::Settings;
pub use subscribers::{CatchUp, EventStream, Subscription};
pub use system::{GameStatus, PhaseCounts, SupervisorStatus, System};
