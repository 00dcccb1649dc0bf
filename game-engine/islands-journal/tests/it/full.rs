//! A file that may not grow any more, by a limit on a process of its own.

use std::env;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use islands_engine::journal::Journal;
use islands_journal::RedbJournal;

use islands_engine::testing::samples::{batch, game_id};

/// Set for the process that appends until it is refused: the file to append to.
const FILE: &str = "ISLANDS_JOURNAL_TO_FILL";

/// What that process prints before the number of each acknowledged game.
const ACKNOWLEDGED: &str = "acknowledged ";

/// Games that are begun at the same time.
const CONCURRENT_GAMES: u64 = 1000;

#[tokio::test]
async fn a_file_that_may_not_grow_keeps_what_was_acknowledged() {
    if let Some(file) = env::var_os(FILE) {
        return append_until_refused(Path::new(&file)).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.redb");
    // 4,096 blocks of 512 or 1,024 bytes; beyond them a write fails, without a signal.
    let limited = r#"trap '' XFSZ; ulimit -f 4096; exec "$0" "$@""#;
    let output = Command::new("sh")
        .args(["-c", limited])
        .arg(env::current_exe().unwrap())
        .args([
            "full::a_file_that_may_not_grow_keeps_what_was_acknowledged",
            "--exact",
        ])
        .arg("--nocapture")
        .env(FILE, &path)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    let numbers = said.lines().filter_map(|line| {
        let (_, number) = line.split_once(ACKNOWLEDGED)?;
        number.parse::<u64>().ok()
    });
    let acknowledged: Vec<_> = numbers.collect();
    assert!(acknowledged.len() as u64 >= CONCURRENT_GAMES, "{said}");
    let journal = RedbJournal::open(&path).unwrap();
    for number in acknowledged {
        let there = journal.load(game_id(number), 0).await;
        assert_eq!(there, Ok(vec![batch(number)]));
    }
    assert_eq!(journal.append(game_id(u64::MAX), 0, batch(1)).await, Ok(()));
}

async fn append_until_refused(path: &Path) {
    let journal = Arc::new(RedbJournal::open(path).expect("a journal"));
    let mut refused = None;
    for first in (0..100 * CONCURRENT_GAMES).step_by(CONCURRENT_GAMES as usize) {
        let appends = (first..first + CONCURRENT_GAMES).map(|number| {
            let journal = Arc::clone(&journal);
            tokio::spawn(async move {
                (
                    number,
                    journal.append(game_id(number), 0, batch(number)).await,
                )
            })
        });
        for append in appends.collect::<Vec<_>>() {
            match append.await.expect("no panic") {
                (number, Ok(())) => println!("{ACKNOWLEDGED}{number}"),
                (_, Err(why)) => refused = Some(why.to_string()),
            }
        }
        if refused.is_some() {
            break;
        }
    }
    let why = refused.expect("a limit");
    assert!(why.to_lowercase().contains("file too large"), "{why}");
    // Reads still work.
    assert_eq!(journal.load(game_id(0), 0).await, Ok(vec![batch(0)]));
}
