//! The state of a game as a type for each state.
//!
//! A method that a state does not allow does not exist there. So a guess before both boards are
//! set is not refused: it does not compile.
//!
//! ```compile_fail
//! use ch03::typestate::Waiting;
//!
//! let game = Waiting::new("Ada");
//! game.guess("A1".parse().unwrap());
//! ```

use islands_core::{Board, Coordinate, Guesses, Pair, Player};

/// Player 1 waits for a second player.
#[derive(Debug)]
pub struct Waiting {
    host: String,
}

/// Both players arrange their islands.
#[derive(Debug)]
pub struct Arranging {
    names: Pair<String>,
}

/// The players guess in turn.
#[derive(Debug)]
pub struct Guessing {
    names: Pair<String>,
    boards: Pair<Board>,
    guesses: Pair<Guesses>,
    turn: Player,
}

/// A player has won.
#[derive(Debug)]
pub struct Over {
    /// The winner's name.
    pub winner: String,
}

/// A guess leads to one of two states.
#[derive(Debug)]
pub enum Next {
    /// It is the other player's turn.
    Guessing(Guessing),
    /// The last island is forested.
    Over(Over),
}

/// What a map of all games has to hold: one of the four types. A `match` on it is needed before
/// anything can be done, and it is the enum that the types were meant to replace.
#[derive(Debug)]
pub enum AnyGame {
    /// See [`Waiting`].
    Waiting(Waiting),
    /// See [`Arranging`].
    Arranging(Arranging),
    /// See [`Guessing`].
    Guessing(Guessing),
    /// See [`Over`].
    Over(Over),
}

impl Waiting {
    /// Opens a game.
    pub fn new(host: &str) -> Waiting {
        Waiting {
            host: host.to_owned(),
        }
    }

    /// Takes the second seat.
    pub fn join(self, guest: &str) -> Arranging {
        Arranging {
            names: Pair {
                one: self.host,
                two: guest.to_owned(),
            },
        }
    }
}

impl Arranging {
    /// Sets the islands of both players.
    pub fn set(self, boards: Pair<Board>) -> Guessing {
        Guessing {
            names: self.names,
            boards,
            guesses: Pair::default(),
            turn: Player::One,
        }
    }
}

impl Guessing {
    /// Returns the player whose turn it is.
    pub fn turn(&self) -> Player {
        self.turn
    }

    /// Guesses a cell, for the player whose turn it is.
    pub fn guess(mut self, at: Coordinate) -> Next {
        let (by, board) = (self.turn, self.boards[self.turn.opponent()]);
        let (outcome, _) = self.guesses[by].try_at(board, at);
        self.guesses[by] = self.guesses[by].with(at, outcome);
        if board.land().is_subset(self.guesses[by].hits()) {
            let winner = self.names[by].clone();
            return Next::Over(Over { winner });
        }
        self.turn = by.opponent();
        Next::Guessing(self)
    }
}
