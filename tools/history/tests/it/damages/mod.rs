//! Damages to correct histories: to commands and logs in `commands`, to
//! observations in `observations`.

mod commands;
mod observations;

use history::{EntryKind, FindingKind};
use islands_core::Command;

use crate::played::Played;

/// A damage's name, the kind of finding that it must cause, and the function that does
/// it, which returns `None` for a game to which it cannot be done.
pub(crate) type Damage = (&'static str, FindingKind, fn(&mut Played) -> Option<()>);

pub(crate) fn all() -> impl Iterator<Item = &'static Damage> {
    commands::DAMAGES.iter().chain(observations::DAMAGES)
}

/// Returns the acknowledged attempt of this batch's command, if that has an id.
fn acknowledged(played: &Played, batch: usize) -> Option<u64> {
    let id = played.log[batch].command_id.as_deref();
    let numbers: Vec<u64> = sent(played)
        .filter_map(|(sent, number, _)| (sent.is_some() && sent == id).then_some(number))
        .collect();
    played.entries.iter().find_map(|entry| match entry.kind {
        EntryKind::Accepted { attempt, .. } if numbers.contains(&attempt) => Some(attempt),
        _ => None,
    })
}

/// Returns all attempts: the id, the number and the command.
fn sent(played: &Played) -> impl Iterator<Item = (Option<&str>, u64, &Command)> {
    played.entries.iter().filter_map(|entry| match &entry.kind {
        EntryKind::Sent {
            attempt,
            id,
            command,
        } => Some((id.as_deref(), *attempt, &**command)),
        _ => None,
    })
}

/// Removes observations of events that the log has no longer.
fn remove_later_observations(played: &mut Played) {
    let end: u64 = played
        .log
        .iter()
        .map(|batch| batch.events.len() as u64)
        .sum();
    played.entries.retain(|entry| match entry.kind {
        EntryKind::Began { seq, .. }
        | EntryKind::Saw { seq, .. }
        | EntryKind::Viewed { seq, .. } => seq <= end,
        EntryKind::Resumed { since } => since <= end,
        _ => true,
    });
}

/// Changes the first entry for which `how` returns `Some`.
fn change(played: &mut Played, how: impl FnMut(&mut EntryKind) -> Option<()>) -> Option<()> {
    played
        .entries
        .iter_mut()
        .map(|entry| &mut entry.kind)
        .find_map(how)
}

/// Removes the first entry that `matches` accepts.
fn remove(played: &mut Played, matches: impl Fn(&EntryKind) -> bool) -> Option<()> {
    let place = played.entries.iter().position(|entry| matches(&entry.kind));
    played.entries.remove(place?);
    Some(())
}
