//! Counts every crash for ever.

impl OwnBudget {
    fn crashed(&mut self, name: &str, _task: Id, now: Instant) -> Decision {
        let crashes = self.crashes.entry(name.to_owned()).or_default();
        crashes.push(now);
        match crashes.len() {
            count if count > MAX_RESTARTS => Decision::GiveUp,
            _ => Decision::Restart,
        }
    }
}
