//! Waits equally long before each restart. If the cause needs a second to go away, all restarts are
//! spent by then.

impl Crashes {
    pub(crate) fn record(&mut self, budget: RestartBudget, now: Instant) -> RestartDecision {
        let counts = |crash: &Instant| now.duration_since(*crash) <= budget.within;
        self.recent.retain(counts);
        self.recent.push(now);
        match self.recent.len() {
            count if count > budget.restarts => RestartDecision::OverBudget,
            1 => RestartDecision::Now,
            _ => RestartDecision::After(FIRST_PAUSE),
        }
    }
}
