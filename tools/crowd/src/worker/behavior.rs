//! What a joined connection does: decided here, carried out by `joined_connection`.

use crate::clock::Moment;
use crate::job::Workload;
use crate::message::StartSignal;
use crate::stats::Stats;
use crate::worker::broadcast::Broadcast;
use crate::worker::frame::{Frame, topic_and_event};
use crate::worker::push::Push;
use crate::worker::shared_state::SharedState;

/// A state machine driven by time and frames, without a clock or a socket.
pub(crate) trait Behavior: Send {
    /// Does what is due by now.
    fn on_wake(&mut self, step: &mut StepContext<'_>);

    /// Handles a frame.
    fn on_frame(&mut self, frame: &Frame<'_>, step: &mut StepContext<'_>);

    /// Handles the end of the connection.
    fn on_close(&mut self) {}
}

/// What a behavior may use in one step.
pub(crate) struct StepContext<'a> {
    pub(crate) now: Moment,
    /// `None` until work begins.
    pub(crate) start_signal: Option<&'a StartSignal>,
    pub(crate) stats: &'a mut Stats,
    /// Frames to send.
    pub(crate) out: &'a mut Vec<String>,
}

/// Returns the behavior of a connection that has joined.
pub(crate) fn behavior_of(connection: u64, shared: &SharedState) -> Box<dyn Behavior> {
    let topic = shared.job.topic_of(connection);
    match &shared.job.workload {
        Workload::Idle => Box::new(ListenOnly),
        Workload::Push {
            event,
            payload,
            load_model,
        } => {
            let topic_and_event = topic_and_event(&shared.job.topic.with(topic), event);
            let of = shared.job.partition.connections;
            Box::new(Push::new(
                topic_and_event,
                payload,
                *load_model,
                (connection, of),
            ))
        }
        Workload::Broadcast { .. } => Box::new(Broadcast::new(connection, topic, shared)),
    }
}

/// Only listens.
struct ListenOnly;

impl Behavior for ListenOnly {
    fn on_wake(&mut self, _: &mut StepContext<'_>) {}

    fn on_frame(&mut self, _: &Frame<'_>, _: &mut StepContext<'_>) {}
}
