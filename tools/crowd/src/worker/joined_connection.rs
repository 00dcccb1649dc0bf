//! A joined connection, from its join to its end.

use std::sync::Arc;

use crate::clock::Moment;
use crate::schedule::TurnSchedule;
use crate::worker::behavior::{Behavior, StepContext, behavior_of};
use crate::worker::frame::{self, Frame};
use crate::worker::shared_state::SharedState;
use crate::worker::socket::{Reason, Socket};

/// References of heartbeats. Heartbeats sent after the end of the run are not counted.
const HEARTBEAT_REF: &str = "h";
const UNCOUNTED_HEARTBEAT_REF: &str = "-";

/// A joined connection.
pub(crate) struct JoinedConnection {
    connection: u64,
    shared: Arc<SharedState>,
    behavior: Box<dyn Behavior>,
    heartbeats: TurnSchedule,
    /// Frames to send; the allocation is reused.
    out: Vec<String>,
}

impl JoinedConnection {
    pub(crate) fn new(connection: u64, shared: Arc<SharedState>) -> JoinedConnection {
        let mut heartbeats = shared.heartbeats_of(connection);
        heartbeats.skip(Moment::now());
        JoinedConnection {
            connection,
            behavior: behavior_of(connection, &shared),
            heartbeats,
            shared,
            out: Vec::new(),
        }
    }

    /// Runs until the connection ends.
    pub(crate) async fn run(mut self, mut socket: Socket) {
        let shared = self.shared.clone();
        let notifier = shared.notifier_of(self.connection);
        let reason = loop {
            let done = tokio::select! {
                biased;
                () = notifier.notified() => self.handle(None),
                received = socket.receive() => match received {
                    Ok(text) => self.handle(Some(&text)),
                    Err(reason) => break reason,
                },
            };
            let mut sent = self.out.drain(..).map(|text| socket.send(text));
            if let Err(reason) = done.and_then(|()| sent.try_for_each(|sent| sent)) {
                break reason;
            }
        };
        self.behavior.on_close();
        shared.stats_of(self.connection).lost.count(&reason);
    }

    /// Does what is due, or handles a received text.
    fn handle(&mut self, received: Option<&str>) -> Result<(), Reason> {
        let mut stats = self.shared.stats_of(self.connection);
        let mut step = StepContext {
            now: Moment::now(),
            start_signal: self.shared.start_signal.get(),
            stats: &mut stats,
            out: &mut self.out,
        };
        let Some(text) = received else {
            if self.heartbeats.skip(step.now) {
                send_heartbeat(&mut step);
            }
            self.behavior.on_wake(&mut step);
            return Ok(());
        };
        let Some(frame) = Frame::read(text) else {
            return Err(format!("not a frame: {}", frame::truncate(text)));
        };
        match (frame.reference, &*frame.event) {
            (HEARTBEAT_REF, _) => step.stats.heartbeats_answered += 1,
            (_, "phx_close" | "phx_error") => {
                return Err(format!("the channel has ended: {}", frame.event));
            }
            _ => self.behavior.on_frame(&frame, &mut step),
        }
        Ok(())
    }
}

fn send_heartbeat(step: &mut StepContext<'_>) {
    let counts = step
        .start_signal
        .is_none_or(|start_signal| step.now < start_signal.window.end);
    step.stats.heartbeats += u64::from(counts);
    let reference = if counts {
        HEARTBEAT_REF
    } else {
        UNCOUNTED_HEARTBEAT_REF
    };
    step.out.push(frame::heartbeat(reference));
}
