//! Checks the events and views that clients received.

use std::collections::HashMap;

use islands_core::{View, Viewer, public_event};

use crate::canonical_json::CanonicalJson;
use crate::check::Findings;
use crate::entry::{Entry, EntryKind};
use crate::report::FindingKind;
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
        match &entry.kind {
            EntryKind::Began { seq, view } => {
                seen.insert(client, *seq);
                check_view(timeline, viewer, *seq, view, findings);
            }
            EntryKind::Resumed { since } => {
                seen.insert(client, *since);
            }
            EntryKind::Saw { seq, name, event } => {
                let before = seen.insert(client, *seq);
                if before.and_then(|before| before.checked_add(1)) != Some(*seq) {
                    let after = before.map_or("nothing".into(), |before| format!("event {before}"));
                    let detail =
                        format!("client {client}, {}, saw it after {after}", name_of(viewer));
                    findings.add(FindingKind::Hole, Some(*seq), None, detail);
                }
                check_event(timeline, viewer, *seq, (name, event), findings);
            }
            EntryKind::Viewed { seq, view, last } => {
                check_view(timeline, viewer, *seq, view, findings);
                if *last && *seq < timeline.len() {
                    let log = timeline.len();
                    let detail = format!(
                        "the last view of {} ends with it, the log with event {log}",
                        name_of(viewer)
                    );
                    findings.add(FindingKind::Stale, Some(*seq), None, detail);
                }
            }
            EntryKind::Opened { .. }
            | EntryKind::Computer { .. }
            | EntryKind::Sent { .. }
            | EntryKind::Accepted { .. }
            | EntryKind::Refused { .. } => {}
        }
    }
}

fn check_event(
    timeline: &Timeline<'_>,
    viewer: Viewer,
    seq: u64,
    (name, observed): (&str, &CanonicalJson),
    findings: &mut Findings,
) {
    if seq == 0 || seq > timeline.len() {
        let log = timeline.len();
        let detail = format!(
            "{} saw {name}, and the log has {log} events",
            name_of(viewer)
        );
        findings.add(FindingKind::Unstored, Some(seq), None, detail);
        return;
    }
    let Some((event, game)) = timeline.at(seq) else {
        return;
    };
    let expected = public_event(game, event, viewer);
    let content = CanonicalJson::of(&expected);
    if expected.name() != name || content != *observed {
        let detail = format!(
            "{} saw {name}, by the log it is {}: {}",
            name_of(viewer),
            expected.name(),
            observed.differences_from(&content)
        );
        findings.add(FindingKind::SeenOtherwise, Some(seq), None, detail);
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
        let detail = format!(
            "{} has a view with it, and the log has {log} events",
            name_of(viewer)
        );
        findings.add(FindingKind::Unstored, Some(seq), None, detail);
        return;
    }
    let Some(game) = timeline.after(seq) else {
        return;
    };
    let expected = CanonicalJson::of(&View::of(game, viewer));
    if expected != *view {
        let detail = format!(
            "the view of {}: {}",
            name_of(viewer),
            view.differences_from(&expected)
        );
        findings.add(FindingKind::ViewedOtherwise, Some(seq), None, detail);
    }
}

fn name_of(viewer: Viewer) -> String {
    match viewer {
        Viewer::Player(player) => player.to_string(),
        Viewer::Spectator => "a spectator".into(),
    }
}
