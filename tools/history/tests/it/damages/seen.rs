//! Wrong events and views.

use history::{CanonicalJson, Entry, Kind, What};
use islands_core::{Event, Player, View, Viewer};
use serde_json::json;

use super::{Damage, change};
use crate::played::Played;

pub(super) const DAMAGES: &[Damage] = &[
    ("a client misses an event", Kind::Hole, |played| {
        let (_, second) = consecutive(played)?;
        played.entries.remove(second);
        Some(())
    }),
    (
        "a client hears two events in the wrong order",
        Kind::Hole,
        |played| {
            let (first, second) = consecutive(played)?;
            played.entries.swap(first, second);
            Some(())
        },
    ),
    ("a client hears an event twice", Kind::Hole, |played| {
        let (first, _) = consecutive(played)?;
        played.entries.insert(first, played.entries[first].clone());
        Some(())
    }),
    (
        "a client that resumes misses an event",
        Kind::Hole,
        resume_late,
    ),
    (
        "a client hears of events before it listens",
        Kind::Hole,
        |played| {
            let (first, _) = consecutive(played)?;
            played.entries[first].client = 1_000;
            Some(())
        },
    ),
    (
        "a client hears of another name",
        Kind::SeenOtherwise,
        |played| {
            change(played, |what| match what {
                What::Saw { name, .. } => {
                    *name = "player_gone".into();
                    Some(())
                }
                _ => None,
            })
        },
    ),
    (
        "a client hears of something else",
        Kind::SeenOtherwise,
        |played| {
            change(played, |what| match what {
                What::Saw { told, .. } => {
                    *told = CanonicalJson::of(&json!({"player": "player3"}));
                    Some(())
                }
                _ => None,
            })
        },
    ),
    (
        "the opponent sees where islands are",
        Kind::SeenOtherwise,
        show_islands,
    ),
    (
        "a client sees what is not stored",
        Kind::Unstored,
        |played| {
            see_more(played, |seq| What::Saw {
                seq,
                name: "player_added".into(),
                told: CanonicalJson::of(&json!({})),
            })
        },
    ),
    ("a view is ahead of the log", Kind::Unstored, |played| {
        see_more(played, |seq| What::Viewed {
            seq,
            view: CanonicalJson::of(&json!({})),
            last: true,
        })
    }),
    (
        "a spectator has a player's view",
        Kind::ViewedOtherwise,
        show_a_players_view,
    ),
    (
        "a view is of another number",
        Kind::ViewedOtherwise,
        |played| {
            change(played, |what| match what {
                What::Viewed { seq, .. } if *seq > 1 => {
                    *seq -= 1;
                    Some(())
                }
                _ => None,
            })
        },
    ),
    (
        "the last view is older than the log",
        Kind::Stale,
        look_too_early,
    ),
];

fn resume_late(played: &mut Played) -> Option<()> {
    let entries = &played.entries;
    let hears_next = |at: &usize| {
        let mut next = entries[at + 1..]
            .iter()
            .filter(|entry| entry.client == entries[*at].client);
        matches!(next.next().map(|entry| &entry.what), Some(What::Saw { .. }))
    };
    let mut resumed =
        (0..entries.len()).filter(|at| matches!(entries[*at].what, What::Resumed { .. }));
    let at = resumed.find(hears_next)?;
    if let What::Resumed { since } = &mut played.entries[at].what {
        *since -= 1;
    }
    Some(())
}

fn show_islands(played: &mut Played) -> Option<()> {
    let shown = played.entries.iter().find_map(|entry| match &entry.what {
        What::Saw { seq, told, .. } if told.as_str().contains("islands") => {
            Some((*seq, told.clone()))
        }
        _ => None,
    });
    let (shown, islands) = shown?;
    change(played, |what| match what {
        What::Saw { seq, told, .. } if *seq == shown && *told != islands => {
            *told = islands.clone();
            Some(())
        }
        _ => None,
    })
}

fn show_a_players_view(played: &mut Played) -> Option<()> {
    let game = played.game.clone();
    let mut entries = played.entries.iter_mut();
    let watching = entries.find_map(|entry| match &mut entry.what {
        What::Began { seq, view } if *seq == game.seq() && entry.viewer == Viewer::Spectator => {
            Some(view)
        }
        _ => None,
    });
    *watching? = CanonicalJson::of(&View::of(&game, Viewer::Player(Player::Two)));
    Some(())
}

fn see_more(played: &mut Played, what: impl FnOnce(u64) -> What) -> Option<()> {
    let seen = played
        .entries
        .iter()
        .rposition(|entry| matches!(entry.what, What::Saw { seq, .. } if seq == played.game.seq()));
    let mut more = played.entries[seen?].clone();
    more.what = what(played.game.seq() + 1);
    let later = |entry: &mut Entry| entry.client == more.client && !is_command(&entry.what);
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

fn look_too_early(played: &mut Played) -> Option<()> {
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
    late.what = What::Viewed {
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
    let saw = |entry: &Entry| match entry.what {
        What::Saw { seq, .. } => Some((entry.client, seq)),
        _ => None,
    };
    let entries = &played.entries;
    (2..entries.len()).map(|third| third - 2).find_map(|first| {
        let (client, seq) = saw(&entries[first])?;
        let follow = [saw(&entries[first + 1])?, saw(&entries[first + 2])?];
        (follow == [(client, seq + 1), (client, seq + 2)]).then_some((first, first + 1))
    })
}

fn is_command(what: &What) -> bool {
    matches!(
        what,
        What::Sent { .. } | What::Accepted { .. } | What::Refused { .. }
    )
}
