//! What the sender of a command is told when it was carried out.

use crate::event::Event;
use crate::game::Game;
use crate::guesses::Outcome;
use crate::island::IslandType;
use crate::player::Player;
use crate::view::Islands;

/// What a command brought its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Reply {
    /// It was done, and that says it all.
    Done {},
    /// The islands are set.
    IslandsSet {
        /// Where they are.
        board: Islands,
    },
    /// The guess was answered.
    Guessed {
        /// What was there.
        outcome: Outcome,
        /// The island whose last cell this was.
        forested: Option<IslandType>,
        /// Whether it won the game.
        win: bool,
    },
}

impl Reply {
    /// The reply to the command that made these events happen. It is the same
    /// however long ago that was: what it tells of a game never changes again.
    pub fn of(game: &Game, by: Player, events: &[Event]) -> Reply {
        match events {
            [Event::IslandsSet { .. }, ..] => Reply::IslandsSet {
                board: Islands::from(game.state.fleet(by).islands()),
            },
            [Event::CoordinateGuessed(guess), rest @ ..] => Reply::Guessed {
                outcome: guess.outcome,
                forested: guess.forested,
                win: matches!(rest, [Event::GameWon { .. }]),
            },
            _ => Reply::Done {},
        }
    }
}
