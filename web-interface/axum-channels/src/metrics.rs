//! The counters of an endpoint.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use crate::protocol::CloseReason;

/// Counts of what has happened on an endpoint, for monitoring.
///
/// `encodings / broadcasts` stays at 1 while all clients speak one version, however many there are;
/// `deliveries / broadcasts` is the average number of clients that a broadcast reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Sockets that are open now or in their handshake, long-poll sessions included.
    pub sockets: usize,
    /// Joins that a channel has accepted.
    pub joins: u64,
    /// Frames that clients have sent.
    pub frames_in: u64,
    /// Bytes received from clients, WebSocket framing included.
    pub bytes_in: u64,
    /// Frames that were written to clients, or handed to a poll.
    pub frames_out: u64,
    /// Bytes of the frames written or handed out, without WebSocket framing.
    pub bytes_out: u64,
    /// Broadcasts on topics with a subscriber or a replay buffer, presence changes included.
    pub broadcasts: u64,
    /// Deliveries of broadcasts: one for each broadcast and each client queue that got it.
    pub deliveries: u64,
    /// Encodings of broadcasts: at most one per broadcast and version of the protocol.
    pub encodings: u64,
    /// Sockets that were closed because their client did not read fast enough.
    pub slow_closed: u64,
    /// Sockets that were closed because their client sent too fast.
    pub floods_closed: u64,
    /// The most frames that a writer or a poll has ever found waiting for one client.
    pub outbox_high_water: usize,
}

/// The counters behind [`Metrics`]. They are relaxed: they order no other memory access.
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

    /// Records that `frames` frames wait in the outbox of one client.
    pub(crate) fn record_queue_length(&self, frames: usize) {
        // A new maximum is rare. The plain load spares a write to a cache line that all threads
        // share.
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
