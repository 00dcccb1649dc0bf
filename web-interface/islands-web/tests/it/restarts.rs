//! The program is killed or stopped by a signal, and started again.

use islands_core::Player;
use serde_json::{Value, json};

use crate::client::Client;
use crate::http::get;
use crate::program::Program;
use crate::table::{Table, cell_json, land, water};

#[tokio::test]
async fn kill_9_loses_no_move_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &[]);
    let table = Table::open(program.address).await;
    let (mut ada, mut bob) = table.begin().await;
    let mut replies = Vec::new();
    for shot in 0..6 {
        let hit = cell_json(land(Player::Two)[shot]);
        let miss = cell_json(water(Player::One)[shot]);
        replies.push(ada.call_ok("guess_coordinate", hit).await);
        replies.push(bob.call_ok("guess_coordinate", miss).await);
        if shot % 2 == 1 {
            let address = program.kill();
            program = Program::start_at(address, folder.path(), &[]);
            // The seats are still valid.
            ada = table.join_as(Player::One).await;
            bob = table.join_as(Player::Two).await;
            let view = &ada.joined["view"];
            assert_eq!(ada.joined["seq"], replies.last().unwrap()["seq"]);
            let moves = view["moves"].as_array().unwrap();
            let outcomes = |list: &[Value]| -> Vec<_> {
                list.iter().map(|one| one["outcome"].clone()).collect()
            };
            assert_eq!(outcomes(moves), outcomes(&replies));
        }
    }
}

#[tokio::test]
async fn a_guess_under_way_at_kill_9_is_carried_out_once_when_it_is_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &[]);
    let table = Table::open(program.address).await;
    let (mut ada, _bob) = table.begin().await;
    let mut guess = cell_json(land(Player::Two)[0]);
    guess["id"] = "once".into();
    ada.send("guess_coordinate", guess.clone()).await;
    let address = program.kill();

    let _program = Program::start_at(address, folder.path(), &[]);
    let mut ada = table.join_as(Player::One).await;
    assert_eq!(ada.call_ok("guess_coordinate", guess).await["seq"], 7);
    assert_eq!(ada.view().await["moves"].as_array().unwrap().len(), 1);
}

/// A start sweeps no old games, since the clock may not be set yet: see `src/sweep.rs`.
#[tokio::test]
async fn a_start_deletes_no_game() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &[]);
    let table = Table::open(program.address).await;
    let path = format!("/api/games/{}", table.game);
    program.kill();
    let flags = ["--keep", "0s", "--idle-after", "1ms"];
    for _ in 0..3 {
        let program = Program::start(folder.path(), &flags);
        assert_eq!(get(program.address, &path).await.status, 200);
        program.kill();
    }
}

#[tokio::test]
async fn sigterm_closes_sockets_with_1012_and_exits_0() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["TERM", "INT"] {
        let program = Program::start(folder.path(), &[]);
        let table = Table::open(program.address).await;
        let mut ada = table.join_as(Player::One).await;
        let mut idle = Client::connect(program.address).await;
        idle.heartbeat().await;
        program.signal(signal);
        assert_eq!(ada.client.closed().await, 1012, "SIG{signal}");
        assert_eq!(idle.closed().await, 1012, "also one without a topic");
        drop((ada, idle));
        let (status, stdout) = program.end();
        assert_eq!(status.code(), Some(0), "SIG{signal}");
        assert_eq!(stdout, "", "only the address is printed");
    }
}

#[tokio::test]
async fn a_seat_survives_a_restart_with_its_secret_alone() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("key");
    let flags = ["--journal", "games", "--secret-file", "key"];
    let program = Program::start(folder.path(), &flags);
    let table = Table::open(program.address).await;
    assert_eq!(std::fs::read(&secret).unwrap().len(), 32);
    let address = program.kill();
    let program = Program::start_at(address, folder.path(), &flags);
    assert_eq!(table.join_as(Player::One).await.joined["seq"], 2);
    let address = program.kill();

    std::fs::write(&secret, [0; 32]).unwrap();
    let _program = Program::start_at(address, folder.path(), &flags);
    let mut client = Client::connect(address).await;
    let seat = json!({"seat": table.seat(Player::One)});
    let refused = client.join(&table.topic(), seat).await.unwrap_err();
    assert_eq!(refused["reason"], "unauthorized");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_secret_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    drop(Program::start(folder.path(), &[]));
    let secret = folder.path().join("islands.redb.secret");
    let mode = std::fs::metadata(&secret).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = std::fs::read(&secret).unwrap();
    assert_eq!(key.len(), 32);
    drop(Program::start(folder.path(), &[]));
    assert_eq!(std::fs::read(&secret).unwrap(), key, "it is made once");
}
