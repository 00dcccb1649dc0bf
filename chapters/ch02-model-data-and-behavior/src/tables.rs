//! The game as a database would hold it: rows that refer to each other by id.
//!
//! An insert checks what the usual constraints check: the ranges of columns (`CHECK`), that the
//! game exists (`FOREIGN KEY`), and that no guess is there twice (`UNIQUE`). None of them looks
//! at the whole game, so each row is valid and the game need not be.

/// The key of a row, from 1.
pub type Id = usize;

/// A row of the table `games`.
#[derive(Clone, Debug)]
pub struct GameRow {
    /// The name of the player that opened the game.
    pub player1: String,
    /// The name of the other player; null until that player joins.
    pub player2: Option<String>,
}

/// A row of the table `islands`.
#[derive(Clone, Debug)]
pub struct IslandRow {
    /// The game.
    pub game: Id,
    /// The player, 1 or 2.
    pub player: u8,
    /// The island's name, such as `square`.
    pub kind: String,
    /// The upper-left corner.
    pub row: i64,
    /// The upper-left corner.
    pub col: i64,
}

/// A row of the table `guesses`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuessRow {
    /// The game.
    pub game: Id,
    /// The player that guesses, 1 or 2.
    pub player: u8,
    /// The guessed cell.
    pub row: i64,
    /// The guessed cell.
    pub col: i64,
}

/// The three tables.
#[derive(Debug, Default)]
pub struct Tables {
    games: Vec<GameRow>,
    islands: Vec<IslandRow>,
    guesses: Vec<GuessRow>,
}

/// The constraint that a row violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A column is out of its range.
    Check(&'static str),
    /// No game has this id.
    ForeignKey(Id),
    /// The same row is there already.
    Unique,
}

impl Tables {
    /// Inserts a game with one player, and returns its key.
    pub fn insert_game(&mut self, player1: &str) -> Id {
        self.games.push(GameRow {
            player1: player1.to_owned(),
            player2: None,
        });
        self.games.len()
    }

    /// Sets the second player's name.
    ///
    /// # Errors
    /// If there is no such game.
    pub fn update_player2(&mut self, game: Id, name: &str) -> Result<(), Violation> {
        self.check_game(game)?;
        self.games[game - 1].player2 = Some(name.to_owned());
        Ok(())
    }

    /// Inserts an island, and returns its key.
    ///
    /// # Errors
    /// If there is no such game.
    pub fn insert_island(&mut self, island: IslandRow) -> Result<Id, Violation> {
        self.check_game(island.game)?;
        self.islands.push(island);
        Ok(self.islands.len())
    }

    /// Inserts a guess, and returns its key.
    ///
    /// # Errors
    /// The first constraint that it violates.
    pub fn insert_guess(&mut self, guess: GuessRow) -> Result<Id, Violation> {
        self.check_game(guess.game)?;
        check("player", guess.player.into(), 2)?;
        check("row", guess.row, 10)?;
        check("col", guess.col, 10)?;
        if self.guesses.contains(&guess) {
            return Err(Violation::Unique);
        }
        self.guesses.push(guess);
        Ok(self.guesses.len())
    }

    fn check_game(&self, game: Id) -> Result<(), Violation> {
        match (1..=self.games.len()).contains(&game) {
            true => Ok(()),
            false => Err(Violation::ForeignKey(game)),
        }
    }
}

/// Checks that a column is between 1 and `max`.
fn check(column: &'static str, value: i64, max: i64) -> Result<(), Violation> {
    match (1..=max).contains(&value) {
        true => Ok(()),
        false => Err(Violation::Check(column)),
    }
}
