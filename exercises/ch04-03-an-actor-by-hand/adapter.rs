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
    let disk = Disk::slow_for("one", Duration::from_millis(200));
    let mut runtime = runtime();
    let mut game = Some(runtime.block_on(async { by_hand::start("one", disk) }));
    move |command| {
        match command {
            "drop the handle" => {
                game = None;
                runtime.block_on(yield_now());
                return match runtime.metrics().num_alive_tasks() {
                    0 => "the task has ended".to_owned(),
                    _ => "the task runs on".to_owned(),
                };
            }
            // All its tasks end with a runtime.
            "stop the task" => {
                drop(std::mem::replace(&mut runtime, self::runtime()));
                return "ok".to_owned();
            }
            _ => {}
        }
        match &game {
            Some(game) => answer(command, game, &runtime),
            None => "! there is no handle".to_owned(),
        }
    }
}

/// Its clock stands still while there is something to do.
fn runtime() -> Runtime {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build();
    runtime.expect("a runtime")
}

/// Answers `PLAYER CELL`, `state`, or several of them with commas between, which are sent at the
/// same moment; or `COUNT times state`. `PLAYER hangs up CELL` gives up after a millisecond.
fn answer(command: &str, game: &GameHandle, runtime: &Runtime) -> String {
    if let Some(count) = command.strip_suffix(" times state") {
        let count: usize = count.parse().expect("a number");
        return runtime.block_on(async {
            // Spawned from within, they all run before the actor does.
            let mut asking = Vec::new();
            for _ in 0..count {
                let game = game.clone();
                asking.push(tokio::spawn(async move { game.state().await }));
            }
            let mut answers = 0;
            for answer in asking {
                answers += usize::from(matches!(answer.await, Ok(Ok(_))));
            }
            format!("{answers} answers")
        });
    }
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
