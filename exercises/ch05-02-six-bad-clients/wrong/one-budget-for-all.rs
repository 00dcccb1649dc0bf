//! Counts the crashes of all processes together, and ends everything when there are too many.

impl OwnBudget {
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
