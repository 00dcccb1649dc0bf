//! What may leave the server of a whole game. What may leave of an event is in
//! `public_event`.
//!
//! `Game`, `Board` and `Event` are not serializable. These types are, and what
//! is not in them stays hidden: the cells of an opponent's island that no guess
//! has hit.

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

/// Who is looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Someone in a seat.
    Player(Player),
    /// Anyone else who knows the game's id.
    Spectator,
}

/// What everybody may see of a game.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PublicView {
    /// The number of the last event.
    pub seq: u64,
    /// Where the game stands.
    pub state: StateName,
    /// The players; nobody in the second seat before someone has joined.
    pub players: Pair<Option<PlayerInfo>>,
    /// All guesses in order.
    pub moves: Vec<Move>,
    /// Each player's islands that the other one has forested.
    pub forested: Pair<Islands>,
    /// Who won and how, once it is over.
    pub winner: Option<Ending>,
    /// Who wants to play again.
    pub rematch: Vec<Player>,
    /// Both players' islands, once it is over.
    pub boards: Option<Pair<Islands>>,
    /// The game in which they play again. It is told together with a seat there,
    /// which the core knows nothing of.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub next: Option<GameId>,
}

/// A player, as everybody may see one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PlayerInfo {
    /// The name.
    pub name: PlayerName,
    /// Whether the islands are set.
    pub islands_set: bool,
}

/// What a player may see: what everybody may, and one's own islands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PlayerView {
    /// Whose view it is.
    pub viewer: Player,
    /// One's own islands, as far as they have a place.
    pub board: Islands,
    /// What everybody may see.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub public: PublicView,
}

/// What a spectator may see: what everybody may.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SpectatorView {
    /// Nobody's view: `null` on the wire.
    pub viewer: (),
    /// What everybody may see.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub public: PublicView,
}

/// What one viewer may see, whoever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum View {
    /// For someone in a seat.
    Player(PlayerView),
    /// For anyone else.
    Spectator(SpectatorView),
}

impl View {
    /// What this viewer sees of this game.
    pub fn of(game: &Game, viewer: Viewer) -> View {
        match viewer {
            Viewer::Player(player) => View::Player(PlayerView::of(game, player)),
            Viewer::Spectator => View::Spectator(SpectatorView {
                viewer: (),
                public: PublicView::of(game),
            }),
        }
    }

    /// The part that everybody sees.
    pub fn public(&self) -> &PublicView {
        match self {
            View::Player(view) => &view.public,
            View::Spectator(view) => &view.public,
        }
    }

    /// Who sees it.
    pub fn viewer(&self) -> Viewer {
        match self {
            View::Player(view) => Viewer::Player(view.viewer),
            View::Spectator(_) => Viewer::Spectator,
        }
    }

    /// The number of the last event.
    pub fn seq(&self) -> u64 {
        self.public().seq
    }
}

impl PlayerView {
    /// What this player sees of this game.
    pub fn of(game: &Game, player: Player) -> PlayerView {
        PlayerView {
            viewer: player,
            board: Islands::from(game.state.fleet(player).islands()),
            public: PublicView::of(game),
        }
    }
}

impl PublicView {
    /// What everybody sees of this game.
    pub fn of(game: &Game) -> PublicView {
        let (winner, boards, rematch) = match &game.state {
            State::GameOver {
                ending,
                fleets,
                rematch,
            } => {
                let boards = Pair::from_fn(|player| Islands::from(fleets[player].islands()));
                (Some(*ending), Some(boards), *rematch)
            }
            _ => (None, None, Rematch::default()),
        };
        PublicView {
            seq: game.seq,
            state: game.state.name(),
            players: Pair::from_fn(|player| PlayerInfo::of(game, player)),
            moves: game.moves.clone(),
            forested: Pair::from_fn(|player| Islands::forested(game, player)),
            winner,
            rematch: Player::BOTH
                .into_iter()
                .filter(|player| rematch.asked[*player])
                .collect(),
            boards,
            next: rematch.game,
        }
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
    /// The islands that are there, with their cells.
    pub fn iter(self) -> impl Iterator<Item = (IslandType, CoordinateSet)> {
        IslandType::ALL
            .into_iter()
            .map(move |kind| (kind, self.cells[kind as usize]))
            .filter(|(_, cells)| !cells.is_empty())
    }

    /// The cells of one kind; none where it is not there.
    pub fn cells(self, kind: IslandType) -> CoordinateSet {
        self.cells[kind as usize]
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// All cells of all of them.
    pub fn land(self) -> CoordinateSet {
        self.iter()
            .fold(CoordinateSet::EMPTY, |land, (_, cells)| land | cells)
    }

    /// The islands of `owner` all of whose cells the other one has hit.
    pub(crate) fn forested(game: &Game, owner: Player) -> Islands {
        let hits = game.guesses[owner.opponent()].hits();
        let mut islands = Islands::from(game.state.fleet(owner).islands());
        for cells in &mut islands.cells {
            if !cells.is_subset(hits) {
                *cells = CoordinateSet::EMPTY;
            }
        }
        islands
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
    /// A map from the names of those that are there to their cells.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
