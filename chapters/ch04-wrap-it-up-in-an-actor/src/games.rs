//! Games and commands for the lesson.

use islands_core::{
    Command, Coordinate, Event, Game, ParseCoordinateError, Player, PlayerName, create,
    random_board,
};

/// Returns a game between Ada and Bob in which both have set their islands. It is Ada's turn.
pub fn battle() -> Game {
    // Both names are valid.
    let mut game = match create("Ada") {
        Ok(created) => Game::new(&created),
        Err(_) => unreachable!("Ada is a name"),
    };
    if let Ok(name) = PlayerName::new("Bob") {
        game.apply(&Event::PlayerAdded { name });
    }
    for (by, seed) in [(Player::One, 1), (Player::Two, 2)] {
        let board = random_board(seed);
        game.apply(&Event::IslandsPositioned { by, board });
        game.apply(&Event::IslandsSet { by });
    }
    game
}

/// Returns the command that guesses a cell, such as `B7`.
///
/// # Errors
/// If there is no such cell.
pub fn guess(cell: &str) -> Result<Command, ParseCoordinateError> {
    let cell: Coordinate = cell.parse()?;
    let (row, col) = (cell.row().into(), cell.col().into());
    Ok(Command::GuessCoordinate { row, col })
}
