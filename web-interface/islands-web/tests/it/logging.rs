//! What the program logs of a command, for whoever asks for it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use tempfile::tempdir;

use crate::http::post;
use crate::program::{command, signal};

/// What is logged while someone joins a game, and which game that is.
async fn logged(filter: &str) -> (String, String) {
    let folder = tempdir().unwrap();
    let mut child = command(folder.path())
        .args(["--listen", "127.0.0.1:0", "--log", filter])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let address = line.trim_end().strip_prefix("listening on http://");
    let address = address.unwrap().parse().unwrap();
    let opened = post(address, "/api/games", r#"{"name":"Ada"}"#).await;
    let game = opened.json()["game"].as_str().unwrap().to_owned();
    let players = format!("/api/games/{game}/players");
    assert_eq!(
        post(address, &players, r#"{"name":"Bob"}"#).await.status,
        201
    );
    signal(&child, "TERM");
    let output = child.wait_with_output().unwrap();
    (String::from_utf8(output.stderr).unwrap(), game)
}

#[tokio::test]
async fn a_command_can_be_followed_into_the_journal() {
    let (log, game) = logged("debug").await;
    let span = format!("command{{game={game} by=player2");
    let lines: Vec<_> = log.lines().filter(|line| line.contains(&span)).collect();
    let append = lines.iter().any(|line| line.contains(":append:"));
    assert!(append && lines.len() == 2, "{log}");
}

#[tokio::test]
async fn nothing_is_followed_unless_it_is_asked_for() {
    let (log, game) = logged("info").await;
    assert!(!log.contains(&game), "{log}");
}
