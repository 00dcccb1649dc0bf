//! The commands of a record, each with all its attempts and their answers.

use std::collections::HashMap;

use islands_core::{Command, Viewer};

use crate::canonical_json::CanonicalJson;
use crate::entry::{Entry, EntryKind};

/// The reason of a refusal after which the command may have been carried out.
const UNKNOWN_OUTCOME: &str = "timeout";

/// Refusals from a game that cannot answer at the moment. They do not show that the
/// game has forgotten the command.
pub(crate) const TEMPORARY_REFUSALS: [&str; 3] = ["busy", "quarantined", "journal_unavailable"];

/// Groups the entries of each command: its attempts and their answers.
pub(crate) fn group_by_command(entries: &[Entry]) -> Vec<Operation<'_>> {
    let mut all: Vec<Operation<'_>> = Vec::new();
    let mut by_id: HashMap<(Viewer, &str), usize> = HashMap::new();
    let mut by_attempt: HashMap<u64, (usize, usize)> = HashMap::new();
    for (sent, entry) in entries.iter().enumerate() {
        let answer = match &entry.kind {
            EntryKind::Sent {
                attempt,
                id,
                command,
            } => {
                let id = id.as_deref();
                let known = id.and_then(|id| by_id.get(&(entry.viewer, id)).copied());
                let place = known.unwrap_or_else(|| {
                    all.push(Operation {
                        viewer: entry.viewer,
                        id,
                        command,
                        attempts: Vec::new(),
                        batches: Vec::new(),
                    });
                    all.len() - 1
                });
                if let Some(id) = id {
                    by_id.insert((entry.viewer, id), place);
                }
                by_attempt.insert(*attempt, (place, all[place].attempts.len()));
                all[place].attempts.push(Attempt {
                    number: *attempt,
                    sent,
                    answer: None,
                });
                continue;
            }
            EntryKind::Accepted {
                attempt,
                seq,
                reply,
            } => (attempt, OperationResult::Accepted { seq: *seq, reply }),
            EntryKind::Refused { attempt, reason } if **reason != *UNKNOWN_OUTCOME => {
                (attempt, OperationResult::Refused { reason })
            }
            _ => continue,
        };
        if let Some((place, number)) = by_attempt.get(answer.0) {
            all[*place].attempts[*number].answer = Some(answer.1);
        }
    }
    all
}

/// A command and all attempts to send it.
pub(crate) struct Operation<'r> {
    pub(crate) viewer: Viewer,
    pub(crate) id: Option<&'r str>,
    pub(crate) command: &'r Command,
    pub(crate) attempts: Vec<Attempt<'r>>,
    /// The command's batches in the log: at most one, unless something is wrong.
    pub(crate) batches: Vec<usize>,
}

/// One attempt to send a command.
pub(crate) struct Attempt<'r> {
    pub(crate) number: u64,
    /// The index of its entry.
    pub(crate) sent: usize,
    pub(crate) answer: Option<OperationResult<'r>>,
}

/// The answer to an attempt.
pub(crate) enum OperationResult<'r> {
    Accepted { seq: u64, reply: &'r CanonicalJson },
    Refused { reason: &'r str },
}

impl Operation<'_> {
    /// Returns the number in the first acknowledgement.
    pub(crate) fn accepted(&self) -> Option<u64> {
        self.attempts
            .iter()
            .find_map(|attempt| match attempt.answer {
                Some(OperationResult::Accepted { seq, .. }) => Some(seq),
                _ => None,
            })
    }

    /// Returns the reason of the last refusal, if every attempt was refused.
    pub(crate) fn refused(&self) -> Option<&str> {
        let refusals = self.attempts.iter().map(|attempt| match attempt.answer {
            Some(OperationResult::Refused { reason }) => Some(reason),
            _ => None,
        });
        refusals.collect::<Option<Vec<_>>>()?.pop()
    }
}
