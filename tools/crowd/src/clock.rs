//! The clock that all processes of a machine share.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment on the machine's monotonic clock, in nanoseconds. The same in every process, so that
/// one may say when a broadcast was due and another how long it took.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub(crate) struct Moment(u64);

impl Moment {
    pub(crate) fn now() -> Moment {
        Moment(nanos(machine_clock()))
    }

    pub(crate) const fn from_nanos(nanos: u64) -> Moment {
        Moment(nanos)
    }

    pub(crate) fn nanos(self) -> u64 {
        self.0
    }

    pub(crate) fn after(self, time: Duration) -> Moment {
        Moment(self.0.saturating_add(nanos(time)))
    }

    /// The nanoseconds since an earlier moment, none if it was not earlier.
    pub(crate) fn since(self, earlier: Moment) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// How long it is until then, nothing if it has come.
    pub(crate) fn until(self) -> Duration {
        Duration::from_nanos(self.since(Moment::now()))
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(unix)]
fn machine_clock() -> Duration {
    read(rustix::time::ClockId::Monotonic)
}

/// The time that this process has kept a processor busy.
#[cfg(unix)]
pub(crate) fn processor_time() -> Duration {
    read(rustix::time::ClockId::ProcessCPUTime)
}

#[cfg(unix)]
fn read(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    // No clock of these runs before zero.
    Duration::try_from(time).unwrap_or_default()
}

/// Elsewhere the wall clock has to do, which is the other one that processes share.
#[cfg(not(unix))]
fn machine_clock() -> Duration {
    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    time.unwrap_or_default()
}

#[cfg(not(unix))]
pub(crate) fn processor_time() -> Duration {
    Duration::ZERO
}
