//! Which broadcasts a connection has received.

/// How many of the latest numbers are remembered one by one.
const REMEMBERED: u64 = 64;

/// The numbers of the broadcasts received on one topic.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The highest number received, plus one.
    next: u64,
    /// Bit `i` says whether number `next - 1 - i` was received.
    last: u64,
}

impl Seen {
    /// Notes a number; returns whether it is new. A number [`REMEMBERED`] or more below the highest
    /// counts as a duplicate.
    pub(crate) fn is_new(&mut self, number: u64) -> bool {
        if number >= self.next {
            let step = (number - self.next).saturating_add(1);
            let kept = u32::try_from(step).ok();
            self.last = kept.and_then(|it| self.last.checked_shl(it)).unwrap_or(0) | 1;
            self.next = number.saturating_add(1);
            return true;
        }
        let back = self.next - 1 - number;
        if back >= REMEMBERED {
            return false;
        }
        let bit = 1 << back;
        let is_new = self.last & bit == 0;
        self.last |= bit;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_new_once_in_whatever_order() {
        let mut seen = Seen::default();
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
            assert_eq!(seen.is_new(number), is_new, "{number}");
        }
    }
}
