//! The game: `decide` turns a command into events, `apply` applies an event.

use crate::board::Draft;
use crate::command::{Command, Placement};
use crate::coordinate::Coordinate;
use crate::event::{Event, GameCreated};
use crate::facts::Facts;
use crate::game_id::GameId;
use crate::guesses::{Guesses, Move};
use crate::island::{Island, IslandType};
use crate::limits::{MAX_POSITIONINGS, MIN_AWAY_MS};
use crate::player::{Pair, Player};
use crate::player_name::PlayerName;
use crate::rejection::Rejection;
use crate::rules::State;
use crate::state_name::StateName;

/// The current state of one game. Its events determine it completely, so it can be
/// dropped and rebuilt from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Game {
    pub(crate) seq: u64,
    pub(crate) host: PlayerName,
    pub(crate) guest: Option<PlayerName>,
    pub(crate) state: State,
    pub(crate) guesses: Pair<Guesses>,
    pub(crate) moves: Vec<Move>,
    positionings: Pair<u8>,
}

/// Returns the event that opens a game for player 1.
///
/// # Errors
/// [`Rejection::InvalidName`] when `name` is not a valid [`PlayerName`].
pub fn create(name: &str) -> Result<GameCreated, Rejection> {
    let name = PlayerName::new(name)?;
    Ok(GameCreated { name })
}

/// Returns the events that a command causes, one or two.
///
/// The game does not change until the events are [applied](apply).
///
/// # Errors
/// A [`Rejection`]. The state of the game is checked first, then the turn, then
/// the command's arguments.
pub fn decide(
    game: &Game,
    by: Player,
    command: Command,
    facts: &Facts,
) -> Result<Vec<Event>, Rejection> {
    match command {
        // The sender has no seat yet, so `by` is ignored.
        Command::AddPlayer { name } => game.add_player(&name),
        Command::PositionIsland(placement) => game.position_island(by, &placement),
        Command::PositionAll { islands } => game.position_all(by, &islands),
        Command::SetIslands => game.set_islands(by),
        Command::GuessCoordinate { row, col } => game.guess_coordinate(by, row, col),
        Command::Resign => game.resign(by),
        Command::ClaimWin => game.claim_win(by, facts.opponent_away_ms),
        Command::RequestRematch => game.request_rematch(by, facts.rematch),
    }
}

/// Returns the game after an event. Total: no event makes it fail.
///
/// A game changes only by applying an event.
#[must_use]
pub fn apply(mut game: Game, event: &Event) -> Game {
    game.apply(event);
    game
}

impl Game {
    /// Creates the game from its first event.
    pub fn new(created: &GameCreated) -> Game {
        Game {
            seq: 1,
            host: created.name.clone(),
            guest: None,
            state: State::Initialized,
            guesses: Pair::default(),
            moves: Vec::new(),
            positionings: Pair::default(),
        }
    }

    /// Applies an event in place: [`apply`] for a caller that has a `&mut Game`.
    pub fn apply(&mut self, event: &Event) {
        self.seq += 1;
        self.state = self.state.after(event);
        match event {
            Event::PlayerAdded { name } => self.guest = Some(name.clone()),
            Event::IslandPositioned { by, .. } | Event::IslandsPositioned { by, .. } => {
                self.positionings[*by] = self.positionings[*by].saturating_add(1);
            }
            Event::CoordinateGuessed(guess) => {
                self.guesses[guess.by] = self.guesses[guess.by].with(guess.at, guess.outcome);
                self.moves.push(*guess);
            }
            Event::GameCreated(_)
            | Event::IslandsSet { .. }
            | Event::GameWon { .. }
            | Event::PlayerResigned { .. }
            | Event::WinClaimed { .. }
            | Event::RematchRequested { .. }
            | Event::RematchStarted { .. } => {}
        }
    }

    /// Returns the sequence number of the last event.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Returns the name of the current state.
    pub fn state_name(&self) -> StateName {
        self.state.name()
    }

    /// Returns whether the game is over.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::GameOver { .. })
    }

    /// Returns the name of a player; `None` while the second seat is free.
    pub fn name(&self, player: Player) -> Option<&PlayerName> {
        match player {
            Player::One => Some(&self.host),
            Player::Two => self.guest.as_ref(),
        }
    }

    /// Returns the events that open a rematch, with the seats swapped.
    ///
    /// Player 2 of this game is player 1 of the rematch, and guesses first. `None` while
    /// the second seat is free.
    pub fn rematch(&self) -> Option<[Event; 2]> {
        let name = self.guest.clone()?;
        Some([
            Event::GameCreated(GameCreated { name }),
            Event::PlayerAdded {
                name: self.host.clone(),
            },
        ])
    }

    fn add_player(&self, name: &str) -> Result<Vec<Event>, Rejection> {
        self.state.require_free_seat()?;
        let name = PlayerName::new(name)?;
        if name == self.host {
            return Err(Rejection::NameTaken);
        }
        Ok(vec![Event::PlayerAdded { name }])
    }

    fn position_island(&self, by: Player, placement: &Placement) -> Result<Vec<Event>, Rejection> {
        let draft = self.state.require_arranging(by)?;
        self.may_position(by)?;
        let island = placement.island()?;
        draft.position(island)?;
        Ok(vec![Event::IslandPositioned { by, island }])
    }

    fn position_all(&self, by: Player, islands: &[Placement]) -> Result<Vec<Event>, Rejection> {
        self.state.require_arranging(by)?;
        self.may_position(by)?;
        let board = islands
            .iter()
            .try_fold(Draft::default(), |draft, placement| {
                Ok::<_, Rejection>(draft.position(placement.island()?)?)
            })?
            .finish()?;
        Ok(vec![Event::IslandsPositioned { by, board }])
    }

    fn may_position(&self, by: Player) -> Result<(), Rejection> {
        if self.positionings[by] < MAX_POSITIONINGS {
            Ok(())
        } else {
            Err(Rejection::TooManyMoves)
        }
    }

    fn set_islands(&self, by: Player) -> Result<Vec<Event>, Rejection> {
        self.state.require_arranging(by)?.finish()?;
        Ok(vec![Event::IslandsSet { by }])
    }

    fn guess_coordinate(&self, by: Player, row: i64, col: i64) -> Result<Vec<Event>, Rejection> {
        your_code!(self, by, row, col)
    }

    fn resign(&self, by: Player) -> Result<Vec<Event>, Rejection> {
        self.state.require_running()?;
        Ok(vec![Event::PlayerResigned { by }])
    }

    fn claim_win(&self, by: Player, away_ms: u64) -> Result<Vec<Event>, Rejection> {
        self.state.require_guessing()?;
        // `None`: the opponent has been away for longer than necessary.
        match MIN_AWAY_MS.checked_sub(away_ms) {
            None | Some(0) => Ok(vec![Event::WinClaimed { by }]),
            Some(wait_ms) => Err(Rejection::OpponentPresent { wait_ms }),
        }
    }

    fn request_rematch(&self, by: Player, next: GameId) -> Result<Vec<Event>, Rejection> {
        let asked = self.state.require_over()?.asked;
        if asked[by] {
            return Err(Rejection::AlreadyRequested);
        }
        let requested = Event::RematchRequested { by };
        Ok(if asked[by.opponent()] {
            vec![requested, Event::RematchStarted { game: next }]
        } else {
            vec![requested]
        })
    }
}

impl Placement {
    /// Validates the kind, the corner and that the island fits there.
    fn island(&self) -> Result<Island, Rejection> {
        let kind: IslandType = self
            .island
            .parse()
            .map_err(|_| Rejection::InvalidIslandType)?;
        let corner = Coordinate::new(self.row, self.col)?;
        Island::new(kind, corner).map_err(|_| Rejection::OffBoard { island: kind })
    }
}
