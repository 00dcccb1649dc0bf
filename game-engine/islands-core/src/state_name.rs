//! The names of a game's states.

use std::fmt;

/// The name of a state, as written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum StateName {
    /// `initialized`: one player waits for a second one.
    Initialized,
    /// `players_set`: two players arrange their islands.
    PlayersSet,
    /// `player1_turn`: player 1 is to guess.
    Player1Turn,
    /// `player2_turn`: player 2 is to guess.
    Player2Turn,
    /// `game_over`: the game has ended.
    GameOver,
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StateName::Initialized => "initialized",
            StateName::PlayersSet => "players_set",
            StateName::Player1Turn => "player1_turn",
            StateName::Player2Turn => "player2_turn",
            StateName::GameOver => "game_over",
        })
    }
}
