//! `cargo x watch`: checks an exercise again whenever its file has changed.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use exercises::{Course, Exercise};

use crate::check;
use crate::notes::Notes;
use crate::screen::Screen;

/// How often the file's time is read. Polling works on every file system.
const INTERVAL: Duration = Duration::from_millis(300);

/// Checks now, and after each change, until the exercise is solved or the program is ended.
pub(crate) fn run(exercise: &Exercise, course: &Course, notes: &Notes) -> Result<()> {
    let file = exercise.root().join(exercise.learners_file());
    loop {
        let seen = changed_at(&file);
        let mut screen = Screen::new();
        if io::stdout().is_terminal() {
            // Clears the terminal, so that the newest verdict stands alone.
            print!("\x1b[2J\x1b[H");
            // Errors are not written through this buffer.
            io::stdout().flush()?;
        }
        let started = Instant::now();
        match check::run(exercise, course, notes, &mut screen) {
            Ok(()) => screen.show()?,
            Err(error) => {
                screen.failed = true;
                eprintln!("{error:#}");
            }
        }
        if !screen.failed {
            return Ok(());
        }
        let took = started.elapsed().as_secs_f64();
        println!("\nChecked in {took:.1} s. Waiting for a change; Ctrl-C ends this.");
        while changed_at(&file) == seen {
            thread::sleep(INTERVAL);
        }
    }
}

/// Returns when the file was changed last; nothing while an editor replaces it.
fn changed_at(file: &Path) -> Option<SystemTime> {
    fs::metadata(file)
        .and_then(|metadata| metadata.modified())
        .ok()
}
