//! Commands that crash processes under a supervisor.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use crate::own_budget::OwnBudget;
use crate::score::Message;
use crate::supervisor::{self, Handle};

const NAMES: [&str; 20] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
    "t",
];

/// Returns a function that answers commands. It keeps a supervisor with twenty processes.
pub fn start() -> impl FnMut(&str) -> String {
    // The panics of the processes are wanted.
    let show = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref() != Some(&"a bug") {
            show(panic);
        }
    }));
    // The clock stands still while there is something to do.
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime");
    let supervisor = runtime.block_on(async { supervisor::start::<OwnBudget>(&NAMES) });
    move |command| answer(command, &supervisor, &runtime)
}

/// Answers `crash NAMES`, one after the other, or `wait SECONDS`. Says which processes run.
fn answer(command: &str, supervisor: &Handle, runtime: &Runtime) -> String {
    runtime.block_on(async {
        match command.split(' ').collect::<Vec<_>>()[..] {
            ["crash", ref names @ ..] => {
                for name in names {
                    if let Some(process) = supervisor.find(name).await {
                        let _ = process.send(Message::Crash).await;
                        process.closed().await;
                    }
                    // Its supervisor handles the crash.
                    sleep(Duration::from_millis(1)).await;
                }
            }
            ["wait", seconds] => {
                sleep(Duration::from_secs(seconds.parse().expect("a number"))).await;
            }
            _ => return "! unknown command".to_owned(),
        }
        let running = supervisor.running().await;
        let down: Vec<&str> = NAMES
            .into_iter()
            .filter(|name| !running.iter().any(|it| it == name))
            .collect();
        match down.len() {
            0 => "all 20 run".to_owned(),
            20 => "none runs".to_owned(),
            count => format!("{} run, not {}", 20 - count, down.join(" ")),
        }
    })
}
