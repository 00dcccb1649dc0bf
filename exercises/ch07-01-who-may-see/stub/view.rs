//! Views: the part of a game that may leave the server.
//!
//! `Game`, `Board` and `Event` are not serializable; views are. Until the game is over,
//! a view never shows a cell of the opponent's islands that has not been hit. For single
//! events, `public_event` does the same.

use crate::board::Draft;
use crate::coordinate_set::CoordinateSet;
use crate::game::Game;
use crate::game_id::GameId;
use crate::guesses::Move;
use crate::island::IslandType;
use crate::player::{Pair, Player};
use crate::player_name::PlayerName;
use crate::rules::{Ending, Rematch, State};
use crate::state_name::StateName;

/// The viewer of a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// A player in a seat.
    Player(Player),
    /// Any other client that knows the game's id.
    Spectator,
}

/// The part of a game that every viewer may see.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PublicView {
    /// The sequence number of the last event.
    pub seq: u64,
    /// The current state.
    pub state: StateName,
    /// The players; `None` for player 2 while the second seat is free.
    pub players: Pair<Option<PlayerInfo>>,
    /// All guesses, in order.
    pub moves: Vec<Move>,
    /// Each player's islands that the opponent has forested.
    pub forested: Pair<Islands>,
    /// The winner and the reason, once the game is over.
    pub winner: Option<Ending>,
    /// The players that have asked for a rematch.
    pub rematch: Vec<Player>,
    /// Both players' islands, once the game is over.
    pub boards: Option<Pair<Islands>>,
    /// The game of the rematch, once it starts. Not serialized: the server sends
    /// the id together with a seat token, which the core does not know.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub next: Option<GameId>,
}

/// The part of a player that every viewer may see.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PlayerInfo {
    /// The player's name.
    pub name: PlayerName,
    /// Whether the player's islands are set.
    pub islands_set: bool,
}

/// A player's view: the public part and the player's own islands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PlayerView {
    /// The player.
    pub viewer: Player,
    /// The player's own islands that are placed.
    pub board: Islands,
    /// The public part.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub public: PublicView,
}

/// A spectator's view: the public part alone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SpectatorView {
    /// `null` on the wire, where a player's view has the player.
    pub viewer: (),
    /// The public part.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub public: PublicView,
}

/// The view of any viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum View {
    /// The view of a player.
    Player(PlayerView),
    /// The view of a spectator.
    Spectator(SpectatorView),
}

impl View {
    /// Returns the view of `game` for this viewer.
    pub fn of(game: &Game, viewer: Viewer) -> View {
        match viewer {
            Viewer::Player(player) => View::Player(PlayerView::of(game, player)),
            Viewer::Spectator => View::Spectator(SpectatorView {
                viewer: (),
                public: PublicView::of(game),
            }),
        }
    }

    /// Returns the public part.
    pub fn public(&self) -> &PublicView {
        match self {
            View::Player(view) => &view.public,
            View::Spectator(view) => &view.public,
        }
    }

    /// Returns the viewer.
    pub fn viewer(&self) -> Viewer {
        match self {
            View::Player(view) => Viewer::Player(view.viewer),
            View::Spectator(_) => Viewer::Spectator,
        }
    }

    /// Returns the sequence number of the last event.
    pub fn seq(&self) -> u64 {
        self.public().seq
    }
}

impl PlayerView {
    /// Returns the view of `game` for this player.
    pub fn of(game: &Game, player: Player) -> PlayerView {
        PlayerView {
            viewer: player,
            board: Islands::from(game.state.fleet(player).islands()),
            public: PublicView::of(game),
        }
    }
}

impl PublicView {
    /// Returns the public part of `game`.
    pub fn of(game: &Game) -> PublicView {
        your_code!(game)
    }
}

impl PlayerInfo {
    fn of(game: &Game, player: Player) -> Option<PlayerInfo> {
        let name = game.name(player)?.clone();
        let islands_set = game.state.fleet(player).is_set();
        Some(PlayerInfo { name, islands_set })
    }
}

/// The cells of some of a player's islands, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Islands {
    cells: [CoordinateSet; IslandType::ALL.len()],
}

impl Islands {
    /// Iterates over the islands present, with their cells.
    pub fn iter(self) -> impl Iterator<Item = (IslandType, CoordinateSet)> {
        IslandType::ALL
            .into_iter()
            .map(move |kind| (kind, self.cells[kind as usize]))
            .filter(|(_, cells)| !cells.is_empty())
    }

    /// Returns the cells of one island; empty if it is absent.
    pub fn cells(self, kind: IslandType) -> CoordinateSet {
        self.cells[kind as usize]
    }

    /// Returns whether no island is present.
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// Returns the cells of all islands present.
    pub fn land(self) -> CoordinateSet {
        self.iter()
            .fold(CoordinateSet::EMPTY, |land, (_, cells)| land | cells)
    }

    /// Returns the islands of `owner` that the opponent has forested.
    pub(crate) fn forested(game: &Game, owner: Player) -> Islands {
        your_code!(game, owner)
    }
}

impl From<Draft> for Islands {
    fn from(draft: Draft) -> Islands {
        let mut islands = Islands::default();
        for island in draft.islands() {
            islands.cells[island.kind() as usize] = island.cells();
        }
        islands
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Islands {
    /// Serializes a map from the names of the islands present to their cells.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
