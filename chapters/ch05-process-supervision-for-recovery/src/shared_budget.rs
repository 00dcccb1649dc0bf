//! One budget for all processes of a supervisor, as OTP's has it.

use tokio::task::Id;
use tokio::time::Instant;

use crate::supervisor::{Budget, Decision, MAX_RESTARTS, WITHIN};

/// The recent crashes of all processes.
#[derive(Default)]
pub struct SharedBudget {
    crashes: Vec<Instant>,
}

impl Budget for SharedBudget {
    /// Ends everything at one crash too many, whichever process it is.
    fn crashed(&mut self, _: &str, _: Id, now: Instant) -> Decision {
        self.crashes.retain(|crash| now - *crash <= WITHIN);
        self.crashes.push(now);
        match self.crashes.len() {
            count if count > MAX_RESTARTS => Decision::End,
            _ => Decision::Restart,
        }
    }
}
