//! Shows the progress of a run on standard error.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::message::Progress;
use crate::thousands::with_commas;

/// Interval between lines: on a terminal, where each replaces the last one, and elsewhere.
const TERMINAL_INTERVAL: Duration = Duration::from_millis(200);
const LOG_INTERVAL: Duration = Duration::from_secs(5);

/// Shows progress.
pub(crate) struct ProgressDisplay {
    output: ProgressOutput,
    /// When a line was last shown, and the number of answers then.
    last: Option<(Instant, u64)>,
}

#[derive(Clone, Copy, PartialEq)]
enum ProgressOutput {
    Nowhere,
    Terminal,
    Elsewhere,
}

impl ProgressDisplay {
    pub(crate) fn new(quiet: bool) -> ProgressDisplay {
        let output = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => ProgressOutput::Nowhere,
            (false, true) => ProgressOutput::Terminal,
            (false, false) => ProgressOutput::Elsewhere,
        };
        ProgressDisplay { output, last: None }
    }

    /// Shows the progress of all workers together, unless the last line is too recent.
    pub(crate) fn show<'a>(
        &mut self,
        workers: impl Iterator<Item = &'a Progress>,
        connections: u64,
    ) {
        let every = match self.output {
            ProgressOutput::Nowhere => return,
            ProgressOutput::Terminal => TERMINAL_INTERVAL,
            ProgressOutput::Elsewhere => LOG_INTERVAL,
        };
        let (last, received_before) = *self.last.get_or_insert((Instant::now(), 0));
        if last.elapsed() < every {
            return;
        }
        let (mut joined, mut failed, mut lost, mut received) = (0, 0, 0, 0);
        for worker in workers {
            joined += worker.joined;
            failed += worker.failed;
            lost += worker.lost;
            received += worker.received;
        }
        let rate = received.saturating_sub(received_before) as f64 / last.elapsed().as_secs_f64();
        self.print(&format!(
            "{} of {} joined, {} failed, {} lost; {} answers, {} a second",
            with_commas(joined),
            with_commas(connections),
            with_commas(failed),
            with_commas(lost),
            with_commas(received),
            with_commas(rate as u64)
        ));
        self.last = Some((Instant::now(), received));
    }

    /// Erases the progress line before other output.
    pub(crate) fn clear(&mut self) {
        if self.output == ProgressOutput::Terminal {
            self.write("\r\x1b[K");
        }
    }

    fn print(&mut self, line: &str) {
        match self.output {
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
