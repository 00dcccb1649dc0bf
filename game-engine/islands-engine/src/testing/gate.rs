//! Where something waits until a test lets it go on.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// A gate, closed at first. Clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    arrivals: Semaphore,
    /// Closed for ever when the gate is open.
    passes: Semaphore,
}

impl Gate {
    /// A closed gate.
    pub fn new() -> Gate {
        Gate(Arc::new(Inner {
            arrivals: Semaphore::new(0),
            passes: Semaphore::new(0),
        }))
    }

    /// Waits until something has arrived at the gate: each time something else.
    pub async fn arrival(&self) {
        // This one is never closed.
        if let Ok(arrival) = self.0.arrivals.acquire().await {
            arrival.forget();
        }
    }

    /// Lets one pass, now or when it arrives.
    pub fn let_one_pass(&self) {
        self.0.passes.add_permits(1);
    }

    /// Lets all pass, from now on.
    pub fn open(&self) {
        self.0.passes.close();
    }

    /// Arrives, and waits to be let through.
    pub(crate) async fn pass(&self) {
        self.0.arrivals.add_permits(1);
        if let Ok(pass) = self.0.passes.acquire().await {
            pass.forget();
        }
    }
}

impl Default for Gate {
    fn default() -> Gate {
        Gate::new()
    }
}
