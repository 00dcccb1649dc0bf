//! Checks one game's record against its log and the rules.

use islands_core::GameId;

use crate::batch::Batch;
use crate::commands::Commands;
use crate::entry::Entry;
use crate::observations::check_observations;
use crate::report::{Finding, FindingKind, Report};
use crate::timeline::Timeline;

/// Checks the record of one game against its log and the rules.
///
/// `entries` are in the order in which they were recorded, and `log` is complete.
pub fn check(game: GameId, entries: &[Entry], log: &[Batch]) -> Report {
    let timeline = Timeline::of(log);
    let mut findings = Findings {
        game,
        found: Vec::new(),
    };
    if let Some(wrong) = &timeline.wrong {
        findings.add(
            FindingKind::Impossible,
            Some(wrong.seq),
            None,
            wrong.to_string(),
        );
    }
    let commands = Commands::new(entries, log, &timeline);
    let mut report = commands.check(&mut findings);
    check_observations(entries, &timeline, &mut findings);
    report.games = 1;
    report.findings = findings.found;
    report
}

/// Collects the findings of one game.
pub(crate) struct Findings {
    game: GameId,
    found: Vec<Finding>,
}

impl Findings {
    pub(crate) fn add(
        &mut self,
        kind: FindingKind,
        seq: Option<u64>,
        command: Option<&str>,
        detail: impl Into<String>,
    ) {
        self.found.push(Finding {
            game: self.game,
            seq,
            command: command.map(Into::into),
            kind,
            detail: detail.into(),
        });
    }
}
