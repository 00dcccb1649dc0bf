//! Which broadcasts a connection has received.

/// How many of the latest numbers are remembered one by one.
const WINDOW_LEN: u64 = 64;

/// The numbers of the broadcasts received on one topic.
#[derive(Debug, Default)]
pub(crate) struct DuplicateFilter {
    /// The highest number received, plus one.
    next: u64,
    /// Bit `i` says whether number `next - 1 - i` was received.
    received: u64,
}

impl DuplicateFilter {
    /// Notes a number; returns whether it is new. A number [`WINDOW_LEN`] or more below the highest
    /// counts as a duplicate.
    pub(crate) fn insert(&mut self, number: u64) -> bool {
        if number >= self.next {
            let step = (number - self.next).saturating_add(1);
            let shift = u32::try_from(step).ok();
            self.received = shift
                .and_then(|it| self.received.checked_shl(it))
                .unwrap_or(0)
                | 1;
            self.next = number.saturating_add(1);
            return true;
        }
        let distance = self.next - 1 - number;
        if distance >= WINDOW_LEN {
            return false;
        }
        let bit = 1 << distance;
        let is_new = self.received & bit == 0;
        self.received |= bit;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_new_once_in_whatever_order() {
        let mut filter = DuplicateFilter::default();
        for (number, is_new) in [
            (0, true),
            (0, false),
            (3, true),
            (1, true),
            (3, false),
            (1, false),
            (2, true),
            (200, true),
            (200, false),
            (199, true),
            (3, false),
            (u64::MAX, true),
        ] {
            assert_eq!(filter.insert(number), is_new, "{number}");
        }
    }
}
