//! Holds what clients were told against what the journal keeps.
//!
//! Clients write down what they send and what they are told, in a [`History`],
//! while processes and programs are being killed around them. Afterwards it is
//! checked against the log of each game and against the rules: no command that
//! was acknowledged is lost, none is invented, and nobody saw anything that the
//! log does not say.
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
//! In the order in which it is best read: [`Entry`], what one client wrote down;
//! [`History`], where many write at once; [`Batch`], what a journal keeps;
//! [`check`], one game's record against its log, by `asked` and `commands`, and by
//! `sightings`;
//! [`Report`] and [`Kind`], what can be wrong; `lines`, a history in a file.

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
pub use entry::{Entry, What};
pub use lines::Unreadable;
pub use record::{Client, History, PendingCommand};
pub use report::{Finding, Kind, Report};
