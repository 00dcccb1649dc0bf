//! The behavior in a broadcast run: one connection per topic publishes, all on the topic receive.

use std::sync::Arc;
use std::time::Duration;

use crate::beat::Schedule;
use crate::clock::Moment;
use crate::job::{Job, Load, Work};
use crate::message::StartSignal;
use crate::worker::behavior::{Behavior, TurnContext};
use crate::worker::frame::{self, Frame};
use crate::worker::mark::Mark;
use crate::worker::scene::Scene;
use crate::worker::seen::Seen;
use crate::worker::topics::Topics;

/// Receives the broadcasts of its topic; the topic's publisher also makes them.
pub(crate) struct Broadcast {
    topic: u64,
    arrives: Arc<str>,
    run: u64,
    seen: Seen,
    topics: Arc<Topics>,
    /// Whether the next broadcast waits until this one has reached every connection.
    until_all: bool,
    publisher: Option<Box<Publisher>>,
}

impl Broadcast {
    pub(crate) fn new(connection: u64, topic: u64, scene: &Scene) -> Broadcast {
        let is_first = scene.topics.join(topic, connection);
        // Each topic has one publisher: the first to join in the worker to which the topic's first
        // connection belongs.
        let publishes = is_first && scene.job.share.has(topic);
        Broadcast {
            topic,
            arrives: scene.arrives.clone(),
            run: scene.job.run,
            seen: Seen::default(),
            topics: scene.topics.clone(),
            until_all: matches!(scene.job.load(), Some(Load::UntilAll)),
            publisher: publishes
                .then(|| Publisher::new(&scene.job, topic).map(Box::new))
                .flatten(),
        }
    }
}

impl Behavior for Broadcast {
    fn look(&mut self, turn: &mut TurnContext<'_>) {
        if let (Some(publisher), Some(go)) = (&mut self.publisher, turn.go) {
            let allowed = self.topics.allowed(self.topic);
            publisher.allowed = publisher.allowed.max(allowed);
            publisher.publish(go, turn);
        }
    }

    fn hear(&mut self, frame: &Frame<'_>, turn: &mut TurnContext<'_>) {
        let Some(go) = turn.go else { return };
        if let Some(refusal) = frame.reply().and_then(|reply| reply.refusal()) {
            turn.record.errors.count(&refusal);
        }
        if frame.event != *self.arrives {
            return;
        }
        let Some(Mark { seq, due, .. }) = Mark::read(frame.payload, self.run) else {
            return;
        };
        if !self.seen.is_new(seq) {
            turn.record.doubled += 1;
            return;
        }
        turn.record.answered += 1;
        turn.record.measured += u64::from(go.window.counts(turn.now));
        if go.window.counts(due) {
            let nanos = turn.now.since(due);
            turn.record.arrived(self.topic, seq, nanos);
        }
        if self.until_all {
            self.topics.had(self.topic, seq);
        }
        if let Some(publisher) = &mut self.publisher {
            publisher.came_back(seq);
            publisher.publish(go, turn);
        }
    }

    fn end(&mut self) {
        self.topics.leave(self.topic);
    }
}

/// Makes the broadcasts of one topic.
struct Publisher {
    address: String,
    payload: String,
    load: Load,
    run: u64,
    /// The number of this topic, and how many topics there are.
    turn: (u64, u64),
    /// The schedule of an open loop, set once work begins.
    schedule: Option<Schedule>,
    /// The number of the next broadcast.
    next: u64,
    /// The highest number that may be broadcast in a closed loop.
    allowed: u64,
    /// When the last broadcast was made.
    last: Moment,
    /// Time after which the next broadcast no longer waits for the last.
    patience: Duration,
}

impl Publisher {
    fn new(job: &Job, topic: u64) -> Option<Publisher> {
        let Work::Broadcast {
            event,
            payload,
            load,
            ..
        } = &job.work
        else {
            return None;
        };
        Some(Publisher {
            address: frame::address(&job.topic.with(topic), event),
            payload: payload.clone(),
            load: *load,
            run: job.run,
            turn: (topic, job.topics),
            schedule: None,
            next: 0,
            allowed: 0,
            last: Moment::from_nanos(0),
            patience: job.patience,
        })
    }

    fn came_back(&mut self, seq: u64) {
        if matches!(self.load, Load::UntilOwn) {
            self.allowed = self.allowed.max(seq + 1);
        }
    }

    fn publish(&mut self, go: &StartSignal, turn: &mut TurnContext<'_>) {
        while let Some(due) = self.due(turn.now, go) {
            let mark = Mark {
                run: self.run,
                seq: self.next,
                due,
            };
            // The join has reference 1, so broadcast 0 has reference 2.
            let text = frame::push(self.next + 2, &self.address, &mark.add_to(&self.payload));
            turn.out.push(text);
            self.next += 1;
            self.last = turn.now;
            let (topic, _) = self.turn;
            turn.record.pushed += 1;
            turn.record.asked += go.joined.get(topic as usize).copied().unwrap_or_default();
            if go.window.counts(due) {
                turn.record.late.record(turn.now.since(due));
            }
        }
    }

    /// Returns when the next broadcast was due, if one is to be made now.
    fn due(&mut self, now: Moment, go: &StartSignal) -> Option<Moment> {
        let (turn, of) = self.turn;
        let Some(beat) = self.load.beat(go.window.start, of) else {
            let given_up = self.last.after(self.patience) <= now;
            let may = self.next <= self.allowed || given_up;
            return (may && go.window.is_open(now)).then_some(now);
        };
        let schedule = self
            .schedule
            .get_or_insert_with(|| Schedule::new(beat, turn));
        schedule.take(now, go.window.end)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::partition::Partition;
    use crate::record::Record;
    use crate::target::Target;
    use crate::template::Template;
    use crate::window::Window;

    /// The only connection of a topic, driven by hand.
    struct Alone {
        behavior: Broadcast,
        go: StartSignal,
        record: Record,
    }

    impl Alone {
        fn new(load: Load) -> Alone {
            let (tell, _) = mpsc::unbounded_channel();
            let scene = Scene::new(job(load), Moment::from_nanos(0), tell);
            let time = Duration::from_secs(10);
            Alone {
                behavior: Broadcast::new(0, 0, &scene),
                go: StartSignal {
                    window: Window::new(Moment::from_nanos(0), Duration::ZERO, time),
                    joined: vec![1],
                },
                record: Record::default(),
            }
        }

        /// Returns what the connection sends at this time, after it receives `heard` or is woken.
        fn at(&mut self, millis: u64, heard: Option<&str>) -> Vec<String> {
            let mut out = Vec::new();
            let mut turn = TurnContext {
                now: Moment::from_nanos(millis * 1_000_000),
                go: Some(&self.go),
                record: &mut self.record,
                out: &mut out,
            };
            match heard {
                None => self.behavior.look(&mut turn),
                Some(text) => {
                    let frame = Frame::read(text).expect("a frame");
                    self.behavior.hear(&frame, &mut turn);
                }
            }
            out
        }
    }

    fn job(load: Load) -> Job {
        Job {
            share: Partition {
                worker: 0,
                workers: 1,
                connections: 1,
            },
            target: Target {
                address: ([127, 0, 0, 1], 9).into(),
                url: Template::new(""),
            },
            sources: None,
            topic: Template::new("t"),
            topics: 1,
            params: Template::new("{}"),
            heartbeat: Duration::from_secs(30),
            concurrency: 1,
            threads: 1,
            patience: Duration::from_secs(1),
            run: 7,
            work: Work::Broadcast {
                event: "say".into(),
                payload: "{}".into(),
                arrives: "said".into(),
                load,
            },
        }
    }

    fn said(run: u64, seq: u64, due: u64) -> String {
        let due = due * 1_000_000;
        format!(r#"[null,null,"t","said",{{"crowd":[{run},{seq},{due}]}}]"#)
    }

    #[test]
    fn a_delivery_counts_once_and_takes_as_long_as_since_it_was_due() {
        let after = Duration::ZERO;
        let mut alone = Alone::new(Load::Open { rate: 0.5, after });
        assert_eq!(alone.at(1, None).len(), 1);
        alone.at(30, Some(&said(7, 0, 0)));
        alone.at(40, Some(&said(7, 0, 0)));
        alone.at(50, Some(&said(8, 1, 0)));
        let record = alone.record;
        assert_eq!((record.asked, record.answered, record.doubled), (1, 1, 1));
        assert!((record.lasts().max() - 30.0).abs() < 0.1);
        assert!((record.late.max() - 1.0).abs() < 0.1);
    }

    #[test]
    fn the_next_broadcast_waits_for_the_last_but_not_for_ever() {
        let mut alone = Alone::new(Load::UntilOwn);
        let first = r#"["1","2","t","say",{"crowd":[7,0,5000000]}]"#;
        assert_eq!(alone.at(5, None), [first]);
        assert!(alone.at(6, None).is_empty());
        let second = r#"["1","3","t","say",{"crowd":[7,1,8000000]}]"#;
        assert_eq!(alone.at(8, Some(&said(7, 0, 5))), [second]);
        assert!(alone.at(1_007, None).is_empty());
        assert_eq!(alone.at(1_008, None).len(), 1, "patience is a second");
        assert!(alone.at(10_000, None).is_empty(), "the time is over");
    }
}
