//! Decides which games are old enough to be forgotten, although the clock may be wrong.
//!
//! A batch has the time that the clock of the machine showed when it was appended. That clock may
//! be unset after a start, set to another year by hand, or corrected while the program runs; and a
//! forgotten game cannot be brought back. So a game is old only if two measures agree: the time of
//! its last batch, and the time that has elapsed in the journal since that was appended.
//!
//! Rows are numbered in the order in which they came. The elapsed time is the sum of the steps from
//! each row's time to the next later one. A large step is a jump of the clock or a long silence,
//! which look alike, so it counts for a tenth of the retention period at most. A step within the
//! time in which the program has compared the clock with a monotonic one counts in full.
//!
//! ```text
//! rows in order    May 1   May 2   May 4  │  Aug 9   Aug 10
//! elapsed time       0       1       3    │    6        7      days, for a period of 30
//! ```

use std::time::{Duration, SystemTime};

use super::to_unix_millis;

/// How long games are kept after their last batch, and what the clocks say.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// How long games are kept.
    pub period: Duration,
    /// The present time by the machine's clock.
    pub now: SystemTime,
    /// For how long that clock has advanced evenly until now, measured with a monotonic
    /// clock: at most since the program started.
    pub steady: Duration,
}

/// A game's last row: its number, and the time of its batch in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LastRow {
    /// The number of the row, in the order in which the rows of all games came.
    pub row: u64,
    /// The time of its batch, in milliseconds since 1970.
    pub at: u64,
}

/// Separates old games from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cutoff {
    /// An old game's last batch is earlier than this, in milliseconds since 1970 …
    before: u64,
    /// … and its last row has this number at most.
    up_to: u64,
}

/// The part of a gap outside the steady time counts for at most the period divided by this.
const MAX_GAP: u32 = 10;

impl Retention {
    /// Returns the cutoff, given the last rows of all games in any order; `None` if no game can
    /// be old.
    pub fn cutoff(&self, mut rows: Vec<LastRow>) -> Option<Cutoff> {
        let before = to_unix_millis(self.now.checked_sub(self.period)?);
        let now = to_unix_millis(self.now);
        let steady_from = now.saturating_sub(millis(self.steady));
        let max_gap = millis(self.period / MAX_GAP);
        let passed = |from: u64, to: u64| {
            let unsteady = to.min(steady_from).saturating_sub(from);
            let steady = to.saturating_sub(from.max(steady_from));
            unsteady.min(max_gap) + steady
        };
        // A time in the future is wrong, and says nothing about the rows next to it.
        rows.retain(|row| row.at <= now);
        rows.sort_unstable();
        let mut latest = rows.first()?.at;
        let mut elapsed = 0;
        let elapsed_at: Vec<_> = rows
            .iter()
            .map(|row| {
                elapsed += passed(latest, row.at);
                latest = latest.max(row.at);
                elapsed
            })
            .collect();
        let old = (elapsed + passed(latest, now)).checked_sub(millis(self.period))?;
        let count = elapsed_at.partition_point(|elapsed| *elapsed <= old);
        let up_to = rows[..count].last()?.row;
        Some(Cutoff { before, up_to })
    }
}

impl Cutoff {
    /// Returns whether the game with this last row is old.
    pub fn includes(self, last: LastRow) -> bool {
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
    /// The day from which the tests count, in 2026.
    const TODAY: u64 = 20_600;

    fn day(number: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(DAY * number)
    }

    /// Checks the indices of the games that are old on the day `now`. Their last rows came on
    /// these `days`, in this order, and the clock has been steady for `steady` days.
    #[track_caller]
    fn check(days: &[u64], now: u64, steady: u64, old: &[usize]) {
        let retention = Retention {
            period: Duration::from_millis(30 * DAY),
            now: day(now),
            steady: Duration::from_millis(steady * DAY),
        };
        let rows = days.iter().enumerate().map(|(row, day)| LastRow {
            row: row as u64,
            at: day * DAY,
        });
        let mut shuffled: Vec<_> = rows.clone().collect();
        shuffled.reverse();
        let cutoff = retention.cutoff(shuffled);
        let found: Vec<_> = rows
            .filter(|row| cutoff.is_some_and(|cutoff| cutoff.includes(*row)))
            .map(|row| row.row as usize)
            .collect();
        assert_eq!(found, old);
    }

    /// The days from `days_ago` days ago to yesterday.
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
        // Nor after the clock is corrected.
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
        let cutoff = |period, now, steady| {
            let retention = Retention {
                period,
                now,
                steady,
            };
            retention.cutoff(rows())
        };
        assert_eq!(cutoff(Duration::MAX, day(TODAY), Duration::MAX), None);
        let none = cutoff(Duration::ZERO, day(TODAY), Duration::ZERO).unwrap();
        assert!(none.includes(LastRow { row: 1, at: 5 }));
        assert_eq!(cutoff(Duration::ZERO, day(0), Duration::ZERO), None);
    }
}
