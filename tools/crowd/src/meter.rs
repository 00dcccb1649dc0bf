//! How far a run is, on the standard error.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::message::Progress;
use crate::readable::readable;

/// From one line to the next: on a terminal, where it replaces the last one, and elsewhere.
const ON_TERMINAL: Duration = Duration::from_millis(200);
const ELSEWHERE: Duration = Duration::from_secs(5);

/// Shows progress.
pub(crate) struct Meter {
    place: Place,
    /// When something was last shown, and how many answers there were.
    last: Option<(Instant, u64)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Nowhere,
    Terminal,
    Elsewhere,
}

impl Meter {
    pub(crate) fn new(quiet: bool) -> Meter {
        let place = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Place::Nowhere,
            (false, true) => Place::Terminal,
            (false, false) => Place::Elsewhere,
        };
        Meter { place, last: None }
    }

    /// Shows how far the workers together are, if it is time to.
    pub(crate) fn show<'a>(
        &mut self,
        workers: impl Iterator<Item = &'a Progress>,
        connections: u64,
    ) {
        let every = match self.place {
            Place::Nowhere => return,
            Place::Terminal => ON_TERMINAL,
            Place::Elsewhere => ELSEWHERE,
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

    /// Takes the line away that would be in the way of what follows.
    pub(crate) fn clear(&mut self) {
        if self.place == Place::Terminal {
            self.write("\r\x1b[K");
        }
    }

    fn say(&mut self, line: &str) {
        match self.place {
            Place::Nowhere => {}
            Place::Terminal => self.write(&format!("\r\x1b[K{line}")),
            Place::Elsewhere => self.write(&format!("crowd: {line}\n")),
        }
    }

    fn write(&mut self, text: &str) {
        // Nobody has to see it.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}
