//! Schedules of an open loop: pushes or heartbeats are due at a steady rate, whether or not earlier
//! ones were answered.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

/// A steady rate of events, dealt out to turns in rotation.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Schedule {
    pub(crate) start: Moment,
    /// Events per second, over all turns.
    pub(crate) rate: f64,
    /// Number of turns.
    pub(crate) turns: u64,
}

impl Schedule {
    /// Returns when `turn` is due in `round`; both count from zero.
    pub(crate) fn due(&self, turn: u64, round: u64) -> Moment {
        let before = round * self.turns + turn;
        let time = Duration::try_from_secs_f64(before as f64 / self.rate);
        self.start.after(time.unwrap_or(Duration::MAX))
    }

    /// Returns how many events are due before `until`.
    pub(crate) fn count(&self, until: Moment) -> u64 {
        let seconds = until.since(self.start) as f64 / 1e9;
        (seconds * self.rate).ceil() as u64
    }
}

/// The due times of one turn, in order.
#[derive(Debug)]
pub(crate) struct TurnSchedule {
    schedule: Schedule,
    turn: u64,
    round: u64,
}

impl TurnSchedule {
    pub(crate) fn new(schedule: Schedule, turn: u64) -> TurnSchedule {
        TurnSchedule {
            schedule,
            turn,
            round: 0,
        }
    }

    /// Returns the next due time, if it has come and is before `end`. A late caller still gets the
    /// scheduled time, so a stalled server cannot hide its delay (coordinated omission).
    pub(crate) fn take(&mut self, now: Moment, end: Moment) -> Option<Moment> {
        let due = self.schedule.due(self.turn, self.round);
        (due <= now && due < end).then(|| {
            self.round += 1;
            due
        })
    }

    /// Skips everything due by now; returns whether anything was.
    pub(crate) fn skip(&mut self, now: Moment) -> bool {
        let passed =
            now.since(self.schedule.start) as f64 / 1e9 * self.schedule.rate - self.turn as f64;
        let round = match passed < 0.0 {
            true => 0,
            false => (passed / self.schedule.turns as f64) as u64 + 1,
        };
        let skipped = round > self.round;
        self.round = self.round.max(round);
        skipped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Moment {
        Moment::from_nanos(millis * 1_000_000)
    }

    const SCHEDULE: Schedule = Schedule {
        start: Moment::from_nanos(0),
        rate: 100.0,
        turns: 4,
    };

    #[test]
    fn turns_are_spread_evenly_over_a_round() {
        let round = |round| [0, 1, 2, 3].map(|turn| SCHEDULE.due(turn, round));
        assert_eq!(round(0), [at(0), at(10), at(20), at(30)]);
        assert_eq!(round(2), [at(80), at(90), at(100), at(110)]);
        assert_eq!(SCHEDULE.count(at(80)), 8);
    }

    #[test]
    fn a_late_caller_gets_every_scheduled_time() {
        let mut turn_schedule = TurnSchedule::new(SCHEDULE, 1);
        assert_eq!(turn_schedule.take(at(9), at(100)), None);
        let found: Vec<Moment> =
            std::iter::from_fn(|| turn_schedule.take(at(500), at(100))).collect();
        assert_eq!(found, [at(10), at(50), at(90)], "and nothing after the end");
    }

    #[test]
    fn what_is_skipped_is_not_due_any_more() {
        let mut turn_schedule = TurnSchedule::new(SCHEDULE, 1);
        assert!(!turn_schedule.skip(at(9)));
        assert!(turn_schedule.skip(at(60)), "10 and 50");
        assert!(!turn_schedule.skip(at(80)));
        assert_eq!(turn_schedule.take(at(95), at(100)), Some(at(90)));
    }
}
