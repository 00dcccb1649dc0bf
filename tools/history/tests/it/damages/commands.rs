//! Wrong logs, commands and answers.

use history::{Batch, CanonicalJson, Entry, EntryKind, FindingKind};
use islands_core::bot::{self, Strength};
use islands_core::{Command, Event, Facts, Outcome, Player, PlayerView, decide};
use serde_json::json;

use super::{Damage, acknowledged, change, remove, remove_later_observations, sent};
use crate::played::Played;

pub(super) const DAMAGES: &[Damage] = &[
    (
        "the log has lost its last batch",
        FindingKind::Lost,
        lose_the_last,
    ),
    ("there is no log", FindingKind::Lost, lose_everything),
    (
        "an acknowledgement names the next number",
        FindingKind::Renumbered,
        renumber,
    ),
    (
        "a reply tells of another board",
        FindingKind::RepliedOtherwise,
        reply_otherwise,
    ),
    (
        "an acknowledged command is done again",
        FindingKind::Twice,
        repeat_the_last,
    ),
    (
        "an unanswered command is done again",
        FindingKind::Twice,
        repeat_the_last_unanswered,
    ),
    ("a command was refused", FindingKind::RefusedButDone, refuse),
    (
        "a repeat is refused",
        FindingKind::Forgotten,
        refuse_a_repeat,
    ),
    (
        "no client sent the last batch",
        FindingKind::Invented,
        |played| invent(played, Some("unsent")),
    ),
    (
        "no client sent the last batch, which has no id",
        FindingKind::Invented,
        |played| invent(played, None),
    ),
    (
        "no client opened the game",
        FindingKind::Invented,
        |played| remove(played, |kind| matches!(kind, EntryKind::Opened { .. })),
    ),
    (
        "another cell was guessed",
        FindingKind::OtherThanAsked,
        ask_otherwise,
    ),
    (
        "someone else opened the game",
        FindingKind::OtherThanAsked,
        |played| {
            change(played, |kind| match kind {
                EntryKind::Opened { host, .. } => {
                    host.push('!');
                    Some(())
                }
                _ => None,
            })
        },
    ),
    (
        "a guest was to be there from the start",
        FindingKind::OtherThanAsked,
        |played| {
            change(played, |kind| match kind {
                EntryKind::Opened { guest, .. } => {
                    *guest = Some("Eve".into());
                    Some(())
                }
                _ => None,
            })
        },
    ),
    (
        "a command was sent when it was done",
        FindingKind::OutOfOrder,
        send_late,
    ),
    (
        "a cell is guessed twice",
        FindingKind::Impossible,
        guess_again,
    ),
    ("a hit is a miss", FindingKind::Impossible, miss),
];

fn lose_the_last(played: &mut Played) -> Option<()> {
    let last = played.log.len().checked_sub(1).filter(|last| *last > 0)?;
    acknowledged(played, last)?;
    played.log.pop();
    remove_later_observations(played);
    Some(())
}

fn lose_everything(played: &mut Played) -> Option<()> {
    played.log.clear();
    remove_later_observations(played);
    Some(())
}

fn renumber(played: &mut Played) -> Option<()> {
    let numbered: Vec<u64> = sent(played)
        .filter_map(|(id, number, _)| id.map(|_| number))
        .collect();
    change(played, |kind| match kind {
        EntryKind::Accepted { attempt, seq, .. } if numbered.contains(attempt) => {
            *seq += 1;
            Some(())
        }
        _ => None,
    })
}

fn reply_otherwise(played: &mut Played) -> Option<()> {
    change(played, |kind| match kind {
        EntryKind::Accepted { reply, .. } => {
            *reply = CanonicalJson::of(&json!({"board": {}}));
            Some(())
        }
        _ => None,
    })
}

/// Repeats the last batch, if it positions islands: the rules allow nothing else twice.
fn repeat_the_last(played: &mut Played) -> Option<()> {
    let last = played.log.last()?.clone();
    if !matches!(
        last.events[0],
        Event::IslandPositioned { .. } | Event::IslandsPositioned { .. }
    ) {
        return None;
    }
    acknowledged(played, played.log.len() - 1)?;
    played.log.push(last);
    Some(())
}

fn repeat_the_last_unanswered(played: &mut Played) -> Option<()> {
    repeat_the_last(played)?;
    let id = played.log.last()?.command_id.clone();
    let sent = sent(played).filter(|(sent, ..)| *sent == id.as_deref());
    let numbers: Vec<u64> = sent.map(|(_, number, _)| number).collect();
    played.entries.retain(
        |entry| !matches!(entry.kind, EntryKind::Accepted { attempt, .. } if numbers.contains(&attempt)),
    );
    Some(())
}

fn refuse(played: &mut Played) -> Option<()> {
    let last = played.log.len() - 1;
    let number = acknowledged(played, last)?;
    let id = played.log[last].command_id.clone();
    if sent(played)
        .filter(|(sent, ..)| *sent == id.as_deref())
        .count()
        != 1
    {
        return None;
    }
    change(played, |kind| match kind {
        EntryKind::Accepted { attempt, .. } if *attempt == number => {
            let reason = "not_your_turn".into();
            {
                *kind = EntryKind::Refused {
                    attempt: number,
                    reason,
                };
                Some(())
            }
        }
        _ => None,
    })
}

fn refuse_a_repeat(played: &mut Played) -> Option<()> {
    let last = played.log.len() - 1;
    let number = acknowledged(played, last)?;
    let is_it =
        |entry: &&Entry| matches!(entry.kind, EntryKind::Sent { attempt, .. } if attempt == number);
    let mut again = played.entries.iter().find(is_it)?.clone();
    let attempt = 1_000_000;
    if let EntryKind::Sent {
        attempt: number, ..
    } = &mut again.kind
    {
        *number = attempt;
    }
    played.entries.push(again.clone());
    let reason = "wrong_state".into();
    again.kind = EntryKind::Refused { attempt, reason };
    played.entries.push(again);
    Some(())
}

fn invent(played: &mut Played, id: Option<&str>) -> Option<()> {
    let invented = Player::BOTH.into_iter().find_map(|by| {
        let view = PlayerView::of(&played.game, by);
        let command = bot::next_command(&view, Strength::Random, 7)?;
        // An unanswered command without an id could match the batch.
        let known = sent(played).any(|(id, _, sent)| id.is_none() && *sent == command);
        let events = decide(&played.game, by, command, &Facts::default()).ok()?;
        (!known).then(|| Batch::new(by, id, events))
    });
    played.log.push(invented?);
    Some(())
}

fn ask_otherwise(played: &mut Played) -> Option<()> {
    let done: Vec<String> = played
        .log
        .iter()
        .filter_map(|batch| batch.command_id.clone())
        .collect();
    change(played, |kind| match kind {
        EntryKind::Sent {
            id: Some(id),
            command,
            ..
        } if done.contains(&id.to_string()) => {
            let Command::GuessCoordinate { row, .. } = &mut **command else {
                return None;
            };
            {
                *row = *row % 10 + 1;
                Some(())
            }
        }
        _ => None,
    })
}

fn send_late(played: &mut Played) -> Option<()> {
    let last = played.log.len() - 1;
    let number = acknowledged(played, last)?;
    let id = played.log[last].command_id.clone()?;
    let end: u64 = played
        .log
        .iter()
        .map(|batch| batch.events.len() as u64)
        .sum();
    if sent(played).filter(|(sent, ..)| *sent == Some(&id)).count() != 1 {
        return None;
    }
    let seen = |entry: &Entry| matches!(entry.kind, EntryKind::Saw { seq, .. } if seq == end);
    played.entries.iter().position(seen)?;
    let of_it = |entry: &mut Entry| match entry.kind {
        EntryKind::Sent { attempt, .. } | EntryKind::Accepted { attempt, .. } => attempt == number,
        _ => false,
    };
    let moved: Vec<Entry> = played.entries.extract_if(.., of_it).collect();
    played.entries.extend(moved);
    Some(())
}

fn guess_again(played: &mut Played) -> Option<()> {
    let guessed = |batch: &&Batch| matches!(batch.events[0], Event::CoordinateGuessed(_));
    let mut batch = played.log.iter().find(guessed)?.clone();
    let is_guess = |entry: &&Entry| match &entry.kind {
        EntryKind::Sent { id, .. } => id.is_some() && id.as_deref() == batch.command_id.as_deref(),
        _ => false,
    };
    let mut entry = played.entries.iter().find(is_guess)?.clone();
    if let EntryKind::Sent { attempt, id, .. } = &mut entry.kind {
        (*attempt, *id) = (1_000_000, Some("again".into()));
    }
    batch.command_id = Some("again".into());
    played.entries.push(entry);
    played.log.push(batch);
    Some(())
}

fn miss(played: &mut Played) -> Option<()> {
    let events = played.log.iter_mut().flat_map(|batch| &mut batch.events);
    let mut hits = events.filter_map(|event| match event {
        Event::CoordinateGuessed(guess) if guess.outcome == Outcome::Hit => Some(guess),
        _ => None,
    });
    hits.next()?.outcome = Outcome::Miss;
    Some(())
}
