//! The behavior in a broadcast run: one connection per topic publishes, all on the topic receive.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Moment;
use crate::job::{Job, LoadModel, Workload};
use crate::message::StartSignal;
use crate::schedule::TurnSchedule;
use crate::worker::behavior::{Behavior, StepContext};
use crate::worker::delivery_tracker::DeliveryTracker;
use crate::worker::duplicate_filter::DuplicateFilter;
use crate::worker::frame::{self, Frame};
use crate::worker::mark::Mark;
use crate::worker::shared_state::SharedState;

/// Receives the broadcasts of its topic; the topic's publisher also makes them.
pub(crate) struct Broadcast {
    topic: u64,
    arrives: Arc<str>,
    run: u64,
    duplicate_filter: DuplicateFilter,
    deliveries: Arc<DeliveryTracker>,
    /// Whether the next broadcast waits until this one has reached every connection.
    until_all: bool,
    publisher: Option<Box<Publisher>>,
}

impl Broadcast {
    pub(crate) fn new(connection: u64, topic: u64, shared: &SharedState) -> Broadcast {
        let is_first = shared.deliveries.join(topic, connection);
        // Each topic has one publisher: the first to join in the worker to which the topic's first
        // connection belongs.
        let publishes = is_first && shared.job.partition.has(topic);
        Broadcast {
            topic,
            arrives: shared.arrives.clone(),
            run: shared.job.run,
            duplicate_filter: DuplicateFilter::default(),
            deliveries: shared.deliveries.clone(),
            until_all: matches!(shared.job.load_model(), Some(LoadModel::UntilAll)),
            publisher: publishes
                .then(|| Publisher::new(&shared.job, topic).map(Box::new))
                .flatten(),
        }
    }
}

impl Behavior for Broadcast {
    fn on_wake(&mut self, step: &mut StepContext<'_>) {
        if let (Some(publisher), Some(start_signal)) = (&mut self.publisher, step.start_signal) {
            let allowed = self.deliveries.allowed(self.topic);
            publisher.allowed = publisher.allowed.max(allowed);
            publisher.publish(start_signal, step);
        }
    }

    fn on_frame(&mut self, frame: &Frame<'_>, step: &mut StepContext<'_>) {
        let Some(start_signal) = step.start_signal else {
            return;
        };
        if let Some(refusal) = frame.reply().and_then(|reply| reply.refusal()) {
            step.stats.errors.count(&refusal);
        }
        if frame.event != *self.arrives {
            return;
        }
        let Some(Mark { seq, due, .. }) = Mark::read(frame.payload, self.run) else {
            return;
        };
        if !self.duplicate_filter.insert(seq) {
            step.stats.duplicates += 1;
            return;
        }
        step.stats.received += 1;
        step.stats.measured += u64::from(start_signal.window.counts(step.now));
        if start_signal.window.counts(due) {
            let nanos = step.now.since(due);
            step.stats.count_delivery(self.topic, seq, nanos);
        }
        if self.until_all {
            self.deliveries.received(self.topic, seq);
        }
        if let Some(publisher) = &mut self.publisher {
            publisher.on_own_delivery(seq);
            publisher.publish(start_signal, step);
        }
    }

    fn on_close(&mut self) {
        self.deliveries.leave(self.topic);
    }
}

/// Makes the broadcasts of one topic.
struct Publisher {
    topic_and_event: String,
    payload: String,
    load_model: LoadModel,
    run: u64,
    /// The number of this topic, and how many topics there are.
    turn: (u64, u64),
    /// The schedule of an open loop, set once work begins.
    turn_schedule: Option<TurnSchedule>,
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
        let Workload::Broadcast {
            event,
            payload,
            load_model,
            ..
        } = &job.workload
        else {
            return None;
        };
        Some(Publisher {
            topic_and_event: frame::topic_and_event(&job.topic.with(topic), event),
            payload: payload.clone(),
            load_model: *load_model,
            run: job.run,
            turn: (topic, job.topics),
            turn_schedule: None,
            next: 0,
            allowed: 0,
            last: Moment::from_nanos(0),
            patience: job.patience,
        })
    }

    fn on_own_delivery(&mut self, seq: u64) {
        if matches!(self.load_model, LoadModel::UntilOwn) {
            self.allowed = self.allowed.max(seq + 1);
        }
    }

    fn publish(&mut self, start_signal: &StartSignal, step: &mut StepContext<'_>) {
        while let Some(due) = self.due(step.now, start_signal) {
            let mark = Mark {
                run: self.run,
                seq: self.next,
                due,
            };
            // The join has reference 1, so broadcast 0 has reference 2.
            let text = frame::push(
                self.next + 2,
                &self.topic_and_event,
                &mark.add_to(&self.payload),
            );
            step.out.push(text);
            self.next += 1;
            self.last = step.now;
            let (topic, _) = self.turn;
            step.stats.pushed += 1;
            step.stats.expected += start_signal
                .joined
                .get(topic as usize)
                .copied()
                .unwrap_or_default();
            if start_signal.window.counts(due) {
                step.stats.late.record(step.now.since(due));
            }
        }
    }

    /// Returns when the next broadcast was due, if one is to be made now.
    fn due(&mut self, now: Moment, start_signal: &StartSignal) -> Option<Moment> {
        let (turn, of) = self.turn;
        let Some(schedule) = self.load_model.schedule(start_signal.window.start, of) else {
            let timed_out = self.last.after(self.patience) <= now;
            let may = self.next <= self.allowed || timed_out;
            return (may && start_signal.window.is_open(now)).then_some(now);
        };
        let turn_schedule = self
            .turn_schedule
            .get_or_insert_with(|| TurnSchedule::new(schedule, turn));
        turn_schedule.take(now, start_signal.window.end)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::partition::Partition;
    use crate::stats::Stats;
    use crate::target::Target;
    use crate::template::Template;
    use crate::window::Window;

    /// The only connection of a topic, driven by hand.
    struct SoleConnection {
        behavior: Broadcast,
        start_signal: StartSignal,
        stats: Stats,
    }

    impl SoleConnection {
        fn new(load_model: LoadModel) -> SoleConnection {
            let (delivery_sender, _) = mpsc::unbounded_channel();
            let shared = SharedState::new(job(load_model), Moment::from_nanos(0), delivery_sender);
            let time = Duration::from_secs(10);
            SoleConnection {
                behavior: Broadcast::new(0, 0, &shared),
                start_signal: StartSignal {
                    window: Window::new(Moment::from_nanos(0), Duration::ZERO, time),
                    joined: vec![1],
                },
                stats: Stats::default(),
            }
        }

        /// Returns what the connection sends at this time, after it receives `received` or is woken.
        fn step_at(&mut self, millis: u64, received: Option<&str>) -> Vec<String> {
            let mut out = Vec::new();
            let mut step = StepContext {
                now: Moment::from_nanos(millis * 1_000_000),
                start_signal: Some(&self.start_signal),
                stats: &mut self.stats,
                out: &mut out,
            };
            match received {
                None => self.behavior.on_wake(&mut step),
                Some(text) => {
                    let frame = Frame::read(text).expect("a frame");
                    self.behavior.on_frame(&frame, &mut step);
                }
            }
            out
        }
    }

    fn job(load_model: LoadModel) -> Job {
        Job {
            partition: Partition {
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
            workload: Workload::Broadcast {
                event: "say".into(),
                payload: "{}".into(),
                arrives: "said".into(),
                load_model,
            },
        }
    }

    fn delivery(run: u64, seq: u64, due: u64) -> String {
        let due = due * 1_000_000;
        format!(r#"[null,null,"t","said",{{"crowd":[{run},{seq},{due}]}}]"#)
    }

    #[test]
    fn a_delivery_counts_once_and_is_timed_from_its_due_time() {
        let after = Duration::ZERO;
        let mut connection = SoleConnection::new(LoadModel::Open { rate: 0.5, after });
        assert_eq!(connection.step_at(1, None).len(), 1);
        connection.step_at(30, Some(&delivery(7, 0, 0)));
        connection.step_at(40, Some(&delivery(7, 0, 0)));
        connection.step_at(50, Some(&delivery(8, 1, 0)));
        let stats = connection.stats;
        assert_eq!(
            (stats.expected, stats.received, stats.duplicates),
            (1, 1, 1)
        );
        assert!((stats.last_deliveries().max() - 30.0).abs() < 0.1);
        assert!((stats.late.max() - 1.0).abs() < 0.1);
    }

    #[test]
    fn the_next_broadcast_waits_for_the_last_at_most_its_patience() {
        let mut connection = SoleConnection::new(LoadModel::UntilOwn);
        let first = r#"["1","2","t","say",{"crowd":[7,0,5000000]}]"#;
        assert_eq!(connection.step_at(5, None), [first]);
        assert!(connection.step_at(6, None).is_empty());
        let second = r#"["1","3","t","say",{"crowd":[7,1,8000000]}]"#;
        assert_eq!(connection.step_at(8, Some(&delivery(7, 0, 5))), [second]);
        assert!(connection.step_at(1_007, None).is_empty());
        assert_eq!(
            connection.step_at(1_008, None).len(),
            1,
            "patience is a second"
        );
        assert!(
            connection.step_at(10_000, None).is_empty(),
            "the time is over"
        );
    }
}
