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
use crate::table::{Guest, Table, at, land, water};

/// The output and the exit code of a command.
struct Said {
    stdout: String,
    stderr: String,
    code: Option<i32>,
}

/// Runs `islands game` with these arguments, and the server's address in the
/// environment.
async fn operator(listen: SocketAddr, arguments: &[&str]) -> Said {
    let mut command = command(Path::new("."));
    command.arg("game").args(arguments);
    command.env("ISLANDS_LISTEN", listen.to_string());
    command.stderr(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    Said {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// Runs a command that must fail with one line that contains `says`.
async fn fails(listen: SocketAddr, arguments: &[&str], says: &str) {
    let said = operator(listen, arguments).await;
    assert_eq!((said.code, said.stdout.as_str()), (Some(1), ""));
    assert_eq!(said.stderr.lines().count(), 1, "{}", said.stderr);
    assert!(said.stderr.contains(says), "{}", said.stderr);
}

fn guess() -> Value {
    at(land(Player::Two)[0])
}

/// Crashes the game of this table until it is quarantined.
async fn quarantine(journal: &FaultyJournal, table: &Table, ada: &mut Guest) {
    let doomed = table.game.clone();
    journal.on_append(move |append| {
        (append.game.to_string() == doomed).then_some(AppendFault::PanicBefore)
    });
    while ada.refused("guess_coordinate", guess()).await["reason"] != "quarantined" {}
    journal.on_append(|_| None);
}

#[tokio::test]
async fn a_person_ends_a_quarantine_and_everyone_plays_on() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    quarantine(&journal, &table, &mut ada).await;
    for guest in [&mut ada, &mut bob] {
        let told = guest.told("game_unavailable").await;
        assert_eq!(told, json!({"reason": "quarantined"}));
    }

    let said = operator(server.address, &[&table.game, "--inspect"]).await;
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    for word in [
        "quarantined for",
        "injected",
        "last event: 6",
        "player1_turn",
    ] {
        assert!(said.stdout.contains(word), "{word}: {}", said.stdout);
    }
    let said = operator(server.address, &[&table.game, "--quarantine-clear"]).await;
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    assert!(
        said.stdout.contains("the quarantine is over"),
        "{}",
        said.stdout
    );

    // The players need not reload: both channels fail, and the clients join again.
    for (guest, player) in [(&mut ada, Player::One), (&mut bob, Player::Two)] {
        guest.told("phx_error").await;
        let seat = json!({"seat": table.seat(player)});
        let joined = guest.client.join(&table.topic(), seat).await.unwrap();
        assert_eq!(joined["seq"], 6, "nothing is lost and nothing invented");
    }
    assert_eq!(ada.done("guess_coordinate", guess()).await["seq"], 7);
    assert_eq!(bob.told("player_guessed_coordinate").await["seq"], 7);
    bob.done("guess_coordinate", at(water(Player::One)[0]))
        .await;
    let said = operator(server.address, &[&table.game, "--inspect"]).await;
    assert!(said.stdout.contains("running for"), "{}", said.stdout);
    assert!(said.stdout.contains("last event: 8"), "{}", said.stdout);
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
    operator(server.address, &[&table.game, "--quarantine-clear"]).await;
    let joined = late.join(&table.topic(), seat).await.unwrap();
    assert_eq!(joined["view"]["state"], "player1_turn");
}

#[tokio::test]
async fn a_game_whose_log_is_damaged_says_where_and_stays_aside() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let table = Table::open(server.address).await;
    let (mut ada, _bob) = table.begin().await;
    let damage = "event 3: its checksum does not fit\u{1b}[2J";
    journal.on_load(|_| Some(LoadFault::Damaged(damage.into())));
    quarantine(&journal, &table, &mut ada).await;
    ada.told("game_unavailable").await;
    let said = operator(server.address, &[&table.game, "--inspect"]).await;
    let damaged = "damaged: event 3: its checksum does not fit";
    assert!(said.stdout.contains(damaged), "{}", said.stdout);
    assert!(!said.stdout.contains('\u{1b}'), "no command for a terminal");

    operator(server.address, &[&table.game, "--quarantine-clear"]).await;
    let refusal = ada.refused("guess_coordinate", guess()).await;
    assert_eq!(refusal["reason"], "quarantined");
    skip(Duration::from_secs(3)).await;
    let told = ada.client.pushes_by_now().await;
    assert!(told.is_empty(), "once is enough: {told:?}");
}

#[tokio::test]
async fn what_cannot_be_done_is_said_in_one_line() {
    let server = Running::start().await;
    let game = Table::open(server.address).await.game;
    let listen = server.address;
    fails(listen, &[&game, "--quarantine-clear"], "not in quarantine").await;
    for what in ["--inspect", "--quarantine-clear"] {
        fails(listen, &["aaaaaaaaaaaaaaaa", what], "there is no game").await;
    }
    let said = operator(listen, &[&game, "--inspect"]).await;
    assert_eq!(said.code, Some(0));
    assert!(said.stdout.contains("last event: 2"), "{}", said.stdout);
    server.shut_down().await;
    let nobody = format!("no server answers at {listen}");
    fails(listen, &[&game, "--inspect"], &nobody).await;
}

#[tokio::test]
async fn a_command_that_makes_no_sense_is_a_usage_error() {
    let listen = ([127, 0, 0, 1], 1).into();
    for (arguments, says) in [
        (&["nonsense", "--inspect"][..], "16 characters"),
        (&["aaaaaaaaaaaaaaaa"], "--inspect|--quarantine-clear"),
        (
            &["aaaaaaaaaaaaaaaa", "--inspect", "--quarantine-clear"],
            "cannot be used with",
        ),
        (&["--inspect"], "<GAME>"),
    ] {
        let said = operator(listen, arguments).await;
        assert_eq!(said.code, Some(2), "{}", said.stderr);
        assert!(said.stderr.contains(says), "{says}: {}", said.stderr);
    }
}
