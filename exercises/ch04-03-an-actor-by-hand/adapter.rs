//! Commands that send messages to one actor, with the time that each answer takes.

use std::time::Duration;

use islands_core::{Event, Player};
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::{Instant, timeout};

use crate::by_hand::{self, GameHandle};
use crate::disk::Disk;
use crate::games::guess;

/// Returns a function that answers commands. It keeps the handle of the actor between them.
pub fn start() -> impl FnMut(&str) -> String {
    // The clock stands still while there is something to do.
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime");
    let disk = Disk::slow_for("one", Duration::from_millis(200));
    let mut game = Some(runtime.block_on(async { by_hand::start("one", disk) }));
    move |command| {
        if command == "drop the handle" {
            game = None;
            runtime.block_on(yield_now());
            return match runtime.metrics().num_alive_tasks() {
                0 => "the task has ended".to_owned(),
                _ => "the task runs on".to_owned(),
            };
        }
        match &game {
            Some(game) => answer(command, game, &runtime),
            None => "! there is no handle".to_owned(),
        }
    }
}

/// Answers `PLAYER CELL`, `state`, or several of them with commas between, which are sent at the
/// same moment. `PLAYER hangs up CELL` gives up after a millisecond.
fn answer(command: &str, game: &GameHandle, runtime: &Runtime) -> String {
    let began = runtime.block_on(async { Instant::now() });
    let messages = command.split(", ").map(|message| {
        let (game, message) = (game.clone(), message.to_owned());
        runtime.spawn(async move {
            let said = send(&game, &message).await;
            format!(
                "{message}: {said} after {} ms\n",
                began.elapsed().as_millis()
            )
        })
    });
    let messages: Vec<_> = messages.collect();
    let lines = messages
        .into_iter()
        .map(|message| match runtime.block_on(message) {
            Ok(line) => line,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        });
    lines.collect()
}

async fn send(game: &GameHandle, message: &str) -> String {
    match message.split(' ').collect::<Vec<_>>()[..] {
        ["state"] => match game.state().await {
            Ok(state) => state.to_string(),
            Err(_) => "stopped".to_owned(),
        },
        [by, "hangs", "up", cell] => {
            let millisecond = Duration::from_millis(1);
            match timeout(millisecond, play(game, by, cell)).await {
                Ok(said) => said,
                Err(_) => "hung up".to_owned(),
            }
        }
        [by, cell] => play(game, by, cell).await,
        _ => "! unknown command".to_owned(),
    }
}

async fn play(game: &GameHandle, by: &str, cell: &str) -> String {
    let by = if by == "ada" {
        Player::One
    } else {
        Player::Two
    };
    match game.play(by, guess(cell).expect("a cell")).await {
        Ok(Ok(events)) => match events.as_slice() {
            [Event::CoordinateGuessed(guess), ..] => format!("{:?}", guess.outcome).to_lowercase(),
            _ => "no guess".to_owned(),
        },
        Ok(Err(rejection)) => format!("refused, {},", rejection.reason()),
        Err(_) => "stopped".to_owned(),
    }
}
