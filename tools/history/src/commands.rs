//! Checks the commands that clients sent against the batches in the log.

use std::collections::HashMap;

use islands_core::{Event, Facts, Game, Player, Reply, Viewer, decide};

use crate::batch::Batch;
use crate::canonical_json::CanonicalJson;
use crate::check::Findings;
use crate::entry::{Entry, EntryKind};
use crate::operation::{Attempt, Operation, OperationResult, TEMPORARY_REFUSALS, group_by_command};
use crate::report::{FindingKind, Report};
use crate::timeline::Timeline;

/// Commands of a player whose repeats a game recognises.
const REMEMBERED: usize = 32;

/// A game's commands, matched with the batches of its log.
pub(crate) struct Commands<'r> {
    log: &'r [Batch],
    timeline: &'r Timeline<'r>,
    operations: Vec<Operation<'r>>,
    opened: Option<(&'r str, Option<&'r str>)>,
    /// For each entry, the highest event number that any client knew before it.
    known: Vec<u64>,
    /// Batches that belong to no command.
    unclaimed: Vec<usize>,
    /// For each batch, the numbers of its first and its last event.
    numbers: Vec<(u64, u64)>,
}

impl<'r> Commands<'r> {
    pub(crate) fn new(
        entries: &'r [Entry],
        log: &'r [Batch],
        timeline: &'r Timeline<'r>,
    ) -> Commands<'r> {
        let mut last = 0;
        let numbers = log.iter().map(|batch| {
            let first = last + 1;
            last += batch.events.len() as u64;
            (first, last)
        });
        let opened = entries.iter().find_map(|entry| match &entry.kind {
            EntryKind::Opened { host, guest } => Some((host.as_str(), guest.as_deref())),
            _ => None,
        });
        let mut commands = Commands {
            log,
            timeline,
            operations: group_by_command(entries),
            opened,
            known: Vec::new(),
            unclaimed: Vec::new(),
            numbers: numbers.collect(),
        };
        commands.match_batches(entries);
        commands.compute_known(entries);
        commands
    }

    /// Finds the batch of each command: by its id, or, for a command without an
    /// id, by the acknowledged number or by the events that the command leads to.
    fn match_batches(&mut self, entries: &[Entry]) {
        let mut by_id: HashMap<(Viewer, &str), usize> = HashMap::new();
        for (place, operation) in self.operations.iter().enumerate() {
            if let Some(id) = operation.id {
                by_id.insert((operation.viewer, id), place);
            }
        }
        // The first batch opens the game and belongs to no command.
        for (index, batch) in self.log.iter().enumerate().skip(1) {
            let id = batch.command_id.as_deref();
            let owner = id.and_then(|id| by_id.get(&(Viewer::Player(batch.by), id)));
            match owner {
                Some(owner) => self.operations[*owner].batches.push(index),
                None => self.unclaimed.push(index),
            }
        }
        // Acknowledged commands choose first, since their number is known, and
        // refused ones last, since they should have no batch.
        let mut order: Vec<usize> = (0..self.operations.len()).collect();
        order.retain(|place| self.operations[*place].id.is_none());
        order.sort_by_key(|place| {
            let operation = &self.operations[*place];
            (
                operation.accepted().is_none(),
                operation.refused().is_some(),
            )
        });
        for place in order {
            if let Some(free) = self.unclaimed_for(&self.operations[place]) {
                let batch = self.unclaimed.remove(free);
                self.operations[place].batches.push(batch);
            }
        }
        let seats = entries.iter().filter_map(|entry| match entry.kind {
            EntryKind::Computer { seat } => Some(seat),
            _ => None,
        });
        let computers: Vec<Player> = seats.collect();
        self.unclaimed
            .retain(|batch| !computers.contains(&self.log[*batch].by));
    }

    fn unclaimed_for(&self, operation: &Operation<'_>) -> Option<usize> {
        let answer = operation.attempts.first()?.answer.as_ref();
        self.unclaimed.iter().position(|index| {
            let same = Viewer::Player(self.log[*index].by) == operation.viewer;
            same && match answer {
                Some(OperationResult::Accepted { seq, .. }) => self.numbers[*index].1 == *seq,
                Some(OperationResult::Refused { .. }) => {
                    self.leads_to(operation, *index) == Some(true)
                }
                // Past an impossible event the rules decide nothing, so it may match.
                None => self.leads_to(operation, *index) != Some(false),
            }
        })
    }

    /// Computes `known`. An acknowledgement counts with the number that the log
    /// has, and a number past the log's end does not count: both mismatches are
    /// findings of their own.
    fn compute_known(&mut self, entries: &[Entry]) {
        let mut lasts: HashMap<u64, u64> = HashMap::new();
        for operation in &self.operations {
            let last = operation
                .batches
                .first()
                .map_or(0, |batch| self.numbers[*batch].1);
            lasts.extend(
                operation
                    .attempts
                    .iter()
                    .map(|attempt| (attempt.number, last)),
            );
        }
        let mut known = 0;
        for entry in entries {
            self.known.push(known);
            let observed = match &entry.kind {
                EntryKind::Accepted { attempt, .. } => lasts.get(attempt).copied().unwrap_or(0),
                EntryKind::Began { seq, .. }
                | EntryKind::Saw { seq, .. }
                | EntryKind::Viewed { seq, .. } => *seq,
                _ => 0,
            };
            if observed <= self.timeline.len() {
                known = known.max(observed);
            }
        }
    }

    pub(crate) fn check(&self, findings: &mut Findings) -> Report {
        let mut report = Report::default();
        self.check_opening(&mut report, findings);
        for operation in &self.operations {
            self.check_answered(operation, &mut report, findings);
            if let Some(batch) = operation.batches.first() {
                self.check_carried_out(operation, *batch, findings);
            }
            for second in operation.batches.iter().skip(1) {
                let detail = "the log has it already";
                findings.add(
                    FindingKind::Twice,
                    Some(self.numbers[*second].1),
                    operation.id,
                    detail,
                );
            }
        }
        for batch in &self.unclaimed {
            report.invented += 1;
            let Batch { by, command_id, .. } = &self.log[*batch];
            let (seq, id) = (self.numbers[*batch].1, command_id.as_deref());
            let detail = format!("{by} has not sent it");
            findings.add(FindingKind::Invented, Some(seq), id, detail);
        }
        report
    }

    fn check_opening(&self, report: &mut Report, findings: &mut Findings) {
        let first = self.log.first().map(|batch| batch.events.as_slice());
        match (self.opened, first) {
            (None, None) => {}
            (Some(_), None) => {
                report.acknowledged += 1;
                report.lost += 1;
                let detail = "the game was opened, and there is no log of it";
                findings.add(FindingKind::Lost, Some(1), None, detail);
            }
            (None, Some(_)) => {
                report.invented += 1;
                findings.add(
                    FindingKind::Invented,
                    Some(1),
                    None,
                    "no client opened the game",
                );
            }
            (Some((host, guest)), Some(events)) => {
                report.acknowledged += 1;
                let named = match events {
                    [Event::GameCreated(created)] => {
                        created.name.as_str() == host && guest.is_none()
                    }
                    [Event::GameCreated(created), Event::PlayerAdded { name }] => {
                        created.name.as_str() == host && guest == Some(name.as_str())
                    }
                    _ => false,
                };
                if !named {
                    let guest = guest.map_or(String::new(), |guest| format!(" and {guest}"));
                    let detail =
                        format!("the game was opened by {host}{guest}; this is {events:?}");
                    findings.add(FindingKind::OtherThanAsked, Some(1), None, detail);
                }
            }
        }
    }

    /// Counts a command as acknowledged, refused or unanswered, and reports an
    /// acknowledged command that the log lacks or a refused one that it has.
    fn check_answered(
        &self,
        operation: &Operation<'_>,
        report: &mut Report,
        findings: &mut Findings,
    ) {
        let batch = operation.batches.first();
        let done = batch.map(|batch| self.numbers[*batch].1);
        if let Some(seq) = operation.accepted() {
            report.acknowledged += 1;
            if done.is_none() {
                report.lost += 1;
                let detail = format!("acknowledged with number {seq}, and it is not in the log");
                findings.add(FindingKind::Lost, Some(seq), operation.id, detail);
            }
        } else if let Some(reason) = operation.refused() {
            report.refused += 1;
            if done.is_some() {
                let detail = format!("refused with {reason}, and it is in the log");
                findings.add(FindingKind::RefusedButDone, done, operation.id, detail);
            }
        } else {
            report.unanswered += 1;
            report.carried_out += u64::from(done.is_some());
        }
    }

    /// Checks a command that the log has: its events, its position in the log, and
    /// its answers.
    fn check_carried_out(&self, operation: &Operation<'_>, batch: usize, findings: &mut Findings) {
        let (first, last) = self.numbers[batch];
        if self.leads_to(operation, batch) == Some(false) {
            let events = &self.log[batch].events;
            let detail = format!("{:?} does not lead to {events:?}", operation.command);
            findings.add(
                FindingKind::OtherThanAsked,
                Some(last),
                operation.id,
                detail,
            );
        }
        let known = operation
            .attempts
            .first()
            .map(|first| self.known[first.sent]);
        if let Some(known) = known.filter(|known| *known >= first) {
            let detail = format!("event {known} was known before it was sent");
            findings.add(FindingKind::OutOfOrder, Some(last), operation.id, detail);
        }
        let reply = self.reply(batch);
        for attempt in &operation.attempts {
            match &attempt.answer {
                Some(OperationResult::Accepted { seq, .. }) if *seq != last => {
                    let detail = format!("acknowledged with number {seq}");
                    findings.add(FindingKind::Renumbered, Some(last), operation.id, detail);
                }
                Some(OperationResult::Accepted {
                    reply: observed, ..
                }) => {
                    if let Some(expected) = reply.as_ref().filter(|expected| expected != observed) {
                        let detail = observed.differences_from(expected);
                        findings.add(
                            FindingKind::RepliedOtherwise,
                            Some(last),
                            operation.id,
                            detail,
                        );
                    }
                }
                Some(OperationResult::Refused { reason })
                    if !TEMPORARY_REFUSALS.contains(reason)
                        && operation.refused().is_none()
                        && self.must_recognise(attempt, batch) =>
                {
                    let detail = format!("sent again when it was known to be done: {reason}");
                    findings.add(FindingKind::Forgotten, Some(last), operation.id, detail);
                }
                Some(OperationResult::Refused { .. }) | None => {}
            }
        }
    }

    /// Returns whether the game must recognise this attempt as a repeat: a client
    /// knew of the batch before the attempt, and the command is among the
    /// player's last [`REMEMBERED`].
    fn must_recognise(&self, attempt: &Attempt<'_>, batch: usize) -> bool {
        let by = self.log[batch].by;
        let newer = self.log.iter().skip(batch + 1);
        let newer = newer.filter(|newer| newer.by == by).count();
        self.known[attempt.sent] >= self.numbers[batch].1 && newer < REMEMBERED
    }

    /// Returns the reply that the command's sender should get for this batch;
    /// `None` past an impossible event.
    fn reply(&self, batch: usize) -> Option<CanonicalJson> {
        let game = self.timeline.after(self.numbers[batch].1)?;
        let Batch { by, events, .. } = &self.log[batch];
        Some(CanonicalJson::of(&Reply::of(game, *by, events)))
    }

    /// Returns whether the command leads to this batch by the rules; `None` past an
    /// impossible event.
    fn leads_to(&self, operation: &Operation<'_>, batch: usize) -> Option<bool> {
        let (first, last) = self.numbers[batch];
        self.timeline.after(last)?;
        let game: &Game = self.timeline.after(first - 1)?;
        let Batch { by, events, .. } = &self.log[batch];
        let decided = decide(
            game,
            *by,
            operation.command.clone(),
            &Facts::inferred_from(events),
        );
        Some(decided.as_ref() == Ok(events))
    }
}
