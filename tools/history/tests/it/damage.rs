//! The checker must find each damage as its own kind, and as no other.

use std::collections::BTreeSet;

use history::FindingKind;

use crate::damages;
use crate::played::Played;

/// Games to which each damage is done.
const GAMES_PER_DAMAGE: usize = 10;

#[test]
fn each_damage_causes_findings_of_its_kind_only() {
    let games: Vec<Played> = (0..150).map(Played::new).collect();
    for (name, kind, damage) in damages::all() {
        let damaged = games
            .iter()
            .cloned()
            .enumerate()
            .filter_map(|(seed, mut played)| {
                damage(&mut played)?;
                Some((seed, played.check()))
            });
        let reports: Vec<_> = damaged.take(GAMES_PER_DAMAGE).collect();
        assert_eq!(
            reports.len(),
            GAMES_PER_DAMAGE,
            "{name}: too few could be damaged so"
        );
        for (seed, report) in reports {
            let findings = &report.findings;
            let kinds: BTreeSet<FindingKind> =
                findings.iter().map(|finding| finding.kind).collect();
            let found = Vec::from_iter(kinds);
            assert_eq!(found, [*kind], "{name}, game {seed}: {findings:#?}");
            assert_eq!(report.lost > 0, *kind == FindingKind::Lost, "{name}");
            assert_eq!(
                report.invented > 0,
                *kind == FindingKind::Invented,
                "{name}"
            );
        }
    }
}

#[test]
fn every_kind_of_finding_has_a_damage() {
    let found: BTreeSet<FindingKind> = damages::all().map(|(_, kind, _)| *kind).collect();
    let all = [
        FindingKind::Lost,
        FindingKind::Renumbered,
        FindingKind::RepliedOtherwise,
        FindingKind::Twice,
        FindingKind::RefusedButDone,
        FindingKind::Forgotten,
        FindingKind::Invented,
        FindingKind::OtherThanAsked,
        FindingKind::OutOfOrder,
        FindingKind::Impossible,
        FindingKind::Hole,
        FindingKind::SeenOtherwise,
        FindingKind::Unstored,
        FindingKind::ViewedOtherwise,
        FindingKind::Stale,
    ];
    assert_eq!(Vec::from_iter(found), all);
}

#[test]
fn a_finding_names_game_event_command_and_difference() {
    let (_, kind, lose) = damages::all().next().expect("one");
    let finding = (0..300).find_map(|seed| {
        let mut played = Played::new(seed);
        lose(&mut played)?;
        played.check().findings.pop()
    });
    let finding = finding.expect("a finding");
    let (seq, id) = (finding.seq.unwrap(), finding.command.clone().unwrap());
    let said = finding.to_string();
    assert_eq!(
        said,
        format!(
            "game {}, event {seq}, command {id}: {kind}: acknowledged with number {seq}, and it is not in the log",
            finding.game
        )
    );
}
