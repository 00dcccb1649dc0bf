//! The behavior in a push run: pushes events and measures the time to each reply.

use crate::beat::Schedule;
use crate::clock::Moment;
use crate::job::Load;
use crate::message::StartSignal;
use crate::worker::behavior::{Behavior, TurnContext};
use crate::worker::frame::{self, Frame};
use crate::worker::in_flight::InFlight;

/// Pushes an event repeatedly.
pub(crate) struct Push {
    address: String,
    payload: String,
    load: Load,
    /// The number of this connection, and how many connections there are.
    turn: (u64, u64),
    /// The schedule of an open loop, set once work begins.
    schedule: Option<Schedule>,
    in_flight: InFlight,
}

impl Push {
    pub(crate) fn new(address: String, payload: &str, load: Load, turn: (u64, u64)) -> Push {
        Push {
            address,
            payload: payload.to_owned(),
            load,
            turn,
            schedule: None,
            in_flight: InFlight::default(),
        }
    }

    /// Returns when the next push was due, if one is to be made now.
    fn due(&mut self, now: Moment, go: &StartSignal) -> Option<Moment> {
        if let Load::Closed(at_once) = self.load {
            let free = self.in_flight.len() < at_once;
            return (free && go.window.is_open(now)).then_some(now);
        }
        if self.schedule.is_none() {
            let (turn, of) = self.turn;
            let beat = self.load.beat(go.window.start, of)?;
            self.schedule = Some(Schedule::new(beat, turn));
        }
        self.schedule.as_mut()?.take(now, go.window.end)
    }
}

impl Behavior for Push {
    fn look(&mut self, turn: &mut TurnContext<'_>) {
        let Some(go) = turn.go else { return };
        while let Some(due) = self.due(turn.now, go) {
            let reference = self.in_flight.begin(due);
            let text = frame::push(reference, &self.address, &self.payload);
            turn.out.push(text);
            turn.record.pushed += 1;
            turn.record.asked += 1;
            if go.window.counts(due) {
                turn.record.late.record(turn.now.since(due));
            }
        }
    }

    fn hear(&mut self, frame: &Frame<'_>, turn: &mut TurnContext<'_>) {
        let (Some(go), Some(reply)) = (turn.go, frame.reply()) else {
            return;
        };
        let Some(due) = self.in_flight.end(frame.reference) else {
            return;
        };
        turn.record.answered += 1;
        match reply.refusal() {
            Some(refusal) => turn.record.errors.count(&refusal),
            None => {
                turn.record.measured += u64::from(go.window.counts(turn.now));
                if go.window.counts(due) {
                    turn.record.latency.record(turn.now.since(due));
                }
            }
        }
        self.look(turn);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::record::Record;
    use crate::window::Window;

    const MILLI: u64 = 1_000_000;

    fn go(millis: u64) -> StartSignal {
        let time = Duration::from_millis(millis);
        StartSignal {
            window: Window::new(Moment::from_nanos(0), Duration::ZERO, time),
            joined: Vec::new(),
        }
    }

    fn push(load: Load) -> Push {
        Push::new(frame::address("t", "echo"), "{}", load, (0, 1))
    }

    fn reply(reference: u64, status: &str) -> String {
        format!(r#"["1","{reference}","t","phx_reply",{{"status":"{status}","response":{{}}}}]"#)
    }

    /// Runs for two seconds against a server that answers within 0.1 ms, but stalls from 500 to
    /// 1,000 ms.
    fn with_a_stall(load: Load) -> Record {
        let (go, mut push, mut record) = (go(2_000), push(load), Record::default());
        let mut replies: Vec<(u64, u64)> = Vec::new();
        for tenth in 0..25_000 {
            let now = tenth * MILLI / 10;
            let mut out = Vec::new();
            let mut turn = TurnContext {
                now: Moment::from_nanos(now),
                go: Some(&go),
                record: &mut record,
                out: &mut out,
            };
            push.look(&mut turn);
            let (due, later) = replies.into_iter().partition(|(at, _)| *at <= now);
            replies = later;
            for (_, reference) in Vec::<(u64, u64)>::from_iter(due) {
                let text = reply(reference, "ok");
                push.hear(&Frame::read(&text).expect("a frame"), &mut turn);
            }
            let stands = (500 * MILLI..1_000 * MILLI).contains(&now);
            let answered = if stands {
                1_000 * MILLI
            } else {
                now + MILLI / 10
            };
            for text in out {
                let reference = Frame::read(&text).expect("a frame").reference;
                replies.push((answered, reference.parse().expect("a number")));
            }
        }
        record
    }

    #[test]
    fn everything_that_was_due_while_the_server_stood_still_has_waited_for_it() {
        let open = with_a_stall(Load::Open {
            rate: 1_000.0,
            after: Duration::ZERO,
        });
        assert_eq!((open.pushed, open.answered), (2_000, 2_000));
        // A quarter of all pushes waited, on average for half of the stall.
        let waits = [0.7, 0.8, 0.9].map(|it| open.latency.quantile(it));
        assert!(waits[0] < 1.0, "{waits:?}");
        assert!((95.0..105.0).contains(&waits[1]), "{waits:?}");
        assert!((295.0..305.0).contains(&waits[2]), "{waits:?}");
        // A closed loop meets the stall only once and so hides it (coordinated omission).
        let closed = with_a_stall(Load::Closed(1));
        assert!(closed.latency.quantile(0.999) < 1.0);
        assert!(closed.latency.max() > 499.0);
    }

    #[test]
    fn a_closed_loop_bounds_pushes_in_flight() {
        let (go, mut push, mut record) = (go(1_000), push(Load::Closed(3)), Record::default());
        let mut out = Vec::new();
        let mut turn = TurnContext {
            now: Moment::from_nanos(1),
            go: Some(&go),
            record: &mut record,
            out: &mut out,
        };
        push.look(&mut turn);
        push.look(&mut turn);
        assert_eq!(turn.out.len(), 3);
        let text = reply(2, "error");
        push.hear(&Frame::read(&text).expect("a frame"), &mut turn);
        assert_eq!(turn.out.len(), 4);
        turn.now = go.window.end;
        let text = reply(3, "ok");
        push.hear(&Frame::read(&text).expect("a frame"), &mut turn);
        assert_eq!(turn.out.len(), 4, "none after the end");
        assert_eq!(record.errors.to_string(), "1 × error {}");
        assert_eq!((record.answered, record.asked), (2, 4));
        assert_eq!(
            record.measured, 0,
            "it came after the end, the other was refused"
        );
    }
}
