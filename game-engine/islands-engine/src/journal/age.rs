//! How old a game is, as far as that can be known.
//!
//! A batch bears the time that the clock of the machine showed when it was appended. That clock
//! may be wrong: not set after a start, set to another year by hand, or corrected while the program
//! runs. A game that is forgotten cannot be brought back, so its own time does not decide alone.
//! The journal has seen time pass as well: its rows are in the order in which they came, and from
//! one to the next the time of most of them is a little later. Between two of them a leap of the
//! clock and a long silence look alike, so such a gap counts for little; but for as long as the
//! program has watched the clock it knows that there was no leap.
//!
//! ```text
//! rows in their order    May 1   May 2   May 4  │  Aug 9   Aug 10
//! time that was seen       0       1       3    │    6        7      days, with a gap of 3 at most
//! ```

use std::time::{Duration, SystemTime};

use super::to_millis;

/// How long games are kept after their last batch, and what the clocks say.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// How long they are kept.
    pub time: Duration,
    /// What the clock of the machine says now.
    pub now: SystemTime,
    /// For how long it has gone evenly until now, by a clock that never leaps: at most since the
    /// program was started.
    pub steady: Duration,
}

/// A game's last row: its number, and the time of its batch in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LastRow {
    pub(super) row: u64,
    pub(super) at: u64,
}

/// Which games are old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Old {
    /// Those whose last batch is older than this, in milliseconds since 1970 …
    before: u64,
    /// … and whose last row has this number at most.
    up_to: u64,
}

/// The part of the time for which games are kept that a gap between two rows counts for at most.
const GAP: u32 = 10;

impl Keep {
    /// Which games are old, given the last rows of all, in any order; `None` if none can be.
    pub(super) fn old(&self, mut rows: Vec<LastRow>) -> Option<Old> {
        let before = to_millis(self.now.checked_sub(self.time)?);
        let now = to_millis(self.now);
        let watched_from = now.saturating_sub(millis(self.steady));
        let most = millis(self.time / GAP);
        let passed = |from: u64, to: u64| {
            let in_the_dark = to.min(watched_from).saturating_sub(from).min(most);
            in_the_dark + to.saturating_sub(from.max(watched_from))
        };
        // A time to come is a wrong one, and says nothing of when its neighbours were.
        rows.retain(|row| row.at <= now);
        rows.sort_unstable();
        let mut latest = rows.first()?.at;
        let mut seen = 0;
        let seen_before: Vec<_> = rows
            .iter()
            .map(|row| {
                seen += passed(latest, row.at);
                latest = latest.max(row.at);
                seen
            })
            .collect();
        let enough = (seen + passed(latest, now)).checked_sub(millis(self.time))?;
        let count = seen_before.partition_point(|seen| *seen <= enough);
        let up_to = rows[..count].last()?.row;
        Some(Old { before, up_to })
    }
}

impl Old {
    /// Whether a game is, by its last row.
    pub(super) fn includes(self, last: LastRow) -> bool {
        last.at < self.before && last.row <= self.up_to
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400_000;
    /// Some day in 2026, by which the tests count.
    const TODAY: u64 = 20_600;

    fn day(number: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(DAY * number)
    }

    /// Of games whose last rows came on these days, in this order, those that are old on the day
    /// `now`, after so many days in which the clock was watched; each by its place in the list.
    #[track_caller]
    fn check(days: &[u64], now: u64, steady: u64, old: &[usize]) {
        let keep = Keep {
            time: Duration::from_millis(30 * DAY),
            now: day(now),
            steady: Duration::from_millis(steady * DAY),
        };
        let rows = days.iter().enumerate().map(|(row, day)| LastRow {
            row: row as u64,
            at: day * DAY,
        });
        let mut shuffled: Vec<_> = rows.clone().collect();
        shuffled.reverse();
        let found = keep.old(shuffled);
        let found: Vec<_> = rows
            .filter(|row| found.is_some_and(|old| old.includes(*row)))
            .map(|row| row.row as usize)
            .collect();
        assert_eq!(found, old);
    }

    /// The days before today, back to this one.
    fn since(days_ago: u64) -> Vec<u64> {
        (TODAY - days_ago..TODAY).collect()
    }

    #[test]
    fn a_game_that_was_left_alone_for_longer_than_it_is_kept_is_old() {
        check(&since(33), TODAY, 0, &[0, 1, 2]);
        check(&since(30), TODAY, 0, &[]);
        check(&[], TODAY, 0, &[]);
    }

    #[test]
    fn a_clock_that_is_ahead_makes_no_game_old() {
        check(&since(20), TODAY + 40, 0, &[]);
        check(&since(20), TODAY + 40, 1, &[]);
        check(&since(20), TODAY + 4_000, 0, &[]);
    }

    #[test]
    fn games_that_are_played_under_a_clock_that_is_ahead_make_no_others_old() {
        let played = [since(20), vec![TODAY + 40, TODAY + 41]].concat();
        check(&played, TODAY + 41, 1, &[]);
        // Nor when it is right again.
        check(&played, TODAY + 1, 1, &[]);
    }

    #[test]
    fn a_game_that_was_opened_under_a_clock_that_was_not_set_is_not_old() {
        check(&[0], TODAY, 0, &[]);
        check(&[0, 0, TODAY - 1], TODAY, 0, &[]);
        let in_between = [since(20), vec![0], vec![TODAY]].concat();
        check(&in_between, TODAY, 0, &[]);
        let after_a_month = [since(40), vec![0, TODAY]].concat();
        let old: Vec<_> = (0..10).collect();
        check(&after_a_month, TODAY, 0, &old);
    }

    #[test]
    fn such_a_game_is_old_when_it_has_been_there_for_as_long_as_games_are_kept() {
        let days = [vec![0], since(26)].concat();
        check(&days, TODAY, 0, &[]);
        let days = [vec![0], since(27)].concat();
        check(&days, TODAY, 0, &[0]);
    }

    #[test]
    fn a_time_to_come_stops_no_game_from_getting_old() {
        let days = [since(33), vec![TODAY + 30_000]].concat();
        check(&days, TODAY, 0, &[0, 1, 2]);
        let days = [vec![TODAY + 30_000], since(33)].concat();
        check(&days, TODAY, 0, &[1, 2, 3]);
    }

    #[test]
    fn in_silence_only_a_clock_that_was_watched_makes_games_old() {
        check(&[TODAY - 60], TODAY, 0, &[]);
        check(&[TODAY - 60], TODAY, 26, &[]);
        check(&[TODAY - 60], TODAY, 27, &[0]);
        check(&[TODAY - 20], TODAY, 60, &[]);
        check(&[TODAY - 40, TODAY - 10], TODAY, 10, &[]);
        check(&[TODAY - 40, TODAY - 10], TODAY, 40, &[0]);
    }

    #[test]
    fn each_gap_counts_for_a_tenth_of_the_time_at_most() {
        let once_a_week: Vec<_> = (0..=10).map(|week| TODAY - 70 + 7 * week).collect();
        check(&once_a_week, TODAY, 0, &[0]);
        check(&once_a_week[1..], TODAY, 0, &[]);
    }

    #[test]
    fn the_order_in_which_games_were_imported_makes_none_old() {
        let days: Vec<_> = (0..20).map(|n| TODAY - (n * 7) % 20).collect();
        check(&days, TODAY, 0, &[]);
        check(&days, TODAY + 40, 0, &[]);
    }

    #[test]
    fn no_time_is_too_long_or_too_short() {
        let rows = || {
            vec![
                LastRow { row: 1, at: 5 },
                LastRow {
                    row: 2,
                    at: u64::MAX,
                },
            ]
        };
        let keep = |time, now, steady| Keep { time, now, steady };
        let long = keep(Duration::MAX, day(TODAY), Duration::MAX);
        assert_eq!(long.old(rows()), None);
        let none = keep(Duration::ZERO, day(TODAY), Duration::ZERO);
        let old = none.old(rows()).unwrap();
        assert!(old.includes(LastRow { row: 1, at: 5 }));
        let epoch = keep(Duration::ZERO, day(0), Duration::ZERO);
        assert_eq!(epoch.old(rows()), None);
    }
}
