//! Who may do what, when.

use crate::board::{Board, Draft};
use crate::event::Event;
use crate::fleet::Fleet;
use crate::game_id::GameId;
use crate::player::{Pair, Player};
use crate::rejection::Rejection;
use crate::state_name::StateName;

/// Where a game stands, with what exists only there.
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
///  request_rematch twice ◄──┤ game_over │◄──claim_win: from either turn
///                           └───────────┘
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Player 1 waits for someone to play with.
    Initialized,
    /// Both are there and arrange their islands.
    PlayersSet(Pair<Fleet>),
    /// This player is to guess.
    Turn(Player, Pair<Board>),
    /// Nothing is hidden any more.
    GameOver {
        ending: Ending,
        /// Not always set: someone may give up while arranging.
        fleets: Pair<Fleet>,
        rematch: Rematch,
    },
}

/// Who wants to play again, and the game for it when both do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rematch {
    pub(crate) asked: Pair<bool>,
    pub(crate) game: Option<GameId>,
}

/// How a game ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Ending {
    /// Who won.
    #[cfg_attr(feature = "serde", serde(rename = "player"))]
    pub winner: Player,
    /// And by what.
    pub reason: Reason,
}

/// What a game was won by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Reason {
    /// All five islands of the other player are forested.
    Forested,
    /// The other player gave up.
    Resigned,
    /// The other player left and did not come back.
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

/// The guards: each answers whether a command has its place in this state, with
/// what that command works on, or with the refusal that comes first.
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

    /// Is there a seat to take?
    pub(crate) fn free_seat(&self) -> Result<(), Rejection> {
        match self {
            State::Initialized => Ok(()),
            State::PlayersSet(_) | State::Turn(..) => Err(Rejection::GameFull),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// May this player's islands be moved or set?
    pub(crate) fn arranging(&self, by: Player) -> Result<Draft, Rejection> {
        match self {
            State::Initialized => Err(self.wrong(ARRANGING)),
            State::PlayersSet(fleets) => match fleets[by] {
                Fleet::Arranging(draft) => Ok(draft),
                Fleet::Set(_) => Err(Rejection::IslandsAlreadySet),
            },
            State::Turn(..) => Err(Rejection::IslandsAlreadySet),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// May this player guess, and on which board?
    pub(crate) fn target(&self, by: Player) -> Result<Board, Rejection> {
        match self {
            State::Initialized | State::PlayersSet(_) => Err(self.wrong(TURNS)),
            State::Turn(player, boards) if *player == by => Ok(boards[by.opponent()]),
            State::Turn(..) => Err(Rejection::NotYourTurn),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// Are there two players, and is it not over?
    pub(crate) fn running(&self) -> Result<(), Rejection> {
        match self {
            State::Initialized => Err(self.wrong(RUNNING)),
            State::PlayersSet(_) | State::Turn(..) => Ok(()),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// Are guesses being made?
    pub(crate) fn guessing(&self) -> Result<(), Rejection> {
        match self {
            State::Initialized | State::PlayersSet(_) => Err(self.wrong(TURNS)),
            State::Turn(..) => Ok(()),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }

    /// Is it over, so that one can ask to play again?
    pub(crate) fn over(&self) -> Result<Rematch, Rejection> {
        match self {
            State::GameOver { rematch, .. } => Ok(*rematch),
            State::Initialized | State::PlayersSet(_) | State::Turn(..) => Err(self.wrong(OVER)),
        }
    }

    fn wrong(&self, expected: &'static [StateName]) -> Rejection {
        let actual = self.name();
        Rejection::WrongState { expected, actual }
    }
}

/// The transitions, one function for each state.
impl State {
    /// The state after an event. An event that has no place in this state leaves
    /// it as it is: `decide` makes none such, and `replay` lets none in.
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
        match event {
            Event::IslandPositioned { by, island } => fleets[*by] = fleets[*by].with(*island),
            Event::IslandsPositioned { by, board } => fleets[*by] = fleets[*by].with_all(*board),
            Event::IslandsSet { by } => fleets[*by] = fleets[*by].set(),
            Event::PlayerResigned { by } => {
                return State::PlayersSet(fleets).end(by.opponent(), Reason::Resigned);
            }
            _ => {}
        }
        match (fleets.one, fleets.two) {
            (Fleet::Set(one), Fleet::Set(two)) => State::Turn(Player::One, Pair { one, two }),
            _ => State::PlayersSet(fleets),
        }
    }

    fn after_turn(player: Player, boards: Pair<Board>, event: &Event) -> State {
        let state = State::Turn(player, boards);
        match event {
            Event::CoordinateGuessed(_) => State::Turn(player.opponent(), boards),
            Event::GameWon { by } => state.end(*by, Reason::Forested),
            Event::WinClaimed { by } => state.end(*by, Reason::Abandoned),
            Event::PlayerResigned { by } => state.end(by.opponent(), Reason::Resigned),
            _ => state,
        }
    }

    fn end(self, winner: Player, reason: Reason) -> State {
        State::GameOver {
            ending: Ending { winner, reason },
            fleets: Pair::from_fn(|player| self.fleet(player)),
            rematch: Rematch::default(),
        }
    }

    /// A player's islands, set or not.
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
