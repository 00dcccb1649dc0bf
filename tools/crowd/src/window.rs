//! The time in which pushes are made, and the part of it that is measured.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

/// The warm-up of a run, then its measured time.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Window {
    pub(crate) start: Moment,
    /// The end of the warm-up.
    pub(crate) measured: Moment,
    pub(crate) end: Moment,
}

impl Window {
    pub(crate) fn new(start: Moment, warm_up: Duration, time: Duration) -> Window {
        let measured = start.after(warm_up);
        Window {
            start,
            measured,
            end: measured.after(time),
        }
    }

    /// Whether a push may be made now.
    pub(crate) fn is_open(&self, now: Moment) -> bool {
        self.start <= now && now < self.end
    }

    /// Whether something due or received at `then` is measured.
    pub(crate) fn counts(&self, then: Moment) -> bool {
        self.measured <= then && then < self.end
    }
}
