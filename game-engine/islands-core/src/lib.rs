//! The game of Islands, as a pure function of what its players do.
//!
//! Two players each hide five islands on a board of ten by ten cells, then
//! guess in turn where the other's are. Whoever has hit all 18 cells of land
//! has forested the islands, and won.
//!
//! Nothing here waits, reads a clock, draws a random number or prints: a seed
//! and the time are arguments. [`decide`] says what a command makes happen or
//! why it is refused; [`apply`] lets it happen and never fails; the fold of
//! `apply` over the events is the game.
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
//! In the order in which they are best read: [`Player`] and [`Pair`];
//! [`Coordinate`] and
//! [`CoordinateSet`], a cell and a set of cells; [`Island`], a shape put
//! somewhere; [`Draft`] and [`Board`], islands while and after they are
//! arranged; [`Guesses`]; the state machine in `rules`, with `fleet`; [`Command`],
//! [`Facts`], [`Event`] and [`Rejection`]; [`Game`]; [`replay`] of a log that may be wrong; what may
//! leave the server in [`View`], [`PublicEvent`] and [`Reply`]; and someone to
//! play against, [`random_board`] and [`bot`].

mod board;
pub mod bot;
mod chance;
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
mod rules;
mod state_name;
mod view;

pub use board::{Board, Draft, Missing, Overlap};
pub use chance::Chance;
pub use command::{Command, Placement};
pub use coordinate::{Coordinate, InvalidCoordinate, SIZE, UnreadableCoordinate};
pub use coordinate_set::CoordinateSet;
pub use event::{Event, GameCreated};
pub use facts::Facts;
pub use game::{Game, apply, create, decide};
pub use game_id::{GameId, InvalidGameId};
pub use guesses::{Guesses, Move, Outcome};
pub use island::{Island, IslandType, OffBoard, UnknownIslandType};
pub use limits::{AWAY_MS, MAX_POSITIONINGS};
pub use placement::{legal_places, random_board};
pub use player::{Pair, Player};
pub use player_name::{InvalidName, PlayerName};
pub use public_event::{PublicEvent, public_event};
pub use rejection::Rejection;
pub use replay::{Impossible, ReplayError, replay};
pub use reply::Reply;
pub use rules::{Ending, Reason};
pub use state_name::StateName;
pub use view::{Islands, PlayerInfo, PlayerView, PublicView, SpectatorView, View, Viewer};
