//! `islands journal …`, as an operator runs it.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use tempfile::tempdir;

use crate::http::{get, post};
use crate::program::{Program, command};

fn journal(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = command(folder);
    command.arg("journal").args(arguments).output().unwrap()
}

/// Checks for exit code 1 and one line on stderr that contains all of `says`.
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

/// Checks the exit code and stdout.
#[track_caller]
fn check(output: &Output, code: i32, stdout: &str) {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(str::from_utf8(&output.stdout).unwrap(), stdout);
}

/// Imports these lines.
fn import(folder: &Path, file: &str, lines: &[u8]) -> Output {
    let mut command = command(folder);
    let mut child = command
        .args(["journal", "import", file])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that fails early closes the pipe before it has read all lines.
    let _ = child.stdin.take().unwrap().write_all(lines);
    child.wait_with_output().unwrap()
}

#[tokio::test]
async fn a_journal_is_checked_exported_and_imported() {
    let folder = tempdir().unwrap();
    let server = Program::start(folder.path(), &[]);
    let opened = post(server.address, "/api/games", r#"{"name": "Ada"}"#).await;
    let game = opened.json()["game"].as_str().unwrap().to_owned();
    server.kill();

    let contents = "1 games, 1 events, 0 damaged\n";
    check(
        &journal(folder.path(), &["check", "islands.redb"]),
        0,
        contents,
    );
    let exported = journal(folder.path(), &["export", "islands.redb"]);
    assert_eq!(exported.status.code(), Some(0));
    assert!(str::from_utf8(&exported.stdout).unwrap().contains(&game));
    for imported in ["1 games imported\n", "0 games imported\n"] {
        check(
            &import(folder.path(), "copy.redb", &exported.stdout),
            0,
            imported,
        );
    }
    let again = journal(folder.path(), &["export", "copy.redb"]);
    assert_eq!(again.stdout, exported.stdout);
    let cut_off = exported.stdout.len() / 2;
    let refused = import(folder.path(), "copy.redb", &exported.stdout[..cut_off]);
    check_refused(&refused, &["line 1"]);

    let test = journal(folder.path(), &["export", "copy.redb", "--as-test", &game]);
    assert_eq!(test.status.code(), Some(0));
    assert!(str::from_utf8(&test.stdout).unwrap().contains("#[test]"));
    let nobody = "aaaaaaaaaaaaaaaa";
    let none = journal(folder.path(), &["export", "copy.redb", "--as-test", nobody]);
    check_refused(&none, &[nobody, "no such game"]);

    // A server continues the imported games.
    let server = Program::start(folder.path(), &["--journal", "copy.redb"]);
    let path = format!("/api/games/{game}");
    assert_eq!(get(server.address, &path).await.status, 200);
}
