//! Wrong events and views.

use history::{CanonicalJson, Entry, EntryKind, FindingKind};
use islands_core::{Event, Player, View, Viewer};
use serde_json::json;

use super::{Damage, change};
use crate::played::Played;

pub(super) const DAMAGES: &[Damage] = &[
    ("a client misses an event", FindingKind::Hole, |played| {
        let (_, second) = consecutive(played)?;
        played.entries.remove(second);
        Some(())
    }),
    (
        "a client hears two events in the wrong order",
        FindingKind::Hole,
        |played| {
            let (first, second) = consecutive(played)?;
            played.entries.swap(first, second);
            Some(())
        },
    ),
    (
        "a client receives an event twice",
        FindingKind::Hole,
        |played| {
            let (first, _) = consecutive(played)?;
            played.entries.insert(first, played.entries[first].clone());
            Some(())
        },
    ),
    (
        "a client that resumes misses an event",
        FindingKind::Hole,
        resume_late,
    ),
    (
        "a client hears of events before it listens",
        FindingKind::Hole,
        |played| {
            let (first, _) = consecutive(played)?;
            played.entries[first].client = 1_000;
            Some(())
        },
    ),
    (
        "a client hears of another name",
        FindingKind::SeenOtherwise,
        |played| {
            change(played, |kind| match kind {
                EntryKind::Saw { name, .. } => {
                    *name = "player_gone".into();
                    Some(())
                }
                _ => None,
            })
        },
    ),
    (
        "a client hears of something else",
        FindingKind::SeenOtherwise,
        |played| {
            change(played, |kind| match kind {
                EntryKind::Saw { event, .. } => {
                    *event = CanonicalJson::of(&json!({"player": "player3"}));
                    Some(())
                }
                _ => None,
            })
        },
    ),
    (
        "the opponent sees where islands are",
        FindingKind::SeenOtherwise,
        show_islands,
    ),
    (
        "a client sees what is not stored",
        FindingKind::Unstored,
        |played| {
            add_observation(played, |seq| EntryKind::Saw {
                seq,
                name: "player_added".into(),
                event: CanonicalJson::of(&json!({})),
            })
        },
    ),
    (
        "a view is ahead of the log",
        FindingKind::Unstored,
        |played| {
            add_observation(played, |seq| EntryKind::Viewed {
                seq,
                view: CanonicalJson::of(&json!({})),
                last: true,
            })
        },
    ),
    (
        "a spectator has a player's view",
        FindingKind::ViewedOtherwise,
        show_a_players_view,
    ),
    (
        "a view is of another number",
        FindingKind::ViewedOtherwise,
        |played| {
            change(played, |kind| match kind {
                EntryKind::Viewed { seq, .. } if *seq > 1 => {
                    *seq -= 1;
                    Some(())
                }
                _ => None,
            })
        },
    ),
    (
        "the last view is older than the log",
        FindingKind::Stale,
        view_too_early,
    ),
];

fn resume_late(played: &mut Played) -> Option<()> {
    let entries = &played.entries;
    let hears_next = |at: &usize| {
        let mut next = entries[at + 1..]
            .iter()
            .filter(|entry| entry.client == entries[*at].client);
        matches!(
            next.next().map(|entry| &entry.kind),
            Some(EntryKind::Saw { .. })
        )
    };
    let mut resumed =
        (0..entries.len()).filter(|at| matches!(entries[*at].kind, EntryKind::Resumed { .. }));
    let at = resumed.find(hears_next)?;
    if let EntryKind::Resumed { since } = &mut played.entries[at].kind {
        *since -= 1;
    }
    Some(())
}

fn show_islands(played: &mut Played) -> Option<()> {
    let shown = played.entries.iter().find_map(|entry| match &entry.kind {
        EntryKind::Saw { seq, event, .. } if event.as_str().contains("islands") => {
            Some((*seq, event.clone()))
        }
        _ => None,
    });
    let (shown, islands) = shown?;
    change(played, |kind| match kind {
        EntryKind::Saw { seq, event, .. } if *seq == shown && *event != islands => {
            *event = islands.clone();
            Some(())
        }
        _ => None,
    })
}

fn show_a_players_view(played: &mut Played) -> Option<()> {
    let game = played.game.clone();
    let mut entries = played.entries.iter_mut();
    let watching = entries.find_map(|entry| match &mut entry.kind {
        EntryKind::Began { seq, view }
            if *seq == game.seq() && entry.viewer == Viewer::Spectator =>
        {
            Some(view)
        }
        _ => None,
    });
    *watching? = CanonicalJson::of(&View::of(&game, Viewer::Player(Player::Two)));
    Some(())
}

fn add_observation(played: &mut Played, kind: impl FnOnce(u64) -> EntryKind) -> Option<()> {
    let seen = played.entries.iter().rposition(
        |entry| matches!(entry.kind, EntryKind::Saw { seq, .. } if seq == played.game.seq()),
    );
    let mut more = played.entries[seen?].clone();
    more.kind = kind(played.game.seq() + 1);
    let later = |entry: &mut Entry| entry.client == more.client && !is_command(&entry.kind);
    let first = seen? + 1;
    drop(
        played
            .entries
            .extract_if(first.., later)
            .collect::<Vec<_>>(),
    );
    played.entries.push(more);
    Some(())
}

fn view_too_early(played: &mut Played) -> Option<()> {
    let events: Vec<Event> = played
        .log
        .iter()
        .flat_map(|batch| batch.events.clone())
        .collect();
    let (_, earlier) = events.split_last()?;
    let game = islands_core::replay(earlier).ok()?;
    let mut late = played.entries.last()?.clone();
    let view = CanonicalJson::of(&View::of(&game, late.viewer));
    let seq = game.seq();
    late.kind = EntryKind::Viewed {
        seq,
        view,
        last: true,
    };
    played.entries.push(late);
    Some(())
}

/// Returns two neighbouring entries in which a client sees consecutive events; the
/// entry after them is the client's next event.
fn consecutive(played: &Played) -> Option<(usize, usize)> {
    let saw = |entry: &Entry| match entry.kind {
        EntryKind::Saw { seq, .. } => Some((entry.client, seq)),
        _ => None,
    };
    let entries = &played.entries;
    (2..entries.len()).map(|third| third - 2).find_map(|first| {
        let (client, seq) = saw(&entries[first])?;
        let follow = [saw(&entries[first + 1])?, saw(&entries[first + 2])?];
        (follow == [(client, seq + 1), (client, seq + 2)]).then_some((first, first + 1))
    })
}

fn is_command(kind: &EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::Sent { .. } | EntryKind::Accepted { .. } | EntryKind::Refused { .. }
    )
}
