//! The program's log of a command and of refusals, under different filters.

use std::net::SocketAddr;
use std::process::Stdio;

use harness::Program;
use tempfile::tempdir;

use crate::client::Client;
use crate::http::{post, request};
use crate::program::command;

/// Returns the log of the program while `requests` runs, and the result of that.
async fn logged_during<T>(
    flags: &[&str],
    requests: impl AsyncFnOnce(SocketAddr) -> T,
) -> (String, T) {
    let folder = tempdir().unwrap();
    let mut command = command(folder.path());
    command.args(["--listen", "127.0.0.1:0"]).args(flags);
    let mut program = Program::start(command.stderr(Stdio::piped())).unwrap();
    let output = requests(program.address).await;
    program.signal("TERM").unwrap();
    (program.stderr().unwrap(), output)
}

/// Returns the log of a join, and the game's id.
async fn logged(filter: &str) -> (String, String) {
    logged_during(&["--log", filter], joined).await
}

async fn joined(address: SocketAddr) -> String {
    let opened = post(address, "/api/games", r#"{"name":"Ada"}"#).await;
    let game = opened.json()["game"].as_str().unwrap().to_owned();
    let players = format!("/api/games/{game}/players");
    assert_eq!(
        post(address, &players, r#"{"name":"Bob"}"#).await.status,
        201
    );
    game
}

#[tokio::test]
async fn the_log_follows_a_command_into_the_journal() {
    let (log, game) = logged("debug").await;
    let span = format!("command{{game={game} by=player2");
    let lines: Vec<_> = log.lines().filter(|line| line.contains(&span)).collect();
    let append = lines.iter().any(|line| line.contains(":append:"));
    assert!(append && lines.len() == 2, "{log}");
}

#[tokio::test]
async fn the_default_log_follows_no_command() {
    let (log, game) = logged("info").await;
    assert!(!log.contains(&game), "{log}");
}

#[tokio::test]
async fn a_refused_origin_is_logged_at_a_limited_rate_with_the_flags_that_help() {
    let flags = ["--trusted-proxy", "127.0.0.1"];
    let (log, address) = logged_during(&flags, async |address| {
        for _ in 0..20 {
            let headers = [
                ("origin", "https://islands.example"),
                ("x-forwarded-proto", "http"),
            ];
            let refused = Client::try_connect(address, &headers).await.err();
            assert_eq!(refused, Some(403));
            let poll = "GET /socket/longpoll?vsn=2.0.0\norigin: null";
            let refused = request(address, poll, "").await;
            assert_eq!(refused.json()["status"], 403);
        }
        address
    })
    .await;
    let warnings: Vec<_> = log.lines().filter(|line| line.contains("WARN")).collect();
    let [warning] = warnings[..] else {
        panic!("{log}");
    };
    let own = format!("http://{address}");
    for word in [
        "https://islands.example",
        &own,
        "--origin",
        "--trusted-proxy",
    ] {
        assert!(warning.contains(word), "{word}: {warning}");
    }
}

#[tokio::test]
async fn a_request_for_operators_is_logged_with_its_address() {
    let flags = ["--trusted-proxy", "127.0.0.1", "--log", "debug"];
    let (log, ()) = logged_during(&flags, async |address| {
        let ask = "GET /api/system\nx-forwarded-for: 192.0.2.7";
        assert_eq!(request(address, ask, "").await.status, 404);
    })
    .await;
    let mut lines = log.lines();
    assert!(
        lines.any(|line| line.contains("192.0.2.7") && line.contains("--system-from")),
        "{log}"
    );
}
