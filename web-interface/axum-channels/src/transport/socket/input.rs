//! Decodes what a client sends, rate-limits it, and passes it to the session. Each function returns
//! how long to stop reading from a client that sends too fast.

use std::time::Duration;

use bytes::Bytes;

use super::channel_set::ChannelSet;
use crate::{
    protocol::{
        CloseReason, Frame,
        frame::{DecodeError, RefusedFrame},
    },
    transport::rate_limiter::Verdict,
};

impl<A: Send + Sync + 'static> ChannelSet<A> {
    /// Receives a text message that took `cost` bytes on the connection.
    pub(crate) fn receive(
        &mut self,
        text: &str,
        cost: usize,
    ) -> Result<Option<Duration>, CloseReason> {
        let max_depth = self.mount.settings.max_depth;
        let frame = self.outbox.serializer().decode(text, max_depth);
        self.dispatch(cost, frame)
    }

    /// Receives a binary message that took `cost` bytes on the connection.
    pub(crate) fn receive_binary(
        &mut self,
        bytes: &Bytes,
        cost: usize,
    ) -> Result<Option<Duration>, CloseReason> {
        let max_depth = self.mount.settings.max_depth;
        let frame = self.outbox.serializer().decode_binary(bytes, max_depth);
        self.dispatch(cost, frame)
    }

    /// Charges for a message that carries no frame, such as a ping.
    pub(crate) fn receive_other(&mut self, cost: usize) -> Result<Option<Duration>, CloseReason> {
        pause(self.charge(cost, false))
    }

    fn dispatch(
        &mut self,
        cost: usize,
        frame: Result<Frame, DecodeError>,
    ) -> Result<Option<Duration>, CloseReason> {
        let frame = match frame {
            Ok(frame) => frame,
            Err(DecodeError::Refused(frame)) => return self.refuse(cost, &frame),
            Err(DecodeError::Malformed(expected)) => return Err(CloseReason::Malformed(expected)),
        };
        let mut pause = None;
        match self.charge(cost, frame.is_join()) {
            Verdict::Admitted => self.session.receive(frame),
            Verdict::TooFast(nanoseconds) => {
                pause = Some(Duration::from_nanos(nanoseconds));
                // A client that leaves ignores the answer; if refused, its channel would stay
                // joined.
                if frame.is_leave() {
                    self.session.receive(frame);
                } else {
                    self.session.refuse(&frame.join_ref, &frame, "too fast");
                }
            }
            Verdict::Flood => return Err(CloseReason::Flood),
        }
        self.carry_out_effects();
        Ok(pause)
    }

    /// Answers a refused frame with an error, and charges for it like any other.
    fn refuse(
        &mut self,
        cost: usize,
        frame: &RefusedFrame,
    ) -> Result<Option<Duration>, CloseReason> {
        let pause = pause(self.charge(cost, frame.is_join))?;
        let reply = self.outbox.serializer().refuse(frame);
        self.outbox.send_without_wake(reply);
        Ok(pause)
    }

    fn charge(&mut self, cost: usize, is_join: bool) -> Verdict {
        let mount = &self.mount;
        mount.endpoint.counters().received(cost);
        let now = mount.started_at.elapsed();
        self.rate_limiter.charge(now, cost, is_join, &mount.costs)
    }
}

fn pause(verdict: Verdict) -> Result<Option<Duration>, CloseReason> {
    match verdict {
        Verdict::Admitted => Ok(None),
        Verdict::TooFast(nanoseconds) => Ok(Some(Duration::from_nanos(nanoseconds))),
        Verdict::Flood => Err(CloseReason::Flood),
    }
}
