//! What a joined connection does: decided here, carried out by `member`.

use crate::clock::Moment;
use crate::job::Work;
use crate::message::StartSignal;
use crate::record::Record;
use crate::worker::broadcast::Broadcast;
use crate::worker::frame::{Frame, address};
use crate::worker::push::Push;
use crate::worker::scene::Scene;

/// A state machine driven by time and frames, without a clock or a socket.
pub(crate) trait Behavior: Send {
    /// Does what is due by now.
    fn look(&mut self, turn: &mut TurnContext<'_>);

    /// Handles a frame.
    fn hear(&mut self, frame: &Frame<'_>, turn: &mut TurnContext<'_>);

    /// Handles the end of the connection.
    fn end(&mut self) {}
}

/// What a behavior may use in one step.
pub(crate) struct TurnContext<'a> {
    pub(crate) now: Moment,
    /// `None` until work begins.
    pub(crate) go: Option<&'a StartSignal>,
    pub(crate) record: &'a mut Record,
    /// Frames to send.
    pub(crate) out: &'a mut Vec<String>,
}

/// Returns the behavior of a connection that has joined.
pub(crate) fn behavior_of(connection: u64, scene: &Scene) -> Box<dyn Behavior> {
    let topic = scene.job.topic_of(connection);
    match &scene.job.work {
        Work::Nothing => Box::new(Listen),
        Work::Push {
            event,
            payload,
            load,
        } => {
            let address = address(&scene.job.topic.with(topic), event);
            let of = scene.job.share.connections;
            Box::new(Push::new(address, payload, *load, (connection, of)))
        }
        Work::Broadcast { .. } => Box::new(Broadcast::new(connection, topic, scene)),
    }
}

/// Only listens.
struct Listen;

impl Behavior for Listen {
    fn look(&mut self, _: &mut TurnContext<'_>) {}

    fn hear(&mut self, _: &Frame<'_>, _: &mut TurnContext<'_>) {}
}
