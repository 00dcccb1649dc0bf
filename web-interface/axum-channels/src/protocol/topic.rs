//! One topic of one socket: how far its join has come, and what waits.

use std::{collections::VecDeque, sync::Arc};

use super::{Frame, MemberId, Ref};

/// A topic that a client has joined or is joining.
#[derive(Debug)]
pub(super) struct Topic {
    pub(super) name: Arc<str>,
    pub(super) member: MemberId,
    pub(super) join_ref: Ref,
    pub(super) phase: Phase,
    /// Frames that came while it was joining or busy, in order.
    pub(super) waiting: VecDeque<Frame>,
    /// The join that this one replaces, until the client has been told that it is closed.
    pub(super) replaces: Option<Ref>,
}

#[derive(Debug)]
pub(super) enum Phase {
    /// The join with this reference is not answered yet.
    Joining(Ref),
    Idle,
    /// The event with this reference is being handled.
    Busy(Ref),
}

impl Topic {
    /// A frame of an earlier join, still under way when the client joined anew, is stale.
    pub(super) fn is_meant(&self, frame: &Frame) -> bool {
        frame.is_meant_for(&self.join_ref)
    }

    /// Whether this is a leave that nothing has come before. There is always room for one: a client
    /// takes itself for gone as soon as it has said that it leaves.
    pub(super) fn is_first_leave(&self, frame: &Frame) -> bool {
        let join = self.waiting.iter().rposition(Frame::is_join);
        let join_ref = join.map_or(&self.join_ref, |at| &self.waiting[at].join_ref);
        let leaves = |it: &Frame| it.is_leave() && it.is_meant_for(join_ref);
        let behind = join.map_or(0, |at| at + 1);
        leaves(frame) && !self.waiting.range(behind..).any(leaves)
    }

    pub(super) fn is_busy(&self) -> bool {
        self.handling().is_some()
    }

    /// The reference of the event that is being handled.
    pub(super) fn handling(&self) -> Option<&Ref> {
        match &self.phase {
            Phase::Busy(reference) => Some(reference),
            Phase::Joining(_) | Phase::Idle => None,
        }
    }
}
