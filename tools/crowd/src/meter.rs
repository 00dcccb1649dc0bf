//! Shows the progress of a run on standard error.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::message::Progress;
use crate::readable::readable;

/// Interval between lines: on a terminal, where each replaces the last one, and elsewhere.
const ON_TERMINAL: Duration = Duration::from_millis(200);
const ELSEWHERE: Duration = Duration::from_secs(5);

/// Shows progress.
pub(crate) struct Meter {
    place: ProgressOutput,
    /// When a line was last shown, and the number of answers then.
    last: Option<(Instant, u64)>,
}

#[derive(Clone, Copy, PartialEq)]
enum ProgressOutput {
    Nowhere,
    Terminal,
    Elsewhere,
}

impl Meter {
    pub(crate) fn new(quiet: bool) -> Meter {
        let place = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => ProgressOutput::Nowhere,
            (false, true) => ProgressOutput::Terminal,
            (false, false) => ProgressOutput::Elsewhere,
        };
        Meter { place, last: None }
    }

    /// Shows the progress of all workers together, unless the last line is too recent.
    pub(crate) fn show<'a>(
        &mut self,
        workers: impl Iterator<Item = &'a Progress>,
        connections: u64,
    ) {
        let every = match self.place {
            ProgressOutput::Nowhere => return,
            ProgressOutput::Terminal => ON_TERMINAL,
            ProgressOutput::Elsewhere => ELSEWHERE,
        };
        let (last, before) = *self.last.get_or_insert((Instant::now(), 0));
        if last.elapsed() < every {
            return;
        }
        let (mut joined, mut failed, mut lost, mut answered) = (0, 0, 0, 0);
        for worker in workers {
            joined += worker.joined;
            failed += worker.failed;
            lost += worker.lost;
            answered += worker.answered;
        }
        let rate = answered.saturating_sub(before) as f64 / last.elapsed().as_secs_f64();
        self.say(&format!(
            "{} of {} joined, {} failed, {} lost; {} answers, {} a second",
            readable(joined),
            readable(connections),
            readable(failed),
            readable(lost),
            readable(answered),
            readable(rate as u64)
        ));
        self.last = Some((Instant::now(), answered));
    }

    /// Erases the progress line before other output.
    pub(crate) fn clear(&mut self) {
        if self.place == ProgressOutput::Terminal {
            self.write("\r\x1b[K");
        }
    }

    fn say(&mut self, line: &str) {
        match self.place {
            ProgressOutput::Nowhere => {}
            ProgressOutput::Terminal => self.write(&format!("\r\x1b[K{line}")),
            ProgressOutput::Elsewhere => self.write(&format!("crowd: {line}\n")),
        }
    }

    fn write(&mut self, text: &str) {
        // Progress is optional: the run goes on without it.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}
