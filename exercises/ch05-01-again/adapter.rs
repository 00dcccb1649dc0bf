//! Commands that record crashes.

use std::time::{Duration, Instant};

use crate::restart::{Crashes, RestartBudget, RestartDecision};

/// Returns a function that answers commands. It keeps the crashes between them.
pub fn start() -> impl FnMut(&str) -> String {
    let (start, mut crashes) = (Instant::now(), Crashes::default());
    let mut budget = RestartBudget::default();
    move |command| match command.split(' ').collect::<Vec<_>>()[..] {
        ["budget", restarts, "in", ms, "ms"] => {
            budget = RestartBudget {
                restarts: restarts.parse().expect("a number"),
                within: Duration::from_millis(ms.parse().expect("a number")),
            };
            "ok".to_owned()
        }
        ["crash", "at", ms, "ms"] => {
            let ms = Duration::from_millis(ms.parse().expect("a number"));
            shown(crashes.record(budget, start + ms))
        }
        ["crash", times, "times", "at", ms, "ms"] => {
            let ms = Duration::from_millis(ms.parse().expect("a number"));
            let times: u32 = times.parse().expect("a number");
            let decisions = (0..times).map(|_| crashes.record(budget, start + ms));
            decisions.last().map_or_else(|| "none".to_owned(), shown)
        }
        _ => "! unknown command".to_owned(),
    }
}

fn shown(decision: RestartDecision) -> String {
    match decision {
        RestartDecision::Now => "restart now".to_owned(),
        RestartDecision::After(pause) => format!("restart after {} ms", pause.as_millis()),
        RestartDecision::OverBudget => "over the budget".to_owned(),
    }
}
