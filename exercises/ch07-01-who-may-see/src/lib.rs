//! Written by `cargo x generate`; changes here are lost.
//!
//! The modules are those of `game-engine/islands-core`, except the learner's `view.rs`.

#![allow(dead_code, unused_imports, unused_macros, unused_mut, unused_variables)]

/// Stands where the learner writes. Uses the arguments, so that the compiler does not warn. Ends
/// the program: a panic would be caught if an actor runs this.
macro_rules! your_code {
    ($($argument:ident),*) => {{
        $(let _ = &$argument;)*
        let (file, line, column) = (file!(), line!(), column!());
        eprintln!("thread panicked at {file}:{line}:{column}:\nthis function is yours to write");
        std::process::exit(101)
    }};
}

/// Stands in a function that a later exercise is about.
macro_rules! later {
    ($($argument:ident),*) => {{
        $(let _ = &$argument;)*
        panic!("a later exercise is about this function")
    }};
}

#[path = "../../../game-engine/islands-core/src/board.rs"]
mod board;

#[path = "../../../game-engine/islands-core/src/bot.rs"]
pub mod bot;

#[path = "../../../game-engine/islands-core/src/command.rs"]
mod command;

#[path = "../../../game-engine/islands-core/src/coordinate.rs"]
mod coordinate;

#[path = "../../../game-engine/islands-core/src/coordinate_set.rs"]
mod coordinate_set;

#[path = "../../../game-engine/islands-core/src/event.rs"]
mod event;

#[path = "../../../game-engine/islands-core/src/facts.rs"]
mod facts;

#[path = "../../../game-engine/islands-core/src/fleet.rs"]
mod fleet;

#[path = "../../../game-engine/islands-core/src/game.rs"]
mod game;

#[path = "../../../game-engine/islands-core/src/game_id.rs"]
mod game_id;

#[path = "../../../game-engine/islands-core/src/guesses.rs"]
mod guesses;

#[path = "../../../game-engine/islands-core/src/island.rs"]
mod island;

#[path = "../../../game-engine/islands-core/src/limits.rs"]
mod limits;

#[path = "../../../game-engine/islands-core/src/placement.rs"]
mod placement;

#[path = "../../../game-engine/islands-core/src/player.rs"]
mod player;

#[path = "../../../game-engine/islands-core/src/player_name.rs"]
mod player_name;

#[path = "../../../game-engine/islands-core/src/public_event.rs"]
mod public_event;

#[path = "../../../game-engine/islands-core/src/rejection.rs"]
mod rejection;

#[path = "../../../game-engine/islands-core/src/replay.rs"]
mod replay;

#[path = "../../../game-engine/islands-core/src/reply.rs"]
mod reply;

#[path = "../../../game-engine/islands-core/src/rng.rs"]
mod rng;

#[path = "../../../game-engine/islands-core/src/rules.rs"]
mod rules;

#[path = "../../../game-engine/islands-core/src/state_name.rs"]
mod state_name;

#[path = "../view.rs"]
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

#[path = "../../../chapters/walk/src/grid.rs"]
mod grid;

#[path = "../adapter.rs"]
pub mod adapter;
