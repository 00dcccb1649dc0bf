//! Counts failures by reason.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::thousands::with_commas;

/// Maximum reasons counted separately; all further ones are counted together.
const MAX_REASONS: usize = 100;

/// Maximum reasons shown.
const MAX_SHOWN: usize = 5;

/// Reasons, each with its count.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct Reasons(BTreeMap<String, u64>);

impl Reasons {
    pub(crate) fn count(&mut self, reason: &str) {
        self.count_many(reason, 1);
    }

    pub(crate) fn add(&mut self, other: &Reasons) {
        for (reason, times) in &other.0 {
            self.count_many(reason, *times);
        }
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.values().sum()
    }

    fn count_many(&mut self, reason: &str, times: u64) {
        if let Some(count) = self.0.get_mut(reason) {
            *count += times;
            return;
        }
        let reason = match self.0.len() < MAX_REASONS {
            true => reason,
            false => "other reasons",
        };
        *self.0.entry(reason.to_owned()).or_default() += times;
    }
}

/// Shows the most frequent reasons, in one line.
impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
        for (at, (reason, times)) in all.iter().take(MAX_SHOWN).enumerate() {
            let between = if at == 0 { "" } else { "; " };
            write!(f, "{between}{} × {reason}", with_commas(**times))?;
        }
        match all.len().saturating_sub(MAX_SHOWN) {
            0 => Ok(()),
            more => write!(f, "; {more} reasons more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_reason_comes_first() {
        let mut reasons = Reasons::default();
        reasons.count("rare");
        let mut others = Reasons::default();
        others.count_many("frequent", 3);
        others.count("rare");
        reasons.add(&others);
        assert_eq!(reasons.to_string(), "3 × frequent; 2 × rare");
        assert_eq!(reasons.total(), 5);
    }

    #[test]
    fn distinct_reasons_are_bounded() {
        let mut reasons = Reasons::default();
        for n in 0..1_000 {
            reasons.count(&n.to_string());
        }
        assert_eq!(reasons.0.len(), MAX_REASONS + 1);
        assert_eq!(reasons.total(), 1_000);
    }
}
