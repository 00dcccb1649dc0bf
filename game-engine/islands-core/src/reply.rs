//! Replies to accepted commands.

use crate::event::Event;
use crate::game::Game;
use crate::guesses::Outcome;
use crate::island::IslandType;
use crate::player::Player;
use crate::view::Islands;

/// The reply to the sender of an accepted command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Reply {
    /// The command was accepted, and there is nothing to add.
    Done {},
    /// The islands are set.
    IslandsSet {
        /// The sender's islands.
        board: Islands,
    },
    /// The guess was answered.
    Guessed {
        /// Hit or miss.
        outcome: Outcome,
        /// The island that the guess forested, if any.
        forested: Option<IslandType>,
        /// Whether the guess won the game.
        win: bool,
    },
}

impl Reply {
    /// Returns the reply to the command that caused these events.
    ///
    /// Commands are idempotent: a repeated one gets the same reply at any later
    /// time, because set islands and past guesses never change.
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
