//! A subscriber receives every event, or the end of its subscription.

use std::time::{Duration, SystemTime};

use islands_core::{AWAY_MS, Command, Facts, Player, Rejection, View, Viewer, decide, replay};
use islands_engine::journal::{Batch, Journal};
use islands_engine::{CallError, Start};

use crate::play::{Arena, guess, next};

#[tokio::test(start_paused = true)]
async fn a_subscription_starts_with_a_view_and_goes_on_without_a_hole() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let mut watching = arena.watch(game, None).await;
    let Start::View(view) = &watching.start else {
        panic!("no view");
    };
    assert_eq!((view.seq(), watching.seq), (6, 6));
    for seq in 7..=20 {
        let player = Player::BOTH[usize::from(seq % 2 == 0)];
        arena
            .play(game, player, guess(seq as usize / 2))
            .await
            .unwrap();
        assert_eq!(next(&mut watching).await.unwrap().seq(), seq);
    }
}

#[tokio::test(start_paused = true)]
async fn it_starts_after_the_number_that_was_seen_last() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    for since in 0..=6 {
        let watching = arena.watch(game, Some(since)).await;
        let Start::Missed(missed) = watching.start else {
            panic!("a view instead of what was missed");
        };
        let numbers: Vec<u64> = missed.iter().map(|published| published.seq()).collect();
        assert_eq!(numbers, (since + 1..=6).collect::<Vec<_>>());
    }
}

#[tokio::test(start_paused = true)]
async fn a_number_that_is_not_there_yet_starts_with_a_view() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let watching = arena.watch(game, Some(7)).await;
    assert!(matches!(watching.start, Start::View(_)));
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_is_too_slow_is_dropped_and_can_catch_up() {
    let arena = Arena::new().await;
    let game = arena.games.create("Ada", Default::default()).await.unwrap();
    arena
        .play(game, Player::Two, crate::play::join("Bob"))
        .await
        .unwrap();
    let mut slow = arena.watch(game, None).await;
    for n in 0..300 {
        let player = Player::BOTH[n % 2];
        let arranged = crate::play::arrange(n as u64);
        arena.play(game, player, arranged).await.unwrap();
    }
    let mut seen = slow.seq;
    while let Some(published) = next(&mut slow).await {
        assert_eq!(published.seq(), seen + 1);
        seen += 1;
    }
    assert!(seen < 302, "a queue of 256 events took 300");
    let again = arena.watch(game, Some(seen)).await;
    assert!(matches!(again.start, Start::Missed(missed) if missed.len() as u64 == 302 - seen));
}

#[tokio::test(start_paused = true)]
async fn each_viewer_gets_a_view_of_their_own() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    for player in Player::BOTH {
        let view = arena
            .games
            .view(game, Viewer::Player(player))
            .await
            .unwrap();
        assert!(matches!(view, View::Player(view) if view.viewer == player));
    }
    let view = arena.games.view(game, Viewer::Spectator).await.unwrap();
    assert!(matches!(view, View::Spectator(_)));
}

#[tokio::test(start_paused = true)]
async fn how_long_a_player_is_away_is_counted_from_the_end_of_the_last_connection() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let connect = || {
        arena
            .games
            .subscribe(game, Viewer::Player(Player::Two), None)
    };
    // Only the server's own measure of the absence counts: a claim carries none.
    let claim = || arena.play(game, Player::One, Command::ClaimWin);
    let wait = |claimed: Result<_, CallError>| match claimed {
        Err(CallError::Rejected(Rejection::OpponentPresent { wait_ms })) => wait_ms,
        other => panic!("{other:?}"),
    };
    let [first, second] = [connect().await.unwrap(), connect().await.unwrap()];
    tokio::time::sleep(Duration::from_millis(2 * AWAY_MS)).await;
    assert_eq!(wait(claim().await), AWAY_MS);
    drop(first);
    tokio::time::sleep(Duration::from_millis(AWAY_MS)).await;
    assert_eq!(wait(claim().await), AWAY_MS, "one connection is left");
    drop(second);
    tokio::task::yield_now().await;
    tokio::time::sleep(Duration::from_millis(AWAY_MS - 10)).await;
    assert!((5..=10).contains(&wait(claim().await)));
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert!(claim().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn events_are_for_everyone_when_the_game_is_over() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let early = arena.games.events(game, 0).await.unwrap_err();
    assert_eq!(early.reason(), "wrong_state");
    arena
        .play(game, Player::One, Command::Resign)
        .await
        .unwrap();
    let events = arena.games.events(game, 2).await.unwrap();
    let numbers: Vec<u64> = events.iter().map(|published| published.seq()).collect();
    assert_eq!(numbers, [3, 4, 5, 6, 7]);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_to_a_stale_process_starts_a_current_one() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    // An append by an earlier process is stored without this process's knowledge.
    let known = replay(&arena.log(game).await).unwrap();
    let batch = Batch {
        at: SystemTime::now(),
        by: Player::One,
        command_id: None,
        opening: None,
        events: decide(&known, Player::One, guess(0), &Facts::default()).unwrap(),
    };
    let seq = known.seq();
    arena.journal.append(game, seq, batch).await.unwrap();
    let subscription = arena.watch(game, Some(seq - 1)).await;
    assert_eq!(subscription.seq, seq + 1);
    let Start::Missed(missed) = subscription.start else {
        panic!("a view, although the number was known");
    };
    let missed = missed.iter().map(|published| published.seq());
    assert_eq!(Vec::from_iter(missed), [seq, seq + 1]);
}
