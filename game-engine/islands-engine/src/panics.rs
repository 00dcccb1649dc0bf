//! How a panic is reported, and when it is not.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

thread_local! {
    /// Whether a panic in this thread will be told of as an error.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Reports panics as one line of the log each, without a backtrace: a supervisor
/// has the process running again in microseconds, while looking up the symbols
/// of a backtrace takes milliseconds. Call it once, when the program starts.
pub fn report_panics() {
    set_hook(Box::new(|panic| {
        if EXPECTED.get() {
            return;
        }
        let message = panic.payload_as_str().unwrap_or("(not a text)");
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panicked: {message}");
    }));
}

/// Makes this call, and hands over the panic that it ended in. It is not
/// reported: the caller has an error to tell of it.
///
/// # Errors
/// What the call panicked with.
pub fn caught<T>(call: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    let before = EXPECTED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(call));
    EXPECTED.set(before);
    outcome
}
