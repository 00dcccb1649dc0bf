//! Marks in the payloads of broadcasts, which identify a broadcast and say when it was due.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::clock::Moment;

/// Bound of `seq`, by which receivers size their counts. No run makes as many broadcasts on a
/// topic, so a higher number is not this program's.
const MAX_SEQ: u64 = 10_000_000;

/// The mark of a broadcast, `"crowd": [run, seq, due]` in its payload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    /// Distinguishes this run from others.
    pub(crate) run: u64,
    /// Number of the broadcast on its topic, from zero.
    pub(crate) seq: u64,
    pub(crate) due: Moment,
}

#[derive(Deserialize)]
struct MarkedPayload {
    crowd: (u64, u64, Moment),
}

impl Mark {
    /// Returns the mark in a payload, if it has one of this run.
    pub(crate) fn read(payload: &RawValue, run: u64) -> Option<Mark> {
        let MarkedPayload { crowd } = serde_json::from_str(payload.get()).ok()?;
        let (theirs, seq, due) = crowd;
        (theirs == run && seq < MAX_SEQ).then_some(Mark { run, seq, due })
    }

    /// Returns the payload, a JSON object, with the mark added.
    pub(crate) fn add_to(self, payload: &str) -> String {
        let Mark { run, seq, due } = self;
        let fields = payload.trim().trim_start_matches('{');
        let between = if fields.trim_start() == "}" { "" } else { "," };
        format!(
            r#"{{"crowd":[{run},{seq},{}]{between}{fields}"#,
            due.nanos()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark {
        run: 3,
        seq: 5,
        due: Moment::from_nanos(7),
    };

    fn read(payload: &str) -> Option<Mark> {
        let payload: &RawValue = serde_json::from_str(payload).expect("JSON");
        Mark::read(payload, 3)
    }

    #[test]
    fn a_mark_is_found_beside_other_fields() {
        for payload in ["{}", "{ }", r#"{"a":{"b":1}}"#, r#" { "body": "hi" } "#] {
            let marked = MARK.add_to(payload);
            assert_eq!(read(&marked), Some(MARK), "{marked}");
        }
        assert_eq!(read(r#"{"by":1,"crowd":[3,5,7]}"#), Some(MARK));
    }

    #[test]
    fn payloads_of_other_runs_have_no_mark() {
        for payload in [
            "{}",
            "[]",
            r#"{"crowd":7}"#,
            r#"{"crowd":[4,5,7]}"#,
            r#"{"crowd":[3,-5,7]}"#,
            r#"{"crowd":[3,99999999999,7]}"#,
        ] {
            assert_eq!(read(payload), None, "{payload}");
        }
    }
}
