//! A joined connection, from its join to its end.

use std::sync::Arc;

use crate::beat::Schedule;
use crate::clock::Moment;
use crate::worker::behavior::{Behavior, TurnContext, behavior_of};
use crate::worker::frame::{self, Frame};
use crate::worker::scene::Scene;
use crate::worker::socket::{Cause, Socket};

/// References of heartbeats. Heartbeats sent after the end of the run are not counted.
const HEARTBEAT: &str = "h";
const UNCOUNTED: &str = "-";

/// A joined connection.
pub(crate) struct Member {
    connection: u64,
    scene: Arc<Scene>,
    behavior: Box<dyn Behavior>,
    heartbeats: Schedule,
    /// Frames to send; the allocation is reused.
    out: Vec<String>,
}

impl Member {
    pub(crate) fn new(connection: u64, scene: Arc<Scene>) -> Member {
        let mut heartbeats = scene.heartbeats_of(connection);
        heartbeats.skip(Moment::now());
        Member {
            connection,
            behavior: behavior_of(connection, &scene),
            heartbeats,
            scene,
            out: Vec::new(),
        }
    }

    /// Runs until the connection ends.
    pub(crate) async fn live(mut self, mut socket: Socket) {
        let scene = self.scene.clone();
        let bell = scene.bell_of(self.connection);
        let cause = loop {
            let done = tokio::select! {
                biased;
                () = bell.notified() => self.step(None),
                heard = socket.hear() => match heard {
                    Ok(text) => self.step(Some(&text)),
                    Err(cause) => break cause,
                },
            };
            let mut sent = self.out.drain(..).map(|text| socket.send(text));
            if let Err(cause) = done.and_then(|()| sent.try_for_each(|sent| sent)) {
                break cause;
            }
        };
        self.behavior.end();
        scene.record_of(self.connection).lost.count(&cause);
    }

    /// Does what is due, or handles a received text.
    fn step(&mut self, heard: Option<&str>) -> Result<(), Cause> {
        let mut record = self.scene.record_of(self.connection);
        let mut turn = TurnContext {
            now: Moment::now(),
            go: self.scene.go.get(),
            record: &mut record,
            out: &mut self.out,
        };
        let Some(text) = heard else {
            if self.heartbeats.skip(turn.now) {
                beat(&mut turn);
            }
            self.behavior.look(&mut turn);
            return Ok(());
        };
        let Some(frame) = Frame::read(text) else {
            return Err(format!("not a frame: {}", frame::short(text)));
        };
        match (frame.reference, &*frame.event) {
            (HEARTBEAT, _) => turn.record.heartbeats_answered += 1,
            (_, "phx_close" | "phx_error") => {
                return Err(format!("the channel has ended: {}", frame.event));
            }
            _ => self.behavior.hear(&frame, &mut turn),
        }
        Ok(())
    }
}

fn beat(turn: &mut TurnContext<'_>) {
    let counts = turn.go.is_none_or(|go| turn.now < go.window.end);
    turn.record.heartbeats += u64::from(counts);
    let reference = if counts { HEARTBEAT } else { UNCOUNTED };
    turn.out.push(frame::heartbeat(reference));
}
