//! A game that crashes in the middle of a command loses nothing, and its clients do not
//! notice.

use std::collections::HashMap;

use fastrand::Rng;
use islands_core::Player;
use islands_engine::testing::{AppendFault, FaultyJournal};
use serde_json::json;

use crate::fold::fold;
use crate::running::Running;
use crate::table::{Guest, Table, cell_json, land, water};

/// Plays the shortest game with these faults, each at the append that expects its
/// number. Every client gets its replies, and every event once and in order.
async fn check(faults: impl IntoIterator<Item = (u64, AppendFault)>) {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let table = Table::open(server.address).await;
    let (ada, bob) = table.begin().await;
    let mut faults: HashMap<u64, AppendFault> = faults.into_iter().collect();
    journal.on_append(move |append| faults.remove(&append.expected));

    let mut guests = [ada, bob, table.join_as_spectator().await];
    let mut views = Vec::new();
    for guest in &mut guests {
        views.push(guest.view().await);
    }
    let (hits, misses) = (land(Player::Two), water(Player::One));
    for shot in 0..35 {
        let cell = [hits[shot / 2], misses[shot / 2]][shot % 2];
        let reply = guests[shot % 2]
            .call_ok("guess_coordinate", cell_json(cell))
            .await;
        let seq = 7 + shot as u64 + u64::from(shot == 34);
        assert_eq!(reply["seq"], seq, "{reply}");
    }
    for (guest, mut view) in guests.iter_mut().zip(views) {
        while view["seq"] != 42 {
            view = fold(view, &guest.client.next_push().await);
        }
        assert_eq!(guest.view().await, view);
        assert_eq!(view["winner"]["player"], "player1");
        assert!(guest.client.pushes_by_now().await.is_empty());
    }
}

/// Returns as many faults as a game survives in five seconds, at random appends.
fn moments(seed: u64, kinds: &[AppendFault; 2]) -> Vec<(u64, AppendFault)> {
    let mut rng = Rng::with_seed(seed);
    let mut moments: Vec<u64> = (6..41).collect();
    rng.shuffle(&mut moments);
    let faults = moments.into_iter().take(3);
    faults
        .map(|expected| (expected, kinds[rng.usize(..2)].clone()))
        .collect()
}

#[tokio::test]
async fn a_panic_before_the_journal_has_the_guess_loses_nothing() {
    check([
        (6, AppendFault::PanicBefore),
        (23, AppendFault::PanicBefore),
    ])
    .await;
}

#[tokio::test]
async fn a_panic_after_the_journal_has_the_guess_loses_nothing() {
    check([(6, AppendFault::PanicAfter), (24, AppendFault::PanicAfter)]).await;
}

#[tokio::test]
async fn a_panic_around_the_winning_guess_loses_nothing() {
    check([(40, AppendFault::PanicBefore)]).await;
    check([(40, AppendFault::PanicAfter)]).await;
}

#[tokio::test]
async fn panics_at_any_moment_lose_nothing() {
    for seed in 0..3 {
        check(moments(
            seed,
            &[AppendFault::PanicBefore, AppendFault::PanicAfter],
        ))
        .await;
    }
}

#[tokio::test]
async fn an_append_with_unknown_outcome_loses_nothing() {
    for seed in 0..8 {
        check(moments(
            seed,
            &[AppendFault::UnknownLost, AppendFault::UnknownStored],
        ))
        .await;
    }
}

#[tokio::test]
async fn a_crash_of_one_game_affects_no_other() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let bad = Table::open(server.address).await;
    let good = Table::open(server.address).await;
    let (mut ada, mut bob) = bad.begin().await;
    let (mut eve, mut dan) = good.begin().await;
    let doomed = bad.game.clone();
    journal.on_append(move |append| {
        (append.game.to_string() == doomed).then_some(AppendFault::PanicBefore)
    });

    // A command that crashes its game twice is not tried a third time; after the second
    // such command the game is quarantined.
    let guess = cell_json(land(Player::Two)[0]);
    for reason in ["timeout", "timeout", "quarantined"] {
        let refusal = ada.call_refused("guess_coordinate", guess.clone()).await;
        assert_eq!(refusal["reason"], reason);
    }
    let reply = eve.call_ok("guess_coordinate", guess).await;
    assert_eq!(reply["outcome"], "hit");
    dan.next_event("player_guessed_coordinate").await;
    for guest in [&mut ada, &mut bob] {
        let payload = guest.next_event("game_unavailable").await;
        assert_eq!(payload, json!({"reason": "quarantined"}));
    }
    let view = server.get(&format!("/api/games/{}", bad.game)).await;
    assert_eq!((view.status, view.reason()), (503, "quarantined".into()));
    assert!(!view.body.contains("injected"), "its error is for the log");
    let answer = cell_json(water(Player::One)[0]);
    assert_eq!(
        dan.call_ok("guess_coordinate", answer).await["outcome"],
        "miss"
    );
}

#[tokio::test]
async fn a_computer_whose_move_is_lost_in_a_crash_thinks_again() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let body = json!({"name": "Ada", "opponent": "hunt"});
    let opened = server.post("/api/games", &body).await.json();
    let seat = json!({"seat": opened["seat"]});
    let game = crate::table::text(&opened["game"]);
    let mut ada = Guest::join(server.address, &game, seat).await;
    ada.set_islands(crate::table::board(Player::One)).await;
    // Six events come before, since the computer sets its islands too: the guess is the
    // seventh, and the computer's answer the eighth.
    let mut fault = Some(AppendFault::PanicBefore);
    journal.on_append(move |append| match append.expected {
        7 => fault.take(),
        _ => None,
    });
    while ada.view().await["state"] != "player1_turn" {
        ada.client.next_push().await;
    }
    ada.call_ok("guess_coordinate", cell_json(land(Player::Two)[0]))
        .await;
    while ada.client.next_push().await.payload["seq"] != 8 {}
    assert_eq!(ada.view().await["moves"][1]["player"], "player2");
}

#[tokio::test]
async fn a_rematch_that_crashes_half_way_is_started_once() {
    for fault in [
        AppendFault::PanicBefore,
        AppendFault::PanicAfter,
        AppendFault::UnknownStored,
    ] {
        for half in [true, false] {
            check_rematch(fault.clone(), half).await;
        }
    }
}

/// A rematch is two appends: the new game's first, then the old game's last. One of
/// them meets this fault.
async fn check_rematch(fault: AppendFault, new: bool) {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    ada.call_ok("resign", json!({})).await;
    ada.call_ok("request_rematch", json!({})).await;
    let mut fault = Some(fault);
    journal.on_append(move |append| {
        if (append.expected == 0) == new {
            fault.take()
        } else {
            None
        }
    });
    bob.call_ok("request_rematch", json!({})).await;

    let mut games = Vec::new();
    for guest in [&mut ada, &mut bob] {
        guest.next_event("game_over").await;
        guest.next_event("rematch_requested").await;
        guest.next_event("rematch_requested").await;
        let started = guest.next_event("rematch_started").await;
        assert!(guest.client.pushes_by_now().await.is_empty());
        let seat = json!({"seat": started["seat"]});
        let game = crate::table::text(&started["game"]);
        let guest = Guest::join(server.address, &game, seat).await;
        assert_eq!(guest.joined["seq"], 2);
        games.push(game);
    }
    assert_eq!(games[0], games[1]);
}
