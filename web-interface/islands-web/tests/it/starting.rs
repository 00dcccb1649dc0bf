//! Starts that fail: each with one line that names the obstacle, and no panic.

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use crate::http::get;
use crate::program::{Program, command, fails};

/// Checks that a start fails with exit code 1 and one line that contains all of `expected`.
#[track_caller]
fn check(folder: &Path, flags: &[&str], expected: &[&str]) {
    let failed = fails(folder, flags);
    let stderr = failed.stderr.trim_end();
    assert_eq!(failed.code, Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("islands: "), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    for word in expected {
        assert!(stderr.contains(word), "`{word}` is not in: {stderr}");
    }
}

/// Checks for a usage error: clap says what is wrong, and exits with 2.
#[track_caller]
fn check_usage(flags: &[&str], expected: &str) {
    let folder = tempdir().unwrap();
    let failed = fails(folder.path(), flags);
    assert_eq!(failed.code, Some(2), "{}", failed.stderr);
    assert!(failed.stderr.contains(expected), "{}", failed.stderr);
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is made"
    );
}

#[test]
fn a_taken_port_is_named() {
    let folder = tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let flags = ["--journal", "memory", "--listen", &address];
    check(folder.path(), &flags, &[&address, "in use"]);
}

#[test]
fn a_journal_that_another_process_has_is_named() {
    let folder = tempdir().unwrap();
    let first = Program::start(folder.path(), &[]);
    check(folder.path(), &[], &["islands.redb", "another process"]);
    first.kill();
    Program::start(folder.path(), &[]);
}

#[test]
fn a_damaged_journal_is_named() {
    let folder = tempdir().unwrap();
    let journal = folder.path().join("games");
    let flags = ["--journal", "games"];
    fs::write(&journal, "Dear diary, this is no journal.\n".repeat(1000)).unwrap();
    check(folder.path(), &flags, &["games", "damaged"]);

    fs::remove_file(&journal).unwrap();
    Program::start(folder.path(), &flags);
    let whole = fs::read(&journal).unwrap();
    fs::write(&journal, &whole[..whole.len() / 2]).unwrap();
    check(folder.path(), &flags, &["games"]);
    let zeros = [&vec![0; 4096], &whole[4096..]].concat();
    fs::write(&journal, zeros).unwrap();
    check(folder.path(), &flags, &["games"]);
}

/// Not even root can create a file in `/sys`.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_may_not_be_written_is_named() {
    let folder = tempdir().unwrap();
    let flags = ["--journal", "/sys/islands.redb"];
    check(
        folder.path(),
        &flags,
        &["/sys/islands.redb", "may not be written"],
    );
    let flags = ["--secret-file", "/sys/key"];
    check(
        folder.path(),
        &flags,
        &["cannot make the secret file", "/sys/key"],
    );
}

#[test]
fn a_journal_that_cannot_be_there_is_named() {
    let folder = tempdir().unwrap();
    check(
        folder.path(),
        &["--journal", "no/such/games"],
        &["no/such/games", "folder"],
    );
    fs::write(folder.path().join("file"), "").unwrap();
    check(
        folder.path(),
        &["--journal", "file/games"],
        &["file/games", "folder"],
    );
    check(folder.path(), &["--journal", "."], &[".", "a folder"]);
    check(folder.path(), &["--journal", ""], &["journal"]);
}

/// Reading some of these would block or never end.
#[cfg(target_os = "linux")]
#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
    for (place, reason) in [
        ("pipe", "a pipe"),
        ("socket", "a socket"),
        ("/dev/full", "a device"),
        ("/dev/null", "a device"),
        ("/dev/zero", "a device"),
        ("/", "a folder"),
    ] {
        check(folder.path(), &["--journal", place], &[place, reason]);
        let flags = ["--journal", "memory", "--secret-file", place];
        check(folder.path(), &flags, &["secret file", place, "no file"]);
    }
}

#[test]
fn a_secret_that_is_none_is_named() {
    let folder = tempdir().unwrap();
    let flags = ["--journal", "memory", "--secret-file", "key"];
    for bytes in [0, 31, 33] {
        fs::write(folder.path().join("key"), vec![1; bytes]).unwrap();
        let expected = format!("{bytes} bytes");
        check(folder.path(), &flags, &["key", &expected, "32"]);
    }
    let flags = ["--journal", "memory", "--secret-file", "no/such/key"];
    check(folder.path(), &flags, &["no/such/key"]);
    let flags = ["--journal", "memory", "--secret-file", "."];
    check(folder.path(), &flags, &["secret file"]);
}

#[test]
fn a_bad_origin_or_filter_is_named() {
    let folder = tempdir().unwrap();
    for origin in [
        "example.com",
        "https://a.example/path",
        "*",
        "https://example.com:99999",
        "wss://example.com",
    ] {
        let flags = ["--journal", "memory", "--origin", origin];
        check(folder.path(), &flags, &[origin, "origin"]);
    }
    for log in ["islands_engine=loud", "a=b=c", "inof"] {
        let flags = ["--journal", "memory", "--log", log];
        check(folder.path(), &flags, &[log, "--log"]);
    }
}

/// Stdout and stderr are pipes that are broken from the start.
#[tokio::test]
async fn broken_pipes_do_not_stop_the_program() {
    let folder = tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let (_, stdout) = std::io::pipe().unwrap();
    let (_, stderr) = std::io::pipe().unwrap();
    let mut child = command(folder.path())
        .args(["--journal", "memory", "--listen", &address.to_string()])
        .args(["--log", "trace"])
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .unwrap();
    while tokio::net::TcpStream::connect(address).await.is_err() {
        assert_eq!(child.try_wait().unwrap(), None, "it has ended");
    }
    assert_eq!(get(address, "/healthz").await.status, 200);
    harness::signal(&child, "TERM").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_flag_that_makes_no_sense_is_a_usage_error() {
    check_usage(&["--listen", "nowhere"], "--listen");
    check_usage(&["--listen", "127.0.0.1:99999"], "--listen");
    check_usage(&["--keep", "soon"], "--keep");
    check_usage(&["--idle-after=-1s"], "--idle-after");
    check_usage(&["--max-games", "many"], "--max-games");
    check_usage(&["--games-per-minute=-1"], "--games-per-minute");
    for share in ["0", "101", "a quarter"] {
        check_usage(&["--address-share", share], "--address-share");
    }
    for address in ["proxy.example", "10.0.0.0/8", "192.0.2", "[::1]", ""] {
        check_usage(&["--trusted-proxy", address], "one IP address");
        check_usage(&["--system-from", address], "one IP address");
    }
    check_usage(&["--log-format", "xml"], "--log-format");
    check_usage(&["--no-such-flag"], "--no-such-flag");
}
