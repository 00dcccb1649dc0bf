//! Metrics of the writer.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// Metrics that the writer updates, and that a scrape reads without asking the writer.
#[derive(Clone, Debug)]
pub(super) struct Metrics(Arc<Measured>);

#[derive(Debug)]
struct Measured {
    batch_size: Histogram,
    commit_seconds: Histogram,
    failures: Counter,
    reopenings: Counter,
}

impl Metrics {
    pub(super) fn new() -> Metrics {
        Metrics(Arc::new(Measured {
            // 1 to 1,024 appends, and 0.1 ms to 3.3 s.
            batch_size: Histogram::new(exponential_buckets(1.0, 2.0, 11)),
            commit_seconds: Histogram::new(exponential_buckets(0.0001, 2.0, 16)),
            failures: Counter::default(),
            reopenings: Counter::default(),
        }))
    }

    pub(super) fn register(&self, metrics: &mut Registry) {
        let Measured {
            batch_size,
            commit_seconds,
            failures,
            reopenings,
        } = &*self.0;
        metrics.register(
            "islands_journal_batch_size",
            "Appends in one commit",
            batch_size.clone(),
        );
        metrics.register(
            "islands_journal_commit_seconds",
            "Seconds that a commit took",
            commit_seconds.clone(),
        );
        metrics.register(
            "islands_journal_failures",
            "Failures of the journal",
            failures.clone(),
        );
        metrics.register(
            "islands_journal_reopenings",
            "Reopenings of the journal after a failure",
            reopenings.clone(),
        );
    }

    pub(super) fn committed(&self, appends: usize, took: Duration) {
        self.0.batch_size.observe(appends as f64);
        self.0.commit_seconds.observe(took.as_secs_f64());
    }

    pub(super) fn failed(&self) {
        self.0.failures.inc();
    }

    pub(super) fn reopened(&self) {
        self.0.reopenings.inc();
    }
}
