//! The game as a database would hold it: rows that refer to each other by id.
//!
//! An insert checks what columns and foreign keys can check: that a game with this id exists.
//! Nothing here knows when a guess may be made, so each row is valid and the game is not.

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
#[derive(Clone, Debug)]
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

/// The error of a row that refers to a game that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignKeyViolation {
    /// The id that no game has.
    pub game: Id,
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
    pub fn update_player2(&mut self, game: Id, name: &str) -> Result<(), ForeignKeyViolation> {
        self.check(game)?;
        self.games[game - 1].player2 = Some(name.to_owned());
        Ok(())
    }

    /// Inserts an island, and returns its key.
    ///
    /// # Errors
    /// If there is no such game.
    pub fn insert_island(&mut self, island: IslandRow) -> Result<Id, ForeignKeyViolation> {
        self.check(island.game)?;
        self.islands.push(island);
        Ok(self.islands.len())
    }

    /// Inserts a guess, and returns its key.
    ///
    /// # Errors
    /// If there is no such game.
    pub fn insert_guess(&mut self, guess: GuessRow) -> Result<Id, ForeignKeyViolation> {
        self.check(guess.game)?;
        self.guesses.push(guess);
        Ok(self.guesses.len())
    }

    fn check(&self, game: Id) -> Result<(), ForeignKeyViolation> {
        match (1..=self.games.len()).contains(&game) {
            true => Ok(()),
            false => Err(ForeignKeyViolation { game }),
        }
    }
}
