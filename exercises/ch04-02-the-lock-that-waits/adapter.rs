//! Commands that play moves at the same moment, with the time that each takes.

use std::sync::Arc;
use std::time::Duration;

use islands_core::{Event, Player, Rejection};
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

use crate::disk::Disk;
use crate::games::guess;
use crate::locks::Games;

/// Returns a function that answers commands. It keeps the games between them.
pub fn start() -> impl FnMut(&str) -> String {
    let games = Arc::new(Games::new(Disk::slow_for(
        "one",
        Duration::from_millis(200),
    )));
    // The clock stands still while there is something to do.
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime");
    move |command| answer(command, &games, &runtime)
}

/// Answers `GAME PLAYER CELL`, or several of them with commas between, which are played at the
/// same moment.
fn answer(command: &str, games: &Arc<Games>, runtime: &Runtime) -> String {
    let began = runtime.block_on(async { Instant::now() });
    let moves = command.split(", ").map(|played| {
        let (games, played) = (Arc::clone(games), played.to_owned());
        runtime.spawn(async move {
            let said = play(&games, &played).await;
            format!(
                "{played}: {said} after {} ms\n",
                began.elapsed().as_millis()
            )
        })
    });
    let moves: Vec<_> = moves.collect();
    let lines = moves
        .into_iter()
        .map(|played| match runtime.block_on(played) {
            Ok(line) => line,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        });
    lines.collect()
}

async fn play(games: &Games, played: &str) -> String {
    let words: Vec<&str> = played.split(' ').collect();
    let [game, by, cell] = words[..] else {
        return "! unknown command".to_owned();
    };
    let by = if by == "ada" {
        Player::One
    } else {
        Player::Two
    };
    let command = guess(cell).expect("a cell");
    said(games.play(game, by, command).await)
}

fn said(played: Result<Vec<Event>, Rejection>) -> String {
    match played.as_deref() {
        Ok([Event::CoordinateGuessed(guess), ..]) => format!("{:?}", guess.outcome).to_lowercase(),
        Ok(_) => "no guess".to_owned(),
        Err(rejection) => format!("refused, {},", rejection.reason()),
    }
}
