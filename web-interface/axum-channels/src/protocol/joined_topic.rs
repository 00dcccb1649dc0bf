//! One topic of one socket: its phase, and the frames that wait.

use std::{collections::VecDeque, sync::Arc};

use super::{ChannelId, Frame, Ref};

/// A topic that a client has joined or is joining.
#[derive(Debug)]
pub(super) struct JoinedTopic {
    pub(super) name: Arc<str>,
    pub(super) id: ChannelId,
    pub(super) join_ref: Ref,
    pub(super) phase: ChannelPhase,
    /// Frames that arrived while the topic was joining or busy, in order.
    pub(super) waiting: VecDeque<Frame>,
    /// The `join_ref` of the join that this one replaces, until its `phx_close` is sent: right
    /// after the reply to this join.
    pub(super) replaces: Option<Ref>,
}

#[derive(Debug)]
pub(super) enum ChannelPhase {
    /// The join with this reference has no reply yet.
    Joining(Ref),
    Idle,
    /// The event with this reference is being handled.
    Busy(Ref),
}

impl JoinedTopic {
    /// Whether the frame is for the current join. A frame of an earlier join is stale: it was still
    /// in flight when the client joined again.
    pub(super) fn is_current(&self, frame: &Frame) -> bool {
        frame.belongs_to(&self.join_ref)
    }

    /// Whether this is the first leave of the last join that waits, or else of the current join.
    ///
    /// There is always room for it: a client regards itself as gone once it has sent its leave.
    pub(super) fn is_first_leave(&self, frame: &Frame) -> bool {
        let join = self.waiting.iter().rposition(Frame::is_join);
        let join_ref = join.map_or(&self.join_ref, |at| &self.waiting[at].join_ref);
        let leaves = |it: &Frame| it.is_leave() && it.belongs_to(join_ref);
        let after_join = join.map_or(0, |at| at + 1);
        leaves(frame) && !self.waiting.range(after_join..).any(leaves)
    }

    pub(super) fn is_busy(&self) -> bool {
        self.current_event_ref().is_some()
    }

    /// Returns the reference of the event that is being handled.
    pub(super) fn current_event_ref(&self) -> Option<&Ref> {
        match &self.phase {
            ChannelPhase::Busy(reference) => Some(reference),
            ChannelPhase::Joining(_) | ChannelPhase::Idle => None,
        }
    }
}
