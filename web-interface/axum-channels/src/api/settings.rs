//! The bounds of a mount, each with a default.

use std::time::Duration;

use super::origin::Origins;

/// What one mount allows. Start from the default and change what differs:
///
/// ```
/// use axum_channels::Settings;
///
/// let settings = Settings { max_channels: 10, ..Settings::default() };
/// # drop(settings);
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bytes in one message from a client; a longer one closes the socket with 1009.
    /// Default 64 KiB.
    pub max_frame: usize,
    /// How deep arrays and objects may be nested in a message, the frame itself included; a deeper
    /// one is answered with an error. Default 64.
    pub max_depth: usize,
    /// Topics that one socket may have joined at a time. Default 100.
    pub max_channels: usize,
    /// Events that may wait for one channel's handler; past it the event is answered with the
    /// error `busy`. Default 64.
    pub max_waiting: usize,
    /// Bytes of events that may wait for all handlers of one socket; past it `busy` as well.
    /// Default 256 KiB.
    pub max_waiting_bytes: usize,
    /// Frames that may wait for one client to read; past it the socket is closed with 1013.
    /// Default 512.
    pub outbox_frames: usize,
    /// Bytes that may wait for one client to read; past it the socket is closed with 1013.
    /// Default 1 MiB.
    pub outbox_bytes: usize,
    /// How long a client may send no whole frame, not even a ping, before its socket is closed with
    /// 1002. Default 60 s.
    pub idle_timeout: Duration,
    /// How long a poll of a client that cannot hold a socket open waits for something to come. A
    /// client that has not polled for one and a half times as long is gone. Default 10 s.
    pub long_poll_window: Duration,
    /// How long a client may take to read the next few frames (at most 32) before its socket is
    /// closed with 1013. Default 10 s.
    pub write_timeout: Duration,
    /// How long a client gets to take notice of a close before its connection is cut. Default 1 s.
    pub close_timeout: Duration,
    /// Frames that one client may send in a second, over some time; see [`burst`](Self::burst).
    /// Default 500.
    pub frames_per_second: u32,
    /// Bytes that one client may send in a second: frames, and all that is around them. Default
    /// 512 KiB.
    pub bytes_per_second: u32,
    /// Joins that one client may ask for in a second. Default 50.
    pub joins_per_second: u32,
    /// How much of these rates may come at once: as much as in so much time. What goes beyond it is
    /// answered with the error `too fast` and not looked at, and the client is read more slowly; who
    /// goes on until it is twice as much is closed with 1013. Default 2 s.
    pub burst: Duration,
    /// Sockets that may be open at a time, over all mounts of the endpoint; past it a new one is
    /// refused with 503. Default 100,000.
    pub max_sockets: usize,
    /// The pages that may open a socket. Default: those of the same origin as the request.
    pub origins: Origins,
}

/// As good as for ever, and within what clocks can count.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Settings {
    /// The same, with no time that is longer than for ever.
    pub(crate) fn countable(mut self) -> Self {
        for time in [
            &mut self.idle_timeout,
            &mut self.long_poll_window,
            &mut self.write_timeout,
            &mut self.close_timeout,
            &mut self.burst,
        ] {
            *time = FOR_EVER.min(*time);
        }
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_frame: 64 * 1024,
            max_depth: 64,
            max_channels: 100,
            max_waiting: 64,
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
            origins: Origins::same_as_request(),
        }
    }
}
