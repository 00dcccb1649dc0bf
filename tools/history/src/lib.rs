//! Checks what clients observed against what the journal keeps.
//!
//! Clients record what they send and receive in a [`History`] while tests kill
//! processes and servers around them. Afterwards the history is checked against
//! each game's log and against the rules: no acknowledged command is lost, no
//! command is invented, and no client saw an event or a view that the log does
//! not contain.
//!
//! ```
//! use history::{Batch, History};
//! use islands_core::{Command, Event, Facts, Game, GameId, Player, Reply, Viewer, create, decide};
//!
//! let history = History::new();
//! let game = GameId::from_bytes([7; 10]);
//! history.opened(game, "Ada", None);
//! let bob = history.client(game, Viewer::Player(Player::Two));
//! let join = Command::AddPlayer { name: "Bob".into() };
//! bob.send(Some("b1"), &join).accepted(2, &Reply::Done {});
//!
//! let opening = create("Ada")?;
//! let joined = decide(&Game::new(&opening), Player::Two, join, &Facts::default())?;
//! let mut log = vec![Batch::new(Player::One, None, vec![Event::GameCreated(opening)])];
//! let report = history.check([(game, log.as_slice())]);
//! assert_eq!(report.lost, 1);
//! assert!(report.findings[0].to_string().contains("command b1"));
//!
//! log.push(Batch::new(Player::Two, Some("b1"), joined));
//! assert!(history.check([(game, log.as_slice())]).findings.is_empty());
//! # Ok::<(), islands_core::Rejection>(())
//! ```
//!
//! Read it in this order: [`Entry`], one thing that a client recorded;
//! [`History`], which many clients write at once; [`Batch`], one command's events
//! in a journal; [`check()`], which compares one game's record with its log in
//! `operation`, `commands` and `observations`; [`Report`] and [`FindingKind`], what a
//! check can find; `lines`, a history in a file.

mod batch;
mod canonical_json;
mod check;
mod commands;
mod entry;
mod lines;
mod observations;
mod operation;
mod record;
mod report;
mod serial;
mod timeline;

pub use batch::Batch;
pub use canonical_json::CanonicalJson;
pub use check::check;
pub use entry::{Entry, EntryKind};
pub use lines::Unreadable;
pub use record::{Client, History, PendingCommand};
pub use report::{Finding, FindingKind, Report};
