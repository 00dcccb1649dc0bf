//! The clock that all processes of a machine share.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment on the machine's monotonic clock, in nanoseconds. All processes read the same clock, so
/// one can say when a broadcast was due and another how long its delivery took.
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

    /// Returns the nanoseconds since an earlier moment, 0 if that moment is later.
    pub(crate) fn since(self, earlier: Moment) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns the time until this moment, zero if the moment has passed.
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

/// Returns the processor time that this process has used.
#[cfg(unix)]
pub(crate) fn processor_time() -> Duration {
    read(rustix::time::ClockId::ProcessCPUTime)
}

#[cfg(unix)]
fn read(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    // Neither clock reads below zero.
    Duration::try_from(time).unwrap_or_default()
}

/// Without a shared monotonic clock, processes share the wall clock.
#[cfg(not(unix))]
fn machine_clock() -> Duration {
    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    time.unwrap_or_default()
}

#[cfg(not(unix))]
pub(crate) fn processor_time() -> Duration {
    Duration::ZERO
}
