//! Written by `cargo x generate`; changes here are lost.
//!
//! Public events: each event as a viewer may see it.

use crate::coordinate_set::CoordinateSet;
use crate::event::{Event, GameCreated};
use crate::game::Game;
use crate::game_id::GameId;
use crate::guesses::Move;
use crate::player::{Pair, Player};
use crate::player_name::PlayerName;
use crate::rules::Reason;
use crate::view::{Islands, Viewer};

/// An event as one viewer may see it.
///
/// Every viewer gets every event, if necessary without its content, so a gap in
/// the sequence numbers always means a lost event. Serializing writes the payload
/// alone; [`name`](PublicEvent::name) returns the name that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum PublicEvent {
    /// `game_created`.
    GameCreated {
        /// Player 1.
        player: Player,
        /// Player 1's name.
        name: PlayerName,
    },
    /// `player_added`.
    PlayerAdded {
        /// Player 2.
        player: Player,
        /// Player 2's name.
        name: PlayerName,
    },
    /// `island_positioned`.
    IslandPositioned {
        /// The owner of the island.
        player: Player,
        /// The owner's islands placed so far; `None` for any other viewer.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
        islands: Option<Islands>,
    },
    /// `islands_positioned`.
    IslandsPositioned {
        /// The owner of the islands.
        player: Player,
        /// The owner's five islands; `None` for any other viewer.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
        islands: Option<Islands>,
    },
    /// `player_set_islands`.
    PlayerSetIslands {
        /// The owner of the islands.
        player: Player,
    },
    /// `player_guessed_coordinate`.
    PlayerGuessedCoordinate {
        /// The guess and its outcome.
        #[cfg_attr(feature = "serde", serde(flatten))]
        guess: Move,
        /// All cells of the island that the guess forested; empty if none.
        cells: CoordinateSet,
    },
    /// `game_over`.
    GameOver {
        /// The winner.
        winner: Player,
        /// The reason for the win.
        reason: Reason,
        /// Both players' islands, no longer secret.
        boards: Pair<Islands>,
    },
    /// `rematch_requested`.
    RematchRequested {
        /// The player that asks for a rematch.
        player: Player,
    },
    /// `rematch_started`.
    RematchStarted {
        /// The new game.
        game: GameId,
    },
    /// `draw_offered`.
    DrawOffered {
        /// The player that offered.
        player: Player,
    },
}

impl PublicEvent {
    /// The name of the event on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            PublicEvent::DrawOffered { .. } => "draw_offered",
            PublicEvent::GameCreated { .. } => "game_created",
            PublicEvent::PlayerAdded { .. } => "player_added",
            PublicEvent::IslandPositioned { .. } => "island_positioned",
            PublicEvent::IslandsPositioned { .. } => "islands_positioned",
            PublicEvent::PlayerSetIslands { .. } => "player_set_islands",
            PublicEvent::PlayerGuessedCoordinate { .. } => "player_guessed_coordinate",
            PublicEvent::GameOver { .. } => "game_over",
            PublicEvent::RematchRequested { .. } => "rematch_requested",
            PublicEvent::RematchStarted { .. } => "rematch_started",
        }
    }
}

/// Returns `event` as `viewer` may see it; `game` is the game just after it.
pub fn public_event(game: &Game, event: &Event, viewer: Viewer) -> PublicEvent {
    match event {
        Event::DrawOffered { by } => PublicEvent::DrawOffered { player: *by },
        Event::GameCreated(GameCreated { name }) => PublicEvent::GameCreated {
            player: Player::One,
            name: name.clone(),
        },
        Event::PlayerAdded { name } => PublicEvent::PlayerAdded {
            player: Player::Two,
            name: name.clone(),
        },
        Event::IslandPositioned { by, .. } => PublicEvent::IslandPositioned {
            player: *by,
            islands: own_islands(game, *by, viewer),
        },
        Event::IslandsPositioned { by, .. } => PublicEvent::IslandsPositioned {
            player: *by,
            islands: own_islands(game, *by, viewer),
        },
        Event::IslandsSet { by } => PublicEvent::PlayerSetIslands { player: *by },
        Event::CoordinateGuessed(guess) => PublicEvent::PlayerGuessedCoordinate {
            guess: *guess,
            cells: forested_cells(game, guess),
        },
        Event::GameWon { by } => game_over(game, *by, Reason::Forested),
        Event::PlayerResigned { by } => game_over(game, by.opponent(), Reason::Resigned),
        Event::WinClaimed { by } => game_over(game, *by, Reason::Abandoned),
        Event::RematchRequested { by } => PublicEvent::RematchRequested { player: *by },
        Event::RematchStarted { game } => PublicEvent::RematchStarted { game: *game },
    }
}

fn own_islands(game: &Game, owner: Player, viewer: Viewer) -> Option<Islands> {
    (viewer == Viewer::Player(owner)).then(|| Islands::from(game.state.fleet(owner).islands()))
}

fn forested_cells(game: &Game, guess: &Move) -> CoordinateSet {
    guess.forested.map_or(CoordinateSet::EMPTY, |kind| {
        Islands::forested(game, guess.by.opponent()).cells(kind)
    })
}

fn game_over(game: &Game, winner: Player, reason: Reason) -> PublicEvent {
    PublicEvent::GameOver {
        winner,
        reason,
        boards: Pair::from_fn(|player| Islands::from(game.state.fleet(player).islands())),
    }
}
