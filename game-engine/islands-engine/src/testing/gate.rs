//! A gate that holds a task until a test lets it pass.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// A gate, closed at first. Clones share the gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    arrivals: Semaphore,
    /// Closing it opens the gate: `acquire` then returns at once.
    passes: Semaphore,
}

impl Gate {
    /// Creates a closed gate.
    pub fn new() -> Gate {
        Gate(Arc::new(Inner {
            arrivals: Semaphore::new(0),
            passes: Semaphore::new(0),
        }))
    }

    /// Waits for an arrival at the gate. Each arrival ends one wait.
    pub async fn arrival(&self) {
        // This semaphore is never closed.
        if let Ok(arrival) = self.0.arrivals.acquire().await {
            arrival.forget();
        }
    }

    /// Lets one arrival pass, now or later.
    pub fn let_one_pass(&self) {
        self.0.passes.add_permits(1);
    }

    /// Lets every arrival pass, from now on.
    pub fn open(&self) {
        self.0.passes.close();
    }

    /// Arrives at the gate, and waits to pass.
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
