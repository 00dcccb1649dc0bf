//! Golden files: a journal of version 1 stays readable for ever, as a file and as lines.
//!
//! The first program with this format wrote `journal.version-1`, and `journal.jsonl` is
//! its export: every kind of event, configurations with and without a computer, commands with
//! and without an id. Neither file may ever change.

use std::path::{Path, PathBuf};

use islands_core::{Event, GameId, Player, PublicView, Reason, replay};
use islands_journal::maintenance::{self, ExportedGame, exported_games};

use islands_engine::journal::Journal;
use islands_engine::testing::samples::{count_forgotten, retain_since};
use islands_journal::RedbJournal;
use tempfile::TempDir;

pub(crate) const FILE: &[u8] = include_bytes!("journal.version-1");
const LINES: &str = include_str!("journal.jsonl");

/// The test that was exported from a game of this journal.
const TEST: &str = include_str!("../../game_ugq2dinbugq2dinb.rs");

/// The winner of a game and the reason; `None` if the game has not ended.
type Ended = Option<(Player, Reason)>;

/// Each game's id, the number of its last event, and how it ended.
const GAMES: [(&str, u64, Ended); 5] = [
    (
        "ucqkbifaucqkbifa",
        138,
        Some((Player::Two, Reason::Forested)),
    ),
    (
        "ugq2dinbugq2dinb",
        34,
        Some((Player::Two, Reason::Resigned)),
    ),
    (
        "ukrkfivcukrkfivc",
        34,
        Some((Player::One, Reason::Abandoned)),
    ),
    ("ydambqgaydambqga", 7, None),
    ("yha4dqobyha4dqob", 4, None),
];

fn copy() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.redb");
    std::fs::write(&path, FILE).expect("a file");
    (folder, path)
}

fn games() -> Vec<ExportedGame> {
    let games: Result<_, _> = exported_games(LINES.as_bytes()).collect();
    games.expect("sound lines")
}

fn exported(path: &Path) -> String {
    let mut lines = Vec::new();
    let mut report = |problem: &str| panic!("{problem}");
    let summary = maintenance::export(path, &mut lines, &mut report).expect("a journal");
    assert!(summary.is_sound());
    String::from_utf8(lines).expect("text")
}

#[test]
fn its_lines_are_these_games() {
    let games = games();
    assert_eq!(games.len(), GAMES.len());
    for (game, (id, last, ending)) in games.into_iter().zip(GAMES) {
        assert_eq!(game.id.to_string(), id);
        let events: Vec<Event> = game
            .batches
            .into_iter()
            .flat_map(|batch| batch.events)
            .collect();
        assert_eq!(events.len() as u64, last);
        let view = PublicView::of(&replay(&events).expect("a game by the rules"));
        assert_eq!(
            view.winner.map(|ending| (ending.winner, ending.reason)),
            ending,
            "{id}"
        );
    }
}

#[test]
fn it_holds_everything_that_a_journal_can_hold() {
    for name in [
        "game_created",
        "player_added",
        "island_positioned",
        "islands_positioned",
        "islands_set",
        "coordinate_guessed",
        "game_won",
        "player_resigned",
        "win_claimed",
        "rematch_requested",
        "rematch_started",
    ] {
        assert!(LINES.contains(&format!("{{\"{name}\":")), "{name}");
    }
    let batches: Vec<_> = games().into_iter().flat_map(|game| game.batches).collect();
    let configs: Vec<_> = batches.iter().filter_map(|batch| batch.config).collect();
    assert!(configs.iter().any(|config| config.bot.is_none()));
    assert!(configs.iter().any(|config| config.bot.is_some()));
    assert!(batches.iter().any(|batch| batch.command_id.is_none()));
    assert!(batches.iter().any(|batch| batch.command_id.is_some()));
}

#[tokio::test]
async fn its_file_is_opened_and_has_these_games() {
    let (_folder, path) = copy();
    for _ in 0..2 {
        let journal = RedbJournal::open(&path).expect("a journal");
        for game in games() {
            assert_eq!(journal.load(game.id, 0).await, Ok(game.batches));
        }
    }
    assert_eq!(exported(&path), LINES);
}

#[tokio::test]
async fn its_games_go_on_and_are_forgotten() {
    let (_folder, path) = copy();
    let journal = RedbJournal::open(&path).expect("a journal");
    let id: GameId = GAMES[3].0.parse().expect("an id");
    let log = journal.load(id, 0).await.expect("a log");
    let again = log.last().expect("a batch").clone();
    assert_eq!(journal.append(id, 7, again).await, Ok(()));
    let a_day = std::time::Duration::from_secs(86_400);
    let forgotten = count_forgotten(&journal, retain_since(std::time::UNIX_EPOCH + a_day)).await;
    assert_eq!(forgotten, 3);
    assert_eq!(journal.load(id, 0).await.expect("a log").len(), 8);
}

#[test]
fn it_is_checked_and_exported_without_being_changed() {
    let (_folder, path) = copy();
    let summary = maintenance::check(&path, &mut |problem| panic!("{problem}")).expect("a journal");
    assert_eq!(summary.to_string(), "5 games, 217 events, 0 damaged");
    assert_eq!(exported(&path), LINES);
    assert_eq!(std::fs::read(&path).expect("a file"), FILE);
}

#[test]
fn a_file_that_has_lost_its_last_rows_is_refused() {
    let (_folder, path) = copy();
    let mut bytes = FILE.to_vec();
    // The watermark: the last acknowledged row, at the end of the first page.
    let row = u64::from_le_bytes(bytes[4084..4092].try_into().expect("8 bytes")) + 1;
    bytes[4084..4092].copy_from_slice(&row.to_le_bytes());
    let checksum = crc32fast::hash(&row.to_le_bytes());
    bytes[4092..4096].copy_from_slice(&checksum.to_le_bytes());
    std::fs::write(&path, bytes).expect("a file");
    let checked = maintenance::check(&path, &mut |_| {}).expect("a journal");
    assert_eq!((checked.games, checked.problems), (GAMES.len() as u64, 1));
    for _ in 0..2 {
        let refused = RedbJournal::open(&path).expect_err("no journal");
        assert!(refused.to_string().contains("are gone"), "{refused}");
    }
}

#[test]
fn an_import_is_exported_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new.redb");
    assert_eq!(
        maintenance::import(LINES.as_bytes(), &path).expect("games"),
        5
    );
    assert_eq!(exported(&path), LINES);
    let twice = [LINES, LINES].concat();
    assert_eq!(
        maintenance::import(twice.as_bytes(), &path).expect("games"),
        0
    );
    assert_eq!(exported(&path), LINES);
}

#[test]
fn a_game_becomes_this_test() {
    let (_folder, path) = copy();
    let mut test = Vec::new();
    let id = GAMES[1].0.parse().expect("an id");
    maintenance::export_as_test(&path, id, &mut test).expect("a test");
    assert_eq!(String::from_utf8(test).expect("text"), TEST);
}

#[test]
fn the_log_of_such_a_test_cannot_be_altered() {
    let (_, log) = TEST.split_once("LOG: &str = r#\"").expect("a log");
    let (log, _) = log.split_once("\"#;").expect("its end");
    let read = |log: &str| exported_games(log.as_bytes()).collect::<Result<Vec<_>, _>>();
    assert_eq!(read(log).expect("one game").len(), 1);
    let altered = log.replacen("\"outcome\":\"miss\"", "\"outcome\":\"hit\"", 1);
    assert_ne!(altered, log);
    let refused = read(&altered).expect_err("another log");
    assert!(refused.contains("checksum"), "{refused}");
}
