//! The two seats of a game, and a pair of values for them.

use std::fmt;
use std::ops::{Index, IndexMut};

/// One of the two seats. Player 1 opens the game and makes the first guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Player {
    /// `player1` on the wire.
    #[cfg_attr(feature = "serde", serde(rename = "player1"))]
    One,
    /// `player2` on the wire.
    #[cfg_attr(feature = "serde", serde(rename = "player2"))]
    Two,
}

impl Player {
    /// Both seats, player 1 first.
    pub const BOTH: [Player; 2] = [Player::One, Player::Two];

    /// Returns the other player.
    #[must_use]
    pub fn opponent(self) -> Player {
        match self {
            Player::One => Player::Two,
            Player::Two => Player::One,
        }
    }
}

impl fmt::Display for Player {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Player::One => "player1",
            Player::Two => "player2",
        })
    }
}

/// One value for each player, indexed by player: `names[Player::One]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pair<T> {
    /// Player 1's value.
    #[cfg_attr(feature = "serde", serde(rename = "player1"))]
    pub one: T,
    /// Player 2's value.
    #[cfg_attr(feature = "serde", serde(rename = "player2"))]
    pub two: T,
}

impl<T> Pair<T> {
    /// Creates a pair by calling `make` for each player.
    pub fn from_fn(mut make: impl FnMut(Player) -> T) -> Pair<T> {
        Pair {
            one: make(Player::One),
            two: make(Player::Two),
        }
    }
}

impl<T> Index<Player> for Pair<T> {
    type Output = T;

    fn index(&self, player: Player) -> &T {
        match player {
            Player::One => &self.one,
            Player::Two => &self.two,
        }
    }
}

impl<T> IndexMut<Player> for Pair<T> {
    fn index_mut(&mut self, player: Player) -> &mut T {
        match player {
            Player::One => &mut self.one,
            Player::Two => &mut self.two,
        }
    }
}
