//! Latencies as they appear in a report.

use serde::Serialize;

use crate::latency::Latency;

/// The summary of a histogram, in milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Times {
    pub(crate) count: u64,
    pub(crate) mean: f64,
    pub(crate) p50: f64,
    pub(crate) p90: f64,
    pub(crate) p99: f64,
    pub(crate) p99_9: f64,
    pub(crate) max: f64,
    /// The whole histogram, in nanoseconds.
    pub(crate) histogram: Latency,
}

impl From<Latency> for Times {
    fn from(histogram: Latency) -> Times {
        Times {
            count: histogram.count(),
            mean: histogram.mean(),
            p50: histogram.quantile(0.5),
            p90: histogram.quantile(0.9),
            p99: histogram.quantile(0.99),
            p99_9: histogram.quantile(0.999),
            max: histogram.max(),
            histogram,
        }
    }
}
