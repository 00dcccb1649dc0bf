//! The pushes that still wait for a reply.

use std::collections::VecDeque;

use crate::clock::Moment;

/// The reference of the first push; the join has the one before.
const FIRST_REF: u64 = 2;

/// The due time of each push in flight, by reference.
#[derive(Debug)]
pub(crate) struct InFlight {
    /// `None` for a push that was answered before an earlier one.
    dues: VecDeque<Option<Moment>>,
    /// The reference of the first entry of `dues`.
    first: u64,
    len: u64,
}

impl Default for InFlight {
    fn default() -> InFlight {
        InFlight {
            dues: VecDeque::new(),
            first: FIRST_REF,
            len: 0,
        }
    }
}

impl InFlight {
    /// Adds a push and returns its reference.
    pub(crate) fn begin(&mut self, due: Moment) -> u64 {
        self.dues.push_back(Some(due));
        self.len += 1;
        self.first + self.dues.len() as u64 - 1
    }

    /// Removes the push with this reference and returns when it was due.
    pub(crate) fn end(&mut self, reference: &str) -> Option<Moment> {
        let reference: u64 = reference.parse().ok()?;
        let index = reference.checked_sub(self.first)?;
        let due = self.dues.get_mut(usize::try_from(index).ok()?)?.take()?;
        self.len -= 1;
        while let Some(None) = self.dues.front() {
            self.dues.pop_front();
            self.first += 1;
        }
        Some(due)
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_may_come_in_any_order_and_count_once() {
        let mut in_flight = InFlight::default();
        let at = Moment::from_nanos;
        let references = [5, 6, 7].map(|nanos| in_flight.begin(at(nanos)).to_string());
        assert_eq!(references, ["2", "3", "4"]);
        assert_eq!(in_flight.end("3"), Some(at(6)));
        assert_eq!(in_flight.end("3"), None);
        assert_eq!(in_flight.end("2"), Some(at(5)));
        assert_eq!(in_flight.len(), 1);
        assert_eq!(in_flight.begin(at(8)), 5);
        assert_eq!(in_flight.end("5"), Some(at(8)));
        assert_eq!(in_flight.end("4"), Some(at(7)));
        assert_eq!(in_flight.len(), 0);
    }

    #[test]
    fn an_unknown_reference_is_ignored() {
        let mut in_flight = InFlight::default();
        for reference in ["", "1", "2", "x", "-2", "99999999999999999999"] {
            assert_eq!(in_flight.end(reference), None, "{reference}");
        }
    }
}
