//! The behavior in a push run: pushes events and measures the time to each reply.

use crate::clock::Moment;
use crate::job::LoadModel;
use crate::message::StartSignal;
use crate::schedule::TurnSchedule;
use crate::worker::behavior::{Behavior, StepContext};
use crate::worker::frame::{self, Frame};
use crate::worker::in_flight::InFlight;

/// Pushes an event repeatedly.
pub(crate) struct Push {
    topic_and_event: String,
    payload: String,
    load_model: LoadModel,
    /// The number of this connection, and how many connections there are.
    turn: (u64, u64),
    /// The schedule of an open loop, set once work begins.
    turn_schedule: Option<TurnSchedule>,
    in_flight: InFlight,
}

impl Push {
    pub(crate) fn new(
        topic_and_event: String,
        payload: &str,
        load_model: LoadModel,
        turn: (u64, u64),
    ) -> Push {
        Push {
            topic_and_event,
            payload: payload.to_owned(),
            load_model,
            turn,
            turn_schedule: None,
            in_flight: InFlight::default(),
        }
    }

    /// Returns when the next push was due, if one is to be made now.
    fn due(&mut self, now: Moment, start_signal: &StartSignal) -> Option<Moment> {
        if let LoadModel::Closed(limit) = self.load_model {
            let free = self.in_flight.len() < limit;
            return (free && start_signal.window.is_open(now)).then_some(now);
        }
        if self.turn_schedule.is_none() {
            let (turn, of) = self.turn;
            let schedule = self.load_model.schedule(start_signal.window.start, of)?;
            self.turn_schedule = Some(TurnSchedule::new(schedule, turn));
        }
        self.turn_schedule
            .as_mut()?
            .take(now, start_signal.window.end)
    }
}

impl Behavior for Push {
    fn on_wake(&mut self, step: &mut StepContext<'_>) {
        let Some(start_signal) = step.start_signal else {
            return;
        };
        while let Some(due) = self.due(step.now, start_signal) {
            let reference = self.in_flight.begin(due);
            let text = frame::push(reference, &self.topic_and_event, &self.payload);
            step.out.push(text);
            step.stats.pushed += 1;
            step.stats.expected += 1;
            if start_signal.window.counts(due) {
                step.stats.late.record(step.now.since(due));
            }
        }
    }

    fn on_frame(&mut self, frame: &Frame<'_>, step: &mut StepContext<'_>) {
        let (Some(start_signal), Some(reply)) = (step.start_signal, frame.reply()) else {
            return;
        };
        let Some(due) = self.in_flight.end(frame.reference) else {
            return;
        };
        step.stats.received += 1;
        match reply.refusal() {
            Some(refusal) => step.stats.errors.count(&refusal),
            None => {
                step.stats.measured += u64::from(start_signal.window.counts(step.now));
                if start_signal.window.counts(due) {
                    step.stats.latency.record(step.now.since(due));
                }
            }
        }
        self.on_wake(step);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::stats::Stats;
    use crate::window::Window;

    const MILLI: u64 = 1_000_000;

    fn start_signal(millis: u64) -> StartSignal {
        let time = Duration::from_millis(millis);
        StartSignal {
            window: Window::new(Moment::from_nanos(0), Duration::ZERO, time),
            joined: Vec::new(),
        }
    }

    fn push(load_model: LoadModel) -> Push {
        Push::new(
            frame::topic_and_event("t", "echo"),
            "{}",
            load_model,
            (0, 1),
        )
    }

    fn reply(reference: u64, status: &str) -> String {
        format!(r#"["1","{reference}","t","phx_reply",{{"status":"{status}","response":{{}}}}]"#)
    }

    /// Runs for two seconds against a server that answers within 0.1 ms, but stalls from 500 to
    /// 1,000 ms.
    fn run_with_a_stall(load_model: LoadModel) -> Stats {
        let (start_signal, mut push, mut stats) =
            (start_signal(2_000), push(load_model), Stats::default());
        let mut replies: Vec<(u64, u64)> = Vec::new();
        for tenth in 0..25_000 {
            let now = tenth * MILLI / 10;
            let mut out = Vec::new();
            let mut step = StepContext {
                now: Moment::from_nanos(now),
                start_signal: Some(&start_signal),
                stats: &mut stats,
                out: &mut out,
            };
            push.on_wake(&mut step);
            let (due, later) = replies.into_iter().partition(|(at, _)| *at <= now);
            replies = later;
            for (_, reference) in Vec::<(u64, u64)>::from_iter(due) {
                let text = reply(reference, "ok");
                push.on_frame(&Frame::read(&text).expect("a frame"), &mut step);
            }
            let stalled = (500 * MILLI..1_000 * MILLI).contains(&now);
            let received = if stalled {
                1_000 * MILLI
            } else {
                now + MILLI / 10
            };
            for text in out {
                let reference = Frame::read(&text).expect("a frame").reference;
                replies.push((received, reference.parse().expect("a number")));
            }
        }
        stats
    }

    #[test]
    fn pushes_due_during_a_stall_count_the_whole_wait() {
        let open = run_with_a_stall(LoadModel::Open {
            rate: 1_000.0,
            after: Duration::ZERO,
        });
        assert_eq!((open.pushed, open.received), (2_000, 2_000));
        // A quarter of all pushes waited, on average for half of the stall.
        let waits = [0.7, 0.8, 0.9].map(|it| open.latency.quantile(it));
        assert!(waits[0] < 1.0, "{waits:?}");
        assert!((95.0..105.0).contains(&waits[1]), "{waits:?}");
        assert!((295.0..305.0).contains(&waits[2]), "{waits:?}");
        // A closed loop meets the stall only once and so hides it (coordinated omission).
        let closed = run_with_a_stall(LoadModel::Closed(1));
        assert!(closed.latency.quantile(0.999) < 1.0);
        assert!(closed.latency.max() > 499.0);
    }

    #[test]
    fn a_closed_loop_bounds_pushes_in_flight() {
        let (start_signal, mut push, mut stats) = (
            start_signal(1_000),
            push(LoadModel::Closed(3)),
            Stats::default(),
        );
        let mut out = Vec::new();
        let mut step = StepContext {
            now: Moment::from_nanos(1),
            start_signal: Some(&start_signal),
            stats: &mut stats,
            out: &mut out,
        };
        push.on_wake(&mut step);
        push.on_wake(&mut step);
        assert_eq!(step.out.len(), 3);
        let text = reply(2, "error");
        push.on_frame(&Frame::read(&text).expect("a frame"), &mut step);
        assert_eq!(step.out.len(), 4);
        step.now = start_signal.window.end;
        let text = reply(3, "ok");
        push.on_frame(&Frame::read(&text).expect("a frame"), &mut step);
        assert_eq!(step.out.len(), 4, "none after the end");
        assert_eq!(stats.errors.to_string(), "1 × error {}");
        assert_eq!((stats.received, stats.expected), (2, 4));
        assert_eq!(
            stats.measured, 0,
            "it came after the end, the other was refused"
        );
    }
}
