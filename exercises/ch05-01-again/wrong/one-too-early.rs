//! Gives up at the last crash that the budget allows. A budget of three restarts allows three.

impl Crashes {
    pub(crate) fn record(&mut self, budget: RestartBudget, now: Instant) -> RestartDecision {
        let counts = |crash: &Instant| now.duration_since(*crash) <= budget.within;
        self.recent.retain(counts);
        self.recent.push(now);
        match self.recent.len() {
            count if count >= budget.restarts => RestartDecision::OverBudget,
            1 => RestartDecision::Now,
            count => {
                let doublings = u32::try_from(count - 2).unwrap_or(u32::MAX);
                let pause = FIRST_PAUSE.saturating_mul(2u32.saturating_pow(doublings));
                RestartDecision::After(pause.min(LONGEST_PAUSE))
            }
        }
    }
}
