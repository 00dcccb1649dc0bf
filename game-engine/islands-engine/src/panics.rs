//! Reports panics as log lines, or returns them as errors.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

thread_local! {
    /// Whether a panic in this thread becomes an error instead of a log line.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Installs a panic hook that reports each panic as one log line, without a backtrace: a
/// supervisor restarts a process in microseconds, while resolving a backtrace takes
/// milliseconds. Call it once, when the program starts.
pub fn install_panic_hook() {
    set_hook(Box::new(|panic| {
        if EXPECTED.get() {
            return;
        }
        let message = panic.payload_as_str().unwrap_or("(not a string)");
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panicked: {message}");
    }));
}

/// Makes this call and catches its panic. The panic is not logged, since the caller
/// gets it as an error.
///
/// # Errors
/// The payload of the panic.
pub fn catch_panic<T>(call: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    let before = EXPECTED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(call));
    EXPECTED.set(before);
    outcome
}
