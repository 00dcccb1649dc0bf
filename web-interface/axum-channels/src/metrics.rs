//! What an endpoint counts.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use crate::protocol::CloseReason;

/// What has happened on an endpoint since it was made, for whoever watches over it.
///
/// `encodings / broadcasts` stays at 1 while all clients speak the same version, however many there
/// are; `deliveries / broadcasts` is how many one broadcast reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Sockets that are open now or about to be, long-poll sessions among them.
    pub sockets: usize,
    /// Joins that a channel has accepted.
    pub joins: u64,
    /// Frames that clients have sent.
    pub frames_in: u64,
    /// Bytes that came over their connections, with all that was around the frames.
    pub bytes_in: u64,
    /// Frames that were written to clients, or handed to a poll.
    pub frames_out: u64,
    /// Bytes of these.
    pub bytes_out: u64,
    /// Broadcasts on topics where someone listened, changes of presence among them.
    pub broadcasts: u64,
    /// What they came to: one for each broadcast and each client whose queue it was put into.
    pub deliveries: u64,
    /// How often one was encoded: at most once for each version of the protocol.
    pub encodings: u64,
    /// Sockets that were closed because their client did not read fast enough.
    pub slow_closed: u64,
    /// Sockets that were closed because their client sent too fast.
    pub floods_closed: u64,
    /// The most frames that have ever waited for one client when its turn to be written to came.
    pub outbox_high_water: usize,
}

/// The counts behind it. They say how much, and order nothing.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    joins: AtomicU64,
    frames_in: AtomicU64,
    bytes_in: AtomicU64,
    frames_out: AtomicU64,
    bytes_out: AtomicU64,
    broadcasts: AtomicU64,
    deliveries: AtomicU64,
    encodings: AtomicU64,
    slow_closed: AtomicU64,
    floods_closed: AtomicU64,
    outbox_high_water: AtomicUsize,
}

impl Counters {
    pub(crate) fn joined(&self) {
        self.joins.fetch_add(1, Relaxed);
    }

    pub(crate) fn received(&self, bytes: usize) {
        self.frames_in.fetch_add(1, Relaxed);
        self.bytes_in.fetch_add(bytes as u64, Relaxed);
    }

    pub(crate) fn sent(&self, frames: usize, bytes: usize) {
        self.frames_out.fetch_add(frames as u64, Relaxed);
        self.bytes_out.fetch_add(bytes as u64, Relaxed);
    }

    /// So many frames wait for one client.
    pub(crate) fn waiting(&self, frames: usize) {
        // Nearly always it is no record, and then nothing is written that others would read.
        if frames > self.outbox_high_water.load(Relaxed) {
            self.outbox_high_water.fetch_max(frames, Relaxed);
        }
    }

    pub(crate) fn broadcast(&self, deliveries: usize, encodings: usize) {
        self.broadcasts.fetch_add(1, Relaxed);
        self.deliveries.fetch_add(deliveries as u64, Relaxed);
        self.encodings.fetch_add(encodings as u64, Relaxed);
    }

    pub(crate) fn closed(&self, why: CloseReason) {
        match why {
            CloseReason::Slow => self.slow_closed.fetch_add(1, Relaxed),
            CloseReason::Flood => self.floods_closed.fetch_add(1, Relaxed),
            _ => return,
        };
    }

    pub(crate) fn read(&self, sockets: usize) -> Metrics {
        Metrics {
            sockets,
            joins: self.joins.load(Relaxed),
            frames_in: self.frames_in.load(Relaxed),
            bytes_in: self.bytes_in.load(Relaxed),
            frames_out: self.frames_out.load(Relaxed),
            bytes_out: self.bytes_out.load(Relaxed),
            broadcasts: self.broadcasts.load(Relaxed),
            deliveries: self.deliveries.load(Relaxed),
            encodings: self.encodings.load(Relaxed),
            slow_closed: self.slow_closed.load(Relaxed),
            floods_closed: self.floods_closed.load(Relaxed),
            outbox_high_water: self.outbox_high_water.load(Relaxed),
        }
    }
}
