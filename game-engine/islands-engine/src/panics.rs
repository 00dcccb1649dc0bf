//! How a panic in a supervised process is reported.

/// Reports panics as one line of the log each, without a backtrace: a supervisor
/// has the process running again in microseconds, while looking up the symbols
/// of a backtrace takes milliseconds. Call it once, when the program starts.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("(not a text)");
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panicked: {message}");
    }));
}
