//! The rules of the game *Islands*, as pure functions.
//!
//! Two players each hide five islands on a board of ten by ten cells, then take
//! turns to guess cells of the other's board. The first player to hit all 18
//! cells of land has forested the islands and wins.
//!
//! The crate does no I/O and reads neither a clock nor a random source: elapsed
//! time and seeds are arguments. [`decide`] turns a command into events or a
//! [`Rejection`]; [`apply`] applies an event and never fails; folding `apply`
//! over the events yields the game (event sourcing).
//!
//! ```
//! use islands_core::{Command, Facts, Game, Player, Rejection, apply, create, decide};
//!
//! let game = Game::new(&create("Ada")?);
//! let join = Command::AddPlayer { name: "Bob".into() };
//! let events = decide(&game, Player::Two, join, &Facts::default())?;
//! let game = events.iter().fold(game, apply);
//! assert_eq!(game.seq(), 2);
//!
//! let early = Command::GuessCoordinate { row: 1, col: 1 };
//! let refused = decide(&game, Player::One, early, &Facts::default()).unwrap_err();
//! assert_eq!(refused.reason(), "wrong_state");
//! # Ok::<(), Rejection>(())
//! ```
//!
//! Suggested reading order: [`Player`] and [`Pair`]; [`Coordinate`] and
//! [`CoordinateSet`], a cell and a set of cells; [`Island`], a placed shape;
//! [`Draft`] and [`Board`], islands during and after arranging; [`Guesses`];
//! the state machine in `rules`, with `fleet`; [`Command`], [`Facts`],
//! [`Event`] and [`Rejection`]; [`Game`]; [`replay()`] of an untrusted log;
//! [`View`], [`PublicEvent`] and [`Reply`], the types that may leave the
//! server; and the computer player, [`random_board`] and [`bot`].

mod board;
pub mod bot;
mod command;
mod coordinate;
mod coordinate_set;
mod event;
mod facts;
mod fleet;
mod game;
mod game_id;
mod guesses;
mod island;
mod limits;
mod placement;
mod player;
mod player_name;
mod public_event;
mod rejection;
mod replay;
mod reply;
mod rng;
mod rules;
mod state_name;
mod view;

pub use board::{Board, Draft, Missing, Overlap};
pub use command::{Command, Placement};
pub use coordinate::{Coordinate, InvalidCoordinate, ParseCoordinateError, SIZE};
pub use coordinate_set::CoordinateSet;
pub use event::{Event, GameCreated};
pub use facts::Facts;
pub use game::{Game, apply, create, decide};
pub use game_id::{GameId, InvalidGameId};
pub use guesses::{Guesses, Move, Outcome};
pub use island::{Island, IslandType, OffBoard, UnknownIslandType};
pub use limits::{MAX_POSITIONINGS, MIN_AWAY_MS};
pub use placement::{legal_places, random_board};
pub use player::{Pair, Player};
pub use player_name::{InvalidName, PlayerName};
pub use public_event::{PublicEvent, public_event};
pub use rejection::Rejection;
pub use replay::{ReplayError, ReplayErrorKind, replay};
pub use reply::Reply;
pub use rng::Rng;
pub use rules::{Ending, Reason};
pub use state_name::StateName;
pub use view::{Islands, PlayerInfo, PlayerView, PublicView, SpectatorView, View, Viewer};
