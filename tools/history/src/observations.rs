//! Checks the events and views that clients received.

use std::collections::HashMap;

use islands_core::{View, Viewer, public_event};

use crate::canonical_json::CanonicalJson;
use crate::check::Findings;
use crate::entry::{Entry, What};
use crate::report::Kind;
use crate::timeline::Timeline;

/// Checks every observation of a game: that each client's events are numbered
/// without a hole, and that each event and view has the content it should.
pub(crate) fn check_observations(
    entries: &[Entry],
    timeline: &Timeline<'_>,
    findings: &mut Findings,
) {
    let mut seen: HashMap<u32, u64> = HashMap::new();
    for entry in entries {
        let Entry { client, viewer, .. } = *entry;
        match &entry.what {
            What::Began { seq, view } => {
                seen.insert(client, *seq);
                check_view(timeline, viewer, *seq, view, findings);
            }
            What::Resumed { since } => {
                seen.insert(client, *since);
            }
            What::Saw { seq, name, told } => {
                let before = seen.insert(client, *seq);
                if before.and_then(|before| before.checked_add(1)) != Some(*seq) {
                    let after = before.map_or("nothing".into(), |before| format!("event {before}"));
                    let what =
                        format!("client {client}, {}, saw it after {after}", name_of(viewer));
                    findings.add(Kind::Hole, Some(*seq), None, what);
                }
                check_event(timeline, viewer, *seq, (name, told), findings);
            }
            What::Viewed { seq, view, last } => {
                check_view(timeline, viewer, *seq, view, findings);
                if *last && *seq < timeline.len() {
                    let log = timeline.len();
                    let what = format!(
                        "the last view of {} ends with it, the log with event {log}",
                        name_of(viewer)
                    );
                    findings.add(Kind::Stale, Some(*seq), None, what);
                }
            }
            What::Opened { .. }
            | What::Computer { .. }
            | What::Sent { .. }
            | What::Accepted { .. }
            | What::Refused { .. } => {}
        }
    }
}

fn check_event(
    timeline: &Timeline<'_>,
    viewer: Viewer,
    seq: u64,
    (name, told): (&str, &CanonicalJson),
    findings: &mut Findings,
) {
    if seq == 0 || seq > timeline.len() {
        let log = timeline.len();
        let what = format!(
            "{} saw {name}, and the log has {log} events",
            name_of(viewer)
        );
        findings.add(Kind::Unstored, Some(seq), None, what);
        return;
    }
    let Some((event, game)) = timeline.at(seq) else {
        return;
    };
    let right = public_event(game, event, viewer);
    let content = CanonicalJson::of(&right);
    if right.name() != name || content != *told {
        let what = format!(
            "{} saw {name}, by the log it is {}: {}",
            name_of(viewer),
            right.name(),
            told.beside(&content)
        );
        findings.add(Kind::SeenOtherwise, Some(seq), None, what);
    }
}

fn check_view(
    timeline: &Timeline<'_>,
    viewer: Viewer,
    seq: u64,
    view: &CanonicalJson,
    findings: &mut Findings,
) {
    if seq == 0 || seq > timeline.len() {
        let log = timeline.len();
        let what = format!(
            "{} has a view with it, and the log has {log} events",
            name_of(viewer)
        );
        findings.add(Kind::Unstored, Some(seq), None, what);
        return;
    }
    let Some(game) = timeline.after(seq) else {
        return;
    };
    let right = CanonicalJson::of(&View::of(game, viewer));
    if right != *view {
        let what = format!("the view of {}: {}", name_of(viewer), view.beside(&right));
        findings.add(Kind::ViewedOtherwise, Some(seq), None, what);
    }
}

fn name_of(viewer: Viewer) -> String {
    match viewer {
        Viewer::Player(player) => player.to_string(),
        Viewer::Spectator => "a spectator".into(),
    }
}
