//! `islands journal …`, as an operator runs it.

use std::path::Path;
use std::process::Output;

use tempfile::tempdir;

use crate::program::{Program, command};

fn journal(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = command(folder);
    command.arg("journal").args(arguments).output().unwrap()
}

/// It ends with exit code 1 and one line that says all of these.
#[track_caller]
fn check_refused(output: &Output, says: &[&str]) {
    let stderr = str::from_utf8(&output.stderr).unwrap().trim_end();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("islands: "), "{stderr}");
    for word in says {
        assert!(stderr.contains(word), "`{word}` is not in: {stderr}");
    }
}

#[test]
fn a_journal_that_a_server_has_is_refused_in_one_line() {
    let folder = tempdir().unwrap();
    let server = Program::start(folder.path(), &[]);
    let checked = journal(folder.path(), &["check", "islands.redb"]);
    check_refused(&checked, &["islands.redb", "another process"]);
    server.kill();
}

#[test]
fn a_journal_that_is_not_there_is_refused_and_not_made() {
    let folder = tempdir().unwrap();
    check_refused(&journal(folder.path(), &["check", "none"]), &["none"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
