//! A process is killed, and the next one opens its journal.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use islands_engine::journal::Journal;
use islands_journal::RedbJournal;

use islands_engine::testing::samples::{batch, game_id};

/// Set for the process that appends until it is killed: the file to append to.
const FILE: &str = "ISLANDS_JOURNAL_TO_APPEND_TO";

/// What that process prints before the number of each acknowledged batch.
const ACKNOWLEDGED: &str = "acknowledged ";

#[tokio::test]
async fn what_was_acknowledged_outlives_kill_9() {
    if let Some(file) = env::var_os(FILE) {
        append_for_ever(Path::new(&file)).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.redb");
    for appends in [1, 10, 40] {
        let acknowledged = append_and_kill(&path, appends);
        let journal = RedbJournal::open(&path).unwrap();
        let there = journal.load(game_id(1), 0).await.unwrap();
        let all: Vec<_> = (0..there.len() as u64).map(batch).collect();
        assert_eq!(there, all);
        assert!(there.len() as u64 > acknowledged);
    }
}

/// Runs this very test in a child process, kills it after `appends` appends, and
/// returns the number of the last acknowledged batch.
fn append_and_kill(path: &Path, appends: usize) -> u64 {
    let myself = env::current_exe().expect("a test binary");
    let mut process = Command::new(myself)
        .args(["kill::what_was_acknowledged_outlives_kill_9", "--exact"])
        .arg("--nocapture")
        .env(FILE, path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let lines = BufReader::new(process.stdout.take().expect("its output")).lines();
    let numbers = lines.filter_map(|line| {
        let line = line.expect("a line");
        let (_, number) = line.split_once(ACKNOWLEDGED)?;
        number.parse().ok()
    });
    let last = numbers.take(appends).last();
    process.kill().expect("a process to kill");
    process.wait().expect("a process that ended");
    last.expect("an acknowledged append")
}

async fn append_for_ever(path: &Path) {
    let journal = RedbJournal::open(path).expect("a journal");
    let there = journal.load(game_id(1), 0).await.expect("a log");
    for number in there.len() as u64.. {
        let appended = journal.append(game_id(1), number, batch(number)).await;
        assert_eq!(appended, Ok(()));
        println!("{ACKNOWLEDGED}{number}");
    }
}
