//! Counts by task. A restarted process is a new task with no crashes, so the budget is never spent.

impl OwnBudget {
    fn crashed(&mut self, _name: &str, _task: Id, now: Instant) -> Decision {
        let crashes = self.crashes.entry(_task.to_string()).or_default();
        crashes.retain(|crash| now - *crash <= WITHIN);
        crashes.push(now);
        match crashes.len() {
            count if count > MAX_RESTARTS => Decision::GiveUp,
            _ => Decision::Restart,
        }
    }
}
