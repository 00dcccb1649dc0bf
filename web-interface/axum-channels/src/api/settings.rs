//! The limits of a mount, each with a default.

use std::time::Duration;

use super::origin::Origins;

/// The limits of one mount. Start from the default and change what differs:
///
/// ```
/// use axum_channels::Settings;
///
/// let settings = Settings { max_channels: 10, ..Settings::default() };
/// # drop(settings);
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// Maximum bytes in one message from a client; a longer one closes the socket with 1009.
    /// Default 64 KiB.
    pub max_frame_bytes: usize,
    /// Maximum nesting of arrays and objects in a message, the frame itself included; a deeper one
    /// is answered with an error. Default 64.
    pub max_depth: usize,
    /// Maximum topics that one socket has joined at a time. Default 100.
    pub max_channels: usize,
    /// Maximum events that wait for one channel's handler; one more is answered with the error
    /// `busy`. Default 64.
    pub max_waiting_events: usize,
    /// Maximum bytes of events that wait for all handlers of one socket; an event beyond it is
    /// answered with `busy` as well. Default 256 KiB.
    pub max_waiting_bytes: usize,
    /// Maximum frames that wait for one client to read; one more closes the socket with 1013.
    /// Default 512.
    pub outbox_frames: usize,
    /// Maximum bytes that wait for one client to read; more closes the socket with 1013.
    /// Default 1 MiB.
    pub outbox_bytes: usize,
    /// The heartbeat time-out: how long a client may be silent, without even a ping, before its
    /// socket is closed with 1002.
    /// Only whole messages count. Default 60 s.
    pub idle_timeout: Duration,
    /// How long a long poll waits for a frame. The session ends when its last poll began more than
    /// one and a half windows ago. Default 10 s.
    pub long_poll_window: Duration,
    /// How long a client may take to read a batch of at most 32 frames before its socket is closed
    /// with 1013. Default 10 s.
    pub write_timeout: Duration,
    /// How long a client gets to complete the closing handshake before its connection is cut.
    /// Default 1 s.
    pub close_timeout: Duration,
    /// Frames per second that one client may send on average; see [`burst`](Self::burst).
    /// Default 500.
    pub frames_per_second: u32,
    /// Bytes per second that one client may send on average, frame headers included. Default
    /// 512 KiB.
    pub bytes_per_second: u32,
    /// Joins per second that one client may request on average. Default 50.
    pub joins_per_second: u32,
    /// How far a client may be ahead of these rates, as the time in which they would allow as much.
    /// A frame beyond it, unless it is a leave, is refused with the error `too fast`, and the
    /// client is read more slowly. A client that is ahead by twice the burst is closed with 1013.
    /// Default 2 s.
    pub burst: Duration,
    /// Maximum open sockets over all mounts of the endpoint; a new one beyond it is refused with
    /// 503. Default 100,000.
    pub max_sockets: usize,
    /// The origins whose pages may open a socket. Default: the origin of the request itself.
    pub origins: Origins,
}

/// A year: long enough for any timeout, and small enough to add to an `Instant`.
const MAX_DURATION: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Settings {
    /// Caps each duration at [`MAX_DURATION`], so that adding it to an `Instant` cannot overflow.
    pub(crate) fn clamp_durations(mut self) -> Self {
        for time in [
            &mut self.idle_timeout,
            &mut self.long_poll_window,
            &mut self.write_timeout,
            &mut self.close_timeout,
            &mut self.burst,
        ] {
            *time = MAX_DURATION.min(*time);
        }
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_frame_bytes: 64 * 1024,
            max_depth: 64,
            max_channels: 100,
            max_waiting_events: 64,
            max_waiting_bytes: 256 * 1024,
            outbox_frames: 512,
            outbox_bytes: 1024 * 1024,
            idle_timeout: Duration::from_secs(60),
            long_poll_window: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(1),
            frames_per_second: 500,
            bytes_per_second: 512 * 1024,
            joins_per_second: 50,
            burst: Duration::from_secs(2),
            max_sockets: 100_000,
            origins: Origins::same_origin(),
        }
    }
}
