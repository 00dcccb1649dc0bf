//! Someone to play against: a function from what a player sees to a command.

use std::fmt;
use std::str::FromStr;

use crate::chance::Chance;
use crate::command::{Command, Placement};
use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::guesses::Outcome;
use crate::placement::random_board;
use crate::player::Player;
use crate::state_name::StateName;
use crate::view::PlayerView;

/// How well a bot plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Guesses any cell that it has not guessed before.
    Random,
    /// Guesses at random until it finds land, then around what it has found
    /// until that island is forested.
    Hunt,
}

/// The next thing that a bot does, or `None` while it is for the other one to
/// do something.
///
/// It is given what a player sees and nothing else, so it cannot cheat. Each
/// command depends on the view, the strength and the seed alone.
pub fn next(view: &PlayerView, strength: Strength, seed: u64) -> Option<Command> {
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

/// Where a bot guesses; `None` when it has guessed every cell.
pub fn guess(view: &PlayerView, strength: Strength, seed: u64) -> Option<Coordinate> {
    let mine = || {
        view.public
            .moves
            .iter()
            .filter(|guess| guess.by == view.viewer)
    };
    let guessed: CoordinateSet = mine().map(|guess| guess.at).collect();
    let open = CoordinateSet::ALL - guessed;
    let targets = match strength {
        Strength::Random => open,
        Strength::Hunt => {
            let hits: CoordinateSet = mine()
                .filter(|guess| guess.outcome == Outcome::Hit)
                .map(|guess| guess.at)
                .collect();
            let forested = view.public.forested[view.viewer.opponent()].land();
            let around: CoordinateSet = (hits - forested)
                .iter()
                .flat_map(Coordinate::neighbours)
                .collect();
            let near = around & open;
            if near.is_empty() { open } else { near }
        }
    };
    // Each move draws anew from the one seed of the game. The first seed after
    // it is the first guess's: the islands were drawn from the seed itself, and
    // a guess drawn like them would tell where they are.
    let mut chance = Chance::new(seed.wrapping_add(1 + guessed.len() as u64));
    chance.pick(&targets.iter().collect::<Vec<_>>())
}

impl Strength {
    /// The name on the wire.
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
            _ => Err(UnknownStrength::NoSuch),
        }
    }
}

/// Not a strength that one can play against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownStrength {
    /// `exact`, which is not there yet.
    NotYet,
    /// Any other name.
    NoSuch,
}

impl fmt::Display for UnknownStrength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UnknownStrength::NotYet => {
                "the exact computer is not there yet; play against random or hunt"
            }
            UnknownStrength::NoSuch => "there is no such computer; play against random or hunt",
        })
    }
}

impl std::error::Error for UnknownStrength {}
