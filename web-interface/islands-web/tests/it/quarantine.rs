//! The end of a quarantine: the players wait, an operator clears it, and the game plays
//! on.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use islands_core::Player;
use islands_engine::testing::{AppendFault, FaultyJournal, LoadFault};
use serde_json::{Value, json};

use crate::program::command;
use crate::running::Running;
use crate::stalls::skip;
use crate::table::{Guest, Table, cell_json, land, water};

/// The output and the exit code of a command.
struct CommandOutput {
    stdout: String,
    stderr: String,
    code: Option<i32>,
}

/// Runs `islands game` with these arguments, and the server's address in the
/// environment.
async fn run_game_command(listen: SocketAddr, arguments: &[&str]) -> CommandOutput {
    let mut command = command(Path::new("."));
    command.arg("game").args(arguments);
    command.env("ISLANDS_LISTEN", listen.to_string());
    command.stderr(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    CommandOutput {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// Runs a command that must fail with one line that contains `expected`.
async fn check_fails(listen: SocketAddr, arguments: &[&str], expected: &str) {
    let output = run_game_command(listen, arguments).await;
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""));
    assert_eq!(output.stderr.lines().count(), 1, "{}", output.stderr);
    assert!(output.stderr.contains(expected), "{}", output.stderr);
}

fn guess() -> Value {
    cell_json(land(Player::Two)[0])
}

/// Crashes the game of this table until it is quarantined.
async fn quarantine(journal: &FaultyJournal, table: &Table, ada: &mut Guest) {
    let doomed = table.game.clone();
    journal.on_append(move |append| {
        (append.game.to_string() == doomed).then_some(AppendFault::PanicBefore)
    });
    while ada.call_refused("guess_coordinate", guess()).await["reason"] != "quarantined" {}
    journal.on_append(|_| None);
}

#[tokio::test]
async fn an_operator_ends_a_quarantine_and_the_game_continues() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    quarantine(&journal, &table, &mut ada).await;
    for guest in [&mut ada, &mut bob] {
        let payload = guest.next_event("game_unavailable").await;
        assert_eq!(payload, json!({"reason": "quarantined"}));
    }

    let output = run_game_command(server.address, &[&table.game, "--inspect"]).await;
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
    for word in [
        "quarantined for",
        "injected",
        "last event: 6",
        "player1_turn",
    ] {
        assert!(output.stdout.contains(word), "{word}: {}", output.stdout);
    }
    let output = run_game_command(server.address, &[&table.game, "--quarantine-clear"]).await;
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
    assert!(
        output.stdout.contains("the quarantine is over"),
        "{}",
        output.stdout
    );

    // The players need not reload: both channels fail, and the clients join again.
    for (guest, player) in [(&mut ada, Player::One), (&mut bob, Player::Two)] {
        guest.next_event("phx_error").await;
        let seat = json!({"seat": table.seat(player)});
        let joined = guest.client.join(&table.topic(), seat).await.unwrap();
        assert_eq!(joined["seq"], 6, "nothing is lost and nothing invented");
    }
    assert_eq!(ada.call_ok("guess_coordinate", guess()).await["seq"], 7);
    assert_eq!(bob.next_event("player_guessed_coordinate").await["seq"], 7);
    bob.call_ok("guess_coordinate", cell_json(water(Player::One)[0]))
        .await;
    let output = run_game_command(server.address, &[&table.game, "--inspect"]).await;
    assert!(output.stdout.contains("running for"), "{}", output.stdout);
    assert!(output.stdout.contains("last event: 8"), "{}", output.stdout);
}

#[tokio::test]
async fn a_client_away_during_the_quarantine_misses_no_event() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let table = Table::open(server.address).await;
    let (mut ada, _bob) = table.begin().await;
    quarantine(&journal, &table, &mut ada).await;
    let seat = json!({"seat": table.seat(Player::Two)});
    let mut late = crate::client::Client::connect(server.address).await;
    let refused = late.join(&table.topic(), seat.clone()).await.unwrap_err();
    assert_eq!(refused["reason"], "quarantined");
    run_game_command(server.address, &[&table.game, "--quarantine-clear"]).await;
    let joined = late.join(&table.topic(), seat).await.unwrap();
    assert_eq!(joined["view"]["state"], "player1_turn");
}

#[tokio::test]
async fn a_game_with_a_damaged_log_reports_the_event_and_stays_quarantined() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let table = Table::open(server.address).await;
    let (mut ada, _bob) = table.begin().await;
    let damage = "event 3: its checksum does not fit\u{1b}[2J";
    journal.on_load(|_| Some(LoadFault::Damaged(damage.into())));
    quarantine(&journal, &table, &mut ada).await;
    ada.next_event("game_unavailable").await;
    let output = run_game_command(server.address, &[&table.game, "--inspect"]).await;
    let damaged = "damaged: event 3: its checksum does not fit";
    assert!(output.stdout.contains(damaged), "{}", output.stdout);
    assert!(
        !output.stdout.contains('\u{1b}'),
        "no command for a terminal"
    );

    run_game_command(server.address, &[&table.game, "--quarantine-clear"]).await;
    let refusal = ada.call_refused("guess_coordinate", guess()).await;
    assert_eq!(refusal["reason"], "quarantined");
    skip(Duration::from_secs(3)).await;
    let frames = ada.client.pushes_by_now().await;
    assert!(frames.is_empty(), "once is enough: {frames:?}");
}

#[tokio::test]
async fn a_command_that_fails_prints_one_line() {
    let server = Running::start().await;
    let game = Table::open(server.address).await.game;
    let listen = server.address;
    check_fails(listen, &[&game, "--quarantine-clear"], "not in quarantine").await;
    for what in ["--inspect", "--quarantine-clear"] {
        check_fails(listen, &["aaaaaaaaaaaaaaaa", what], "there is no game").await;
    }
    let output = run_game_command(listen, &[&game, "--inspect"]).await;
    assert_eq!(output.code, Some(0));
    assert!(output.stdout.contains("last event: 2"), "{}", output.stdout);
    server.shut_down().await;
    let nobody = format!("no server answers at {listen}");
    check_fails(listen, &[&game, "--inspect"], &nobody).await;
}

#[tokio::test]
async fn a_command_that_makes_no_sense_is_a_usage_error() {
    let listen = ([127, 0, 0, 1], 1).into();
    for (arguments, expected) in [
        (&["nonsense", "--inspect"][..], "16 characters"),
        (&["aaaaaaaaaaaaaaaa"], "--inspect|--quarantine-clear"),
        (
            &["aaaaaaaaaaaaaaaa", "--inspect", "--quarantine-clear"],
            "cannot be used with",
        ),
        (&["--inspect"], "<GAME>"),
    ] {
        let output = run_game_command(listen, arguments).await;
        assert_eq!(output.code, Some(2), "{}", output.stderr);
        assert!(
            output.stderr.contains(expected),
            "{expected}: {}",
            output.stderr
        );
    }
}
