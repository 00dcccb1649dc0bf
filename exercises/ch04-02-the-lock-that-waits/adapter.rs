//! Commands that play moves at the same moment, with the time that each takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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
/// same moment; or `many first moves`.
fn answer(command: &str, games: &Arc<Games>, runtime: &Runtime) -> String {
    if command == "many first moves" {
        return first_moves();
    }
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

/// Two threads make the first move of the same game, in ten thousand games. Player 1 has one turn,
/// so in each game one of the two has to be refused.
fn first_moves() -> String {
    let games = Arc::new(Games::new(Disk::default()));
    let runtime = Builder::new_multi_thread().worker_threads(2).build();
    let runtime = runtime.expect("a runtime");
    for number in 0..10_000 {
        let ready = Arc::new(AtomicUsize::new(0));
        let moves = ["A1", "A2"].map(|cell| {
            let (games, ready) = (Arc::clone(&games), Arc::clone(&ready));
            runtime.spawn(async move {
                let command = guess(cell).expect("a cell");
                ready.fetch_add(1, Ordering::SeqCst);
                // Both go on in the same moment, which waiting for a lock would not give.
                while ready.load(Ordering::SeqCst) < 2 {
                    std::thread::yield_now();
                }
                games
                    .play(&number.to_string(), Player::One, command)
                    .await
                    .is_ok()
            })
        });
        let accepted = moves.map(|played| runtime.block_on(played).expect("no panic"));
        if accepted == [true, true] {
            return "both moves of one turn were accepted".to_owned();
        }
    }
    "one move of each turn was accepted".to_owned()
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
