//! Check, export and import: each damaged game is named, and no other is left out.

use std::path::Path;
use std::sync::Arc;

use islands_core::GameId;
use islands_engine::journal::Journal;
use islands_journal::maintenance::{self, ImportError, exported_games};
use islands_journal::{OpenErrorKind, RedbJournal};

use crate::file::file;
use crate::tampering::tamper;
use islands_engine::testing::samples::must_append;
use islands_engine::testing::samples::{batch, game_id, played_game};

/// Fills a file with `games` whole games.
async fn filled(path: &Path, games: u64) {
    let journal = Arc::new(RedbJournal::open(path).expect("a journal"));
    let appends = (0..games).map(|number| {
        let journal = Arc::clone(&journal);
        tokio::spawn(async move {
            let mut expected = 0;
            for batch in played_game(number) {
                let events = batch.events.len() as u64;
                must_append(&*journal, game_id(number), expected, batch).await;
                expected += events;
            }
        })
    });
    for append in appends.collect::<Vec<_>>() {
        append.await.expect("no panic");
    }
}

/// Returns the problems that a check reports, and its summary.
fn checked(path: &Path) -> (Vec<String>, String) {
    let mut problems = Vec::new();
    let summary = maintenance::check(path, &mut |line| problems.push(line.to_owned()));
    let summary = summary.expect("a journal");
    assert_eq!(summary.is_sound(), problems.is_empty());
    (problems, summary.to_string())
}

/// Returns the lines of an export, and the problems that it reports.
fn exported(path: &Path) -> (String, Vec<String>) {
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    maintenance::export(path, &mut lines, &mut |line| problems.push(line.to_owned()))
        .expect("a journal");
    (String::from_utf8(lines).expect("text"), problems)
}

/// Returns the record of a line of JSON: its checksum and the line.
fn sealed(game: GameId, last: u64, json: &str) -> Vec<u8> {
    let covered = [&game.to_bytes()[..], &last.to_le_bytes(), json.as_bytes()].concat();
    let crc = crc32fast::hash(&covered).to_le_bytes();
    [&crc, json.as_bytes()].concat()
}

#[tokio::test]
async fn each_damaged_game_is_reported_with_its_event_and_cause() {
    let (_folder, path) = file();
    filled(&path, 8).await;
    // The number of the last event of the batch that is `back` batches from the end.
    let last = |number, back| -> u64 {
        let log = played_game(number);
        let events = log[..log.len() - back].iter().map(|it| it.events.len());
        events.sum::<usize>() as u64
    };
    tamper(&path, |tables| {
        tables.flip(tables.back(game_id(0), 3));
        tables.rows.remove(tables.back(game_id(1), 2)).unwrap();
        let unknown = r#"{"v":1,"at":0,"by":"player1","events":[{"tide_came_in":{}}]}"#;
        let unknown = sealed(game_id(2), last(2, 0), unknown);
        tables.replace(tables.back(game_id(2), 0), &unknown);
        let newer = sealed(game_id(3), last(3, 0), r#"{"v":9,"tides":[]}"#);
        tables.replace(tables.back(game_id(3), 0), &newer);
        tables.heads.remove(&game_id(4).to_bytes()).unwrap();
        tables.change_head(game_id(5), |head| head[0] ^= 1);
        let head = tables.head(game_id(6));
        tables.heads.insert(&game_id(31).to_bytes(), &head).unwrap();
        tables.firsts.insert(&game_id(30).to_bytes(), 1).unwrap();
    });
    let before = std::fs::read(&path).unwrap();
    let (problems, summary) = checked(&path);
    let of = |number, back| format!("event {} of game", last(number, back));
    let expected = [
        (0, of(0, 3), "checksum"),
        (1, of(1, 2), "the row is missing"),
        (2, of(2, 0), "unknown variant `tide_came_in`"),
        (3, of(3, 0), "record version 9 is newer"),
        (4, "game".into(), "its head is missing"),
        (5, "game".into(), "checksum of its head does not match"),
        (30, "game".into(), "its head is missing"),
        (31, "game".into(), "its first row is not recorded"),
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (line, (number, place, what)) in problems.iter().zip(expected) {
        for part in [&game_id(number).to_string(), place.as_str(), what] {
            assert!(line.contains(part), "{part:?} is not in {line:?}");
        }
    }
    assert!(summary.starts_with("10 games, "), "{summary}");
    assert!(summary.ends_with(" events, 8 damaged"), "{summary}");
    assert_eq!(std::fs::read(&path).unwrap(), before, "it is left as it is");

    let (lines, left_out) = exported(&path);
    assert_eq!(left_out, problems);
    let games: Vec<_> = exported_games(lines.as_bytes())
        .map(|game| game.unwrap())
        .collect();
    let ids: Vec<_> = games.iter().map(|game| game.id).collect();
    assert_eq!(ids, [game_id(6), game_id(7)]);
    assert_eq!(games[0].batches, played_game(6));
}

#[tokio::test]
async fn an_outdated_head_damages_its_game() {
    let (_folder, path) = file();
    filled(&path, 3).await;
    let older = {
        let mut older = None;
        tamper(&path, |tables| older = Some(tables.head(game_id(1))));
        older.expect("a head")
    };
    {
        let journal = RedbJournal::open(&path).unwrap();
        let seq = u64::from_le_bytes(older[..8].try_into().unwrap());
        must_append(&journal, game_id(1), seq, batch(1)).await;
    }
    tamper(&path, |tables| {
        tables.change_head(game_id(1), |head| *head = older);
    });
    let (problems, summary) = checked(&path);
    let [outdated] = &problems[..] else {
        panic!("{problems:?}");
    };
    assert!(outdated.contains(&game_id(1).to_string()) && outdated.contains("outdated"));
    assert!(summary.ends_with(" 1 damaged"), "{summary}");
    let (lines, left_out) = exported(&path);
    assert_eq!(left_out, problems);
    assert!(!lines.contains(&game_id(1).to_string()));
}

#[tokio::test]
async fn a_row_of_no_game_is_found() {
    let (_folder, path) = file();
    filled(&path, 2).await;
    tamper(&path, |tables| {
        let (_, record) = tables.row(1);
        tables.rows.insert(1_000, (1, &*record)).unwrap();
    });
    let (problems, summary) = checked(&path);
    let [left_over] = &problems[..] else {
        panic!("{problems:?}");
    };
    assert!(left_over.contains(" rows "), "{left_over}");
    assert!(summary.starts_with("2 games, "), "{summary}");
}

#[tokio::test]
async fn a_log_that_no_rules_allow_is_damaged() {
    let (_folder, path) = file();
    filled(&path, 1).await;
    {
        let journal = RedbJournal::open(&path).unwrap();
        let opening = played_game(0)[0].clone();
        must_append(&journal, game_id(1), 0, opening).await;
        must_append(&journal, game_id(1), 1, batch(2)).await;
        must_append(&journal, game_id(2), 0, batch(2)).await;
    }
    let (problems, summary) = checked(&path);
    let [impossible, unopened] = problems.try_into().unwrap();
    assert!(
        impossible.contains("event 2 could not have happened"),
        "{impossible}"
    );
    assert!(unopened.contains("no opening"), "{unopened}");
    assert!(summary.starts_with("3 games, ") && summary.ends_with(", 2 damaged"));
}

#[tokio::test]
async fn damaged_pages_are_found_even_if_no_game_is_damaged() {
    let (_folder, path) = file();
    filled(&path, 8).await;
    let bytes = std::fs::read(&path).unwrap();
    let whole: Vec<_> = (0..8).map(played_game).collect();
    let used: Vec<_> = (320..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    let mut rng = islands_core::Rng::new(3);
    let mut found = 0;
    for _ in 0..25 {
        let mut damaged = bytes.clone();
        let place = rng.pick(&used).unwrap();
        damaged[place] ^= 1 << (rng.next_u64() % 8);
        std::fs::write(&path, damaged).unwrap();
        let Ok(summary) = maintenance::check(&path, &mut |_| {}) else {
            found += 1;
            continue;
        };
        found += usize::from(!summary.is_sound());
        let mut lines = Vec::new();
        maintenance::export(&path, &mut lines, &mut |_| {}).unwrap();
        for game in exported_games(lines.as_slice()) {
            assert!(whole.contains(&game.unwrap().batches), "byte {place}");
        }
        let journal = RedbJournal::open(&path);
        let is_hurt = |journal: RedbJournal| async move {
            for number in 0..8 {
                if journal.load(game_id(number), 0).await.is_err() {
                    return true;
                }
            }
            false
        };
        let hurt = match journal {
            Ok(journal) => is_hurt(journal).await,
            Err(_) => true,
        };
        assert!(!hurt || !summary.is_sound(), "byte {place}");
    }
    assert!(found > 3, "{found}");
}

#[tokio::test]
async fn a_file_in_use_or_of_another_format_is_refused() {
    let (_folder, path) = file();
    let missing = maintenance::check(&path, &mut |_| {}).unwrap_err();
    assert!(matches!(missing.kind, OpenErrorKind::Io(_)), "{missing}");
    assert!(!path.exists(), "and not made");
    let journal = RedbJournal::open(&path).unwrap();
    let in_use = maintenance::check(&path, &mut |_| {}).unwrap_err();
    assert!(matches!(in_use.kind, OpenErrorKind::Locked), "{in_use}");
    drop(journal);
    assert_eq!(checked(&path).1, "0 games, 0 events, 0 damaged");
    std::fs::write(&path, "Dear diary".repeat(1000)).unwrap();
    let diary = maintenance::check(&path, &mut |_| {}).unwrap_err();
    assert!(matches!(diary.kind, OpenErrorKind::Damaged(_)), "{diary}");
}

/// Checks that an import of these lines into a new file is refused.
#[track_caller]
fn check_refused(lines: &str, says: &str) {
    let (_folder, path) = file();
    let refused = maintenance::import(lines.as_bytes(), &path).expect_err("lines that are refused");
    let ImportError::Line(what) = refused else {
        panic!("{refused}");
    };
    assert!(what.contains(says), "{says:?} is not in {what:?}");
    let (_, summary) = checked(&path);
    assert!(summary.ends_with(" 0 damaged"), "{summary}");
}

#[tokio::test]
async fn altered_lines_are_refused() {
    let (_folder, path) = file();
    filled(&path, 2).await;
    let (lines, _) = exported(&path);
    let all: Vec<_> = lines.lines().collect();
    let without = |number: usize| [&all[..number], &all[number + 1..]].concat().join("\n");
    let id = game_id(0).to_string();
    check_refused(&without(3), "line 4: event 5 of game");
    check_refused(&without(0), "line 1: event 2 of game");
    check_refused(
        &all[..5].join("\n"),
        &format!("game {id} is cut off: event 5 of"),
    );
    check_refused(
        &without(all.len() - 1),
        "how many games there are; 2 came before",
    );
    let second = all.iter().position(|line| !line.contains(&id)).unwrap();
    check_refused(&all[second..].join("\n"), "2 games with");
    check_refused(&lines.replacen("player1", "player2", 1), "checksum");
    check_refused(&lines.replacen("\"last\":1,", "\"last\":2,", 1), "checksum");
    check_refused(
        &lines.replacen("\"of\":", "\"of\":1", 1),
        "events in one line and",
    );
    check_refused("{}", "line 1: missing field");
    check_refused(&"x".repeat(100_000), "longer than 65536 bytes");
}

#[tokio::test]
async fn an_import_does_not_replace_a_game_with_another_log() {
    let (_folder, path) = file();
    filled(&path, 3).await;
    let (lines, _) = exported(&path);
    let (_other_folder, other) = file();
    {
        let journal = RedbJournal::open(&other).unwrap();
        must_append(&journal, game_id(1), 0, played_game(1)[0].clone()).await;
    }
    let refused = maintenance::import(lines.as_bytes(), &other).unwrap_err();
    assert!(
        matches!(refused, ImportError::Taken(id) if id == game_id(1)),
        "{refused}"
    );
    let journal = RedbJournal::open(&other).unwrap();
    assert_eq!(
        journal.load(game_id(1), 0).await.unwrap(),
        played_game(1)[..1]
    );
}
