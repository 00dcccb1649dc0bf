//! Counts the faults of a run, and says whether it was long enough to count.

use history::Report;

use crate::args::Args;
use crate::cut::Cut;
use crate::plan::Fault;
use crate::shared_state::SharedState;

/// Counts of the faults in a run.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    faults: [usize; Fault::ALL.len()],
    pub(crate) kills: usize,
    /// Commands that were under way when the server was killed.
    under_way_at_kills: usize,
    /// Kills that found no command under way.
    idle_kills: usize,
    /// Clients that the draining server closed with 1012.
    pub(crate) closed_with_1012: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.faults[fault as usize] += 1;
    }

    pub(crate) fn killed(&mut self, under_way: usize) {
        self.kills += 1;
        self.under_way_at_kills += under_way;
        self.idle_kills += usize::from(under_way == 0);
    }

    pub(crate) fn rounds(&self) -> usize {
        self.faults.iter().sum()
    }

    /// Returns the reasons for which this run proves nothing; none if it does.
    pub(crate) fn unmet_requirements(
        &self,
        report: &Report,
        shared: &SharedState,
        args: &Args,
    ) -> Vec<String> {
        let mut missing = Vec::new();
        let mut need = |is_there: bool, what: String| {
            if !is_there {
                missing.push(what);
            }
        };
        for fault in Fault::ALL {
            let what = format!("there was no round with {fault:?}; give it more time");
            need(self.faults[fault as usize] > 0, what);
        }
        for cut in Cut::ALL {
            need(
                shared.cuts(cut) > 0,
                format!("there was no cut of kind {cut:?}"),
            );
        }
        if let Some(kills) = args.kills {
            let what = format!("only {} of {kills} kills in the time", self.kills);
            need(self.kills >= kills, what);
        }
        let what = "no draining server closed a client with 1012";
        need(self.closed_with_1012 > 0, what.into());
        // Each table opens at least one game, joins it, and plays a little.
        let least = 4 * args.games as u64;
        let what = format!("fewer than {least} commands were acknowledged");
        need(report.acknowledged >= least, what);
        let what = format!("{} kills found no command under way", self.idle_kills);
        need(self.idle_kills == 0, what);
        missing
    }

    /// Returns the line that reports progress.
    pub(crate) fn progress(&self, shared: &SharedState) -> String {
        format!(
            "chaos: so far {} rounds ({} kills), {} commands acknowledged",
            self.rounds(),
            self.kills,
            with_commas(shared.acknowledged() as u64)
        )
    }

    /// Returns the line that sums up the run.
    pub(crate) fn summary(&self, report: &Report) -> String {
        format!(
            "chaos: {} rounds ({} kills), {} commands acknowledged, {} lost, {} invented",
            self.rounds(),
            self.kills,
            with_commas(report.acknowledged),
            report.lost,
            report.invented
        )
    }

    /// Returns the details of the run, for a closer look.
    pub(crate) fn details(&self, report: &Report, shared: &SharedState) -> String {
        let cuts = Cut::ALL.map(|cut| format!("{} {cut:?}", shared.cuts(cut)));
        format!(
            "{report}\n{} commands were under way at kills; {} clients were closed with 1012; cuts: {}",
            self.under_way_at_kills,
            self.closed_with_1012,
            cuts.join(", ")
        )
    }
}

/// Formats a number with commas between its thousands.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}
