//! The computer player: a function from a player's view to a command.

use std::fmt;
use std::str::FromStr;

use crate::command::{Command, Placement};
use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::guesses::Outcome;
use crate::placement::random_board;
use crate::player::Player;
use crate::rng::Rng;
use crate::state_name::StateName;
use crate::view::PlayerView;

/// How well a bot plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Guesses at random among the cells not guessed before.
    Random,
    /// Guesses at random until it hits land, then beside its hits until their islands
    /// are forested.
    Hunt,
}

/// Returns the bot's next command, or `None` if the bot has nothing to do.
///
/// The bot gets a player's view and nothing else, so it cannot cheat. Each
/// command depends only on the view, the strength and the seed.
pub fn next_command(view: &PlayerView, strength: Strength, seed: u64) -> Option<Command> {
    let me = view.viewer;
    let set = |player: Player| {
        let info = view.public.players[player].as_ref();
        info.is_some_and(|info| info.islands_set)
    };
    match (view.public.state, me) {
        (StateName::PlayersSet, _) if set(me) => None,
        (StateName::PlayersSet, _) if view.board.is_empty() => {
            let islands = random_board(seed).islands().map(Placement::from).collect();
            Some(Command::PositionAll { islands })
        }
        (StateName::PlayersSet, _) => Some(Command::SetIslands),
        (StateName::Player1Turn, Player::One) | (StateName::Player2Turn, Player::Two) => {
            guess(view, strength, seed).map(|at| Command::GuessCoordinate {
                row: at.row().into(),
                col: at.col().into(),
            })
        }
        (StateName::GameOver, _) => {
            let asked = &view.public.rematch;
            (asked.contains(&me.opponent()) && !asked.contains(&me))
                .then_some(Command::RequestRematch)
        }
        (StateName::Initialized | StateName::Player1Turn | StateName::Player2Turn, _) => None,
    }
}

/// Returns the cell that the bot guesses; `None` if none is left.
pub fn guess(view: &PlayerView, strength: Strength, seed: u64) -> Option<Coordinate> {
    your_code!(view, strength, seed)
}

impl Strength {
    /// Returns the wire name.
    pub fn name(self) -> &'static str {
        match self {
            Strength::Random => "random",
            Strength::Hunt => "hunt",
        }
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Strength {
    type Err = UnknownStrength;

    fn from_str(name: &str) -> Result<Strength, UnknownStrength> {
        match name {
            "random" => Ok(Strength::Random),
            "hunt" => Ok(Strength::Hunt),
            "exact" => Err(UnknownStrength::NotYet),
            _ => Err(UnknownStrength::Unknown),
        }
    }
}

/// The error when a name is not an available strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownStrength {
    /// `exact`, which is not implemented yet.
    NotYet,
    /// Any other name.
    Unknown,
}

impl fmt::Display for UnknownStrength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UnknownStrength::NotYet => {
                "the exact computer is not there yet; play against random or hunt"
            }
            UnknownStrength::Unknown => {
                "there is no such computer player; play against random or hunt"
            }
        })
    }
}

impl std::error::Error for UnknownStrength {}
