//! Counts by name, and then ends the supervisor instead of giving up the one process.

impl OwnBudget {
    fn crashed(&mut self, name: &str, _task: Id, now: Instant) -> Decision {
        let crashes = self.crashes.entry(name.to_owned()).or_default();
        crashes.retain(|crash| now - *crash <= WITHIN);
        crashes.push(now);
        match crashes.len() {
            count if count > MAX_RESTARTS => Decision::End,
            _ => Decision::Restart,
        }
    }
}
