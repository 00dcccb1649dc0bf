//! The checker must find each damage as its own kind, and as no other.

use std::collections::BTreeSet;

use history::Kind;

use crate::damages;
use crate::played::Played;

/// Games to which each damage is done.
const ENOUGH: usize = 10;

#[test]
fn every_damage_is_found_as_what_it_is_and_as_nothing_else() {
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
        let reports: Vec<_> = damaged.take(ENOUGH).collect();
        assert_eq!(reports.len(), ENOUGH, "{name}: too few could be damaged so");
        for (seed, report) in reports {
            let findings = &report.findings;
            let kinds: BTreeSet<Kind> = findings.iter().map(|finding| finding.kind).collect();
            let found = Vec::from_iter(kinds);
            assert_eq!(found, [*kind], "{name}, game {seed}: {findings:#?}");
            assert_eq!(report.lost > 0, *kind == Kind::Lost, "{name}");
            assert_eq!(report.invented > 0, *kind == Kind::Invented, "{name}");
        }
    }
}

#[test]
fn every_kind_of_finding_is_in_the_table() {
    let found: BTreeSet<Kind> = damages::all().map(|(_, kind, _)| *kind).collect();
    let all = [
        Kind::Lost,
        Kind::Renumbered,
        Kind::RepliedOtherwise,
        Kind::Twice,
        Kind::RefusedButDone,
        Kind::Forgotten,
        Kind::Invented,
        Kind::OtherThanAsked,
        Kind::OutOfOrder,
        Kind::Impossible,
        Kind::Hole,
        Kind::SeenOtherwise,
        Kind::Unstored,
        Kind::ViewedOtherwise,
        Kind::Stale,
    ];
    assert_eq!(Vec::from_iter(found), all);
}

#[test]
fn a_finding_names_the_game_the_event_the_command_and_what_is_wrong() {
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
