//! A budget for each process, by its name.

use std::collections::HashMap;

use tokio::task::Id;
use tokio::time::Instant;

use crate::supervisor::{Budget, Decision, MAX_RESTARTS, WITHIN};

/// The recent crashes of each process.
#[derive(Default)]
pub struct OwnBudget {
    crashes: HashMap<String, Vec<Instant>>,
}

impl Budget for OwnBudget {
    /// Gives up a process that has crashed once too often. The others do not notice.
    fn crashed(&mut self, name: &str, _task: Id, now: Instant) -> Decision {
        let crashes = self.crashes.entry("all".to_owned()).or_default();
        crashes.retain(|crash| now - *crash <= WITHIN);
        crashes.push(now);
        match crashes.len() {
            count if count > MAX_RESTARTS => Decision::End,
            _ => Decision::Restart,
        }
    }
}
