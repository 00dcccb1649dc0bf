//! Checks how a panic is reported. In a process of its own, since the panic hook is
//! global.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// A log in memory, so that the test can read it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .map_err(|_| io::ErrorKind::Other)?
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_panic_is_one_line_of_the_log_without_a_backtrace() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    islands_engine::install_panic_hook();
    let panicked = std::thread::spawn(|| panic!("injected")).join();
    assert!(panicked.is_err());
    let bytes = log.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    for part in ["ERROR", "panicked: injected", "tests/panics.rs"] {
        assert!(text.contains(part), "no {part} in: {text}");
    }
}
