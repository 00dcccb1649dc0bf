//! The state machine: states, guards and transitions.

use crate::board::{Board, Draft};
use crate::event::Event;
use crate::fleet::Fleet;
use crate::game_id::GameId;
use crate::player::{Pair, Player};
use crate::rejection::Rejection;
use crate::state_name::StateName;

/// A state, and the data valid only in it.
///
/// ```text
///                add_player              both set_islands
/// ┌───────────┐             ┌───────────┐                ┌─────────────┐
/// │initialized├────────────►│players_set├───────────────►│player1_turn │
/// └───────────┘             └─────┬─────┘                └───┬─────▲───┘
///                                 │                    guess │     │ guess
///                                 │ resign              ┌────▼─────┴──┐
///                                 │                     │player2_turn │
///                                 │                     └──────┬──────┘
///                           ┌─────▼─────┐   last island forested, resign,
///                           │ game_over │◄──claim_win: from either turn
///                           └──┬─────▲──┘
///                              └─────┘
///                          request_rematch
/// ```
///
/// After `request_rematch` the state is still `game_over`. The second player's request starts
/// the rematch: a new game with its own id and log, which begins in `players_set`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Player 1 waits for a second player.
    Initialized,
    /// Both seats are taken, and the players arrange their islands.
    PlayersSet(Pair<Fleet>),
    /// It is this player's turn to guess.
    Turn(Player, Pair<Board>),
    /// The game has ended, and nothing is hidden any more.
    GameOver {
        ending: Ending,
        /// May still be [`Fleet::Arranging`]: a player may resign before both have set.
        fleets: Pair<Fleet>,
        rematch: Rematch,
    },
}

/// The requests for a rematch, and its game once both players have asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rematch {
    pub(crate) asked: Pair<bool>,
    pub(crate) game: Option<GameId>,
}

/// How a game ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Ending {
    /// The winner.
    #[cfg_attr(feature = "serde", serde(rename = "player"))]
    pub winner: Player,
    /// The reason for the win.
    pub reason: Reason,
}

/// The reason for a win.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Reason {
    /// The winner forested all five islands of the other player.
    Forested,
    /// The other player resigned.
    Resigned,
    /// The other player left, and the winner claimed the win.
    Abandoned,
}

const TURNS: &[StateName] = &[StateName::Player1Turn, StateName::Player2Turn];
const ARRANGING: &[StateName] = &[StateName::PlayersSet];
const RUNNING: &[StateName] = &[
    StateName::PlayersSet,
    StateName::Player1Turn,
    StateName::Player2Turn,
];
const OVER: &[StateName] = &[StateName::GameOver];

/// The name of the state, and the guards: each checks whether a command is allowed in it. A guard
/// returns the data that the command works on, if it needs any, or the rejection.
impl State {
    pub(crate) fn name(&self) -> StateName {
        match self {
            State::Initialized => StateName::Initialized,
            State::PlayersSet(_) => StateName::PlayersSet,
            State::Turn(Player::One, _) => StateName::Player1Turn,
            State::Turn(Player::Two, _) => StateName::Player2Turn,
            State::GameOver { .. } => StateName::GameOver,
        }
    }

    /// Checks that the second seat is free.
    pub(crate) fn require_free_seat(&self) -> Result<(), Rejection> {
        match self {
            State::Initialized => Ok(()),
            State::PlayersSet(_) | State::Turn(..) => Err(Rejection::GameFull),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// Returns this player's draft if its islands can still be moved or set.
    pub(crate) fn require_arranging(&self, by: Player) -> Result<Draft, Rejection> {
        match self {
            State::Initialized => Err(self.wrong_state(ARRANGING)),
            State::PlayersSet(fleets) => match fleets[by] {
                Fleet::Arranging(draft) => Ok(draft),
                Fleet::Set(_) => Err(Rejection::IslandsAlreadySet),
            },
            State::Turn(..) => Err(Rejection::IslandsAlreadySet),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// Returns the opponent's board if it is this player's turn to guess.
    pub(crate) fn require_turn(&self, by: Player) -> Result<Board, Rejection> {
        match self {
            State::Initialized | State::PlayersSet(_) => Err(self.wrong_state(TURNS)),
            State::Turn(player, boards) if *player == by => Ok(boards[by.opponent()]),
            State::Turn(..) => Err(Rejection::NotYourTurn),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// Checks that there are two players and the game is not over.
    pub(crate) fn require_running(&self) -> Result<(), Rejection> {
        match self {
            State::Initialized => Err(self.wrong_state(RUNNING)),
            State::PlayersSet(_) | State::Turn(..) => Ok(()),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// Checks that it is either player's turn to guess.
    pub(crate) fn require_guessing(&self) -> Result<(), Rejection> {
        match self {
            State::Initialized | State::PlayersSet(_) => Err(self.wrong_state(TURNS)),
            State::Turn(..) => Ok(()),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// Returns the rematch requests if the game is over.
    pub(crate) fn require_over(&self) -> Result<Rematch, Rejection> {
        match self {
            State::GameOver { rematch, .. } => Ok(*rematch),
            State::Initialized | State::PlayersSet(_) | State::Turn(..) => {
                Err(self.wrong_state(OVER))
            }
        }
    }

    fn wrong_state(&self, expected: &'static [StateName]) -> Rejection {
        let actual = self.name();
        Rejection::WrongState { expected, actual }
    }
}

/// The transitions, one function for each state.
impl State {
    /// Returns the state after an event. A kind of event that the state does not
    /// expect changes nothing: `decide` never makes one, and `replay` refuses it.
    pub(crate) fn after(self, event: &Event) -> State {
        match self {
            State::Initialized => State::after_initialized(event),
            State::PlayersSet(fleets) => State::after_players_set(fleets, event),
            State::Turn(player, boards) => State::after_turn(player, boards, event),
            State::GameOver {
                ending,
                fleets,
                rematch,
            } => State::GameOver {
                ending,
                fleets,
                rematch: rematch.after(event),
            },
        }
    }

    fn after_initialized(event: &Event) -> State {
        match event {
            Event::PlayerAdded { .. } => {
                State::PlayersSet(Pair::from_fn(|_| Fleet::Arranging(Draft::default())))
            }
            _ => State::Initialized,
        }
    }

    fn after_players_set(mut fleets: Pair<Fleet>, event: &Event) -> State {
        your_code!(fleets, event)
    }

    fn after_turn(player: Player, boards: Pair<Board>, event: &Event) -> State {
        your_code!(player, boards, event)
    }

    fn end(self, winner: Player, reason: Reason) -> State {
        State::GameOver {
            ending: Ending { winner, reason },
            fleets: Pair::from_fn(|player| self.fleet(player)),
            rematch: Rematch::default(),
        }
    }

    /// Returns a player's islands, set or not.
    pub(crate) fn fleet(&self, player: Player) -> Fleet {
        match self {
            State::Initialized => Fleet::Arranging(Draft::default()),
            State::PlayersSet(fleets) | State::GameOver { fleets, .. } => fleets[player],
            State::Turn(_, boards) => Fleet::Set(boards[player]),
        }
    }
}

impl Rematch {
    fn after(mut self, event: &Event) -> Rematch {
        match event {
            Event::RematchRequested { by } => self.asked[*by] = true,
            Event::RematchStarted { game } => self.game = Some(*game),
            _ => {}
        }
        self
    }
}
