//! Damages to correct histories: to commands and logs in `done`, to observations in
//! `seen`.

mod done;
mod seen;

use history::{Kind, What};
use islands_core::Command;

use crate::played::Played;

/// A damage's name, the kind of finding that it must cause, and the function that does
/// it, which returns `None` for a game to which it cannot be done.
pub(crate) type Damage = (&'static str, Kind, fn(&mut Played) -> Option<()>);

pub(crate) fn all() -> impl Iterator<Item = &'static Damage> {
    done::DAMAGES.iter().chain(seen::DAMAGES)
}

/// Returns the acknowledged attempt of this batch's command, if that has an id.
fn acknowledged(played: &Played, batch: usize) -> Option<u64> {
    let id = played.log[batch].command_id.as_deref();
    let numbers: Vec<u64> = sent(played)
        .filter_map(|(sent, number, _)| (sent.is_some() && sent == id).then_some(number))
        .collect();
    played.entries.iter().find_map(|entry| match entry.what {
        What::Accepted { attempt, .. } if numbers.contains(&attempt) => Some(attempt),
        _ => None,
    })
}

/// Returns all attempts: the id, the number and the command.
fn sent(played: &Played) -> impl Iterator<Item = (Option<&str>, u64, &Command)> {
    played.entries.iter().filter_map(|entry| match &entry.what {
        What::Sent {
            attempt,
            id,
            command,
        } => Some((id.as_deref(), *attempt, &**command)),
        _ => None,
    })
}

/// Removes observations of events that the log has no longer.
fn unsee(played: &mut Played) {
    let end: u64 = played
        .log
        .iter()
        .map(|batch| batch.events.len() as u64)
        .sum();
    played.entries.retain(|entry| match entry.what {
        What::Began { seq, .. } | What::Saw { seq, .. } | What::Viewed { seq, .. } => seq <= end,
        What::Resumed { since } => since <= end,
        _ => true,
    });
}

/// Changes the first entry for which `how` returns `Some`.
fn change(played: &mut Played, how: impl FnMut(&mut What) -> Option<()>) -> Option<()> {
    played
        .entries
        .iter_mut()
        .map(|entry| &mut entry.what)
        .find_map(how)
}

/// Removes the first entry that `which` accepts.
fn remove(played: &mut Played, which: impl Fn(&What) -> bool) -> Option<()> {
    let place = played.entries.iter().position(|entry| which(&entry.what));
    played.entries.remove(place?);
    Some(())
}
