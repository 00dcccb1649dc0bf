//! Which broadcasts a connection has had.

/// So many of the last ones are remembered one by one.
const REMEMBERED: u64 = 64;

/// The numbers of the broadcasts that came on one topic.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The highest number, plus one.
    next: u64,
    /// Which of the numbers below it came, the highest as the lowest bit.
    last: u64,
}

impl Seen {
    /// Notes the number, and says whether it comes for the first time. One that is overtaken by
    /// [`REMEMBERED`] others and comes after all is taken for a double.
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
