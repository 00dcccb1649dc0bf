//! A subscriber receives every event, or the end of its subscription.

use std::time::{Duration, SystemTime};

use islands_core::{Command, Facts, MIN_AWAY_MS, Player, Rejection, View, Viewer, decide, replay};
use islands_engine::journal::{Batch, Journal};
use islands_engine::{CallError, CatchUp};

use crate::fixture::{Fixture, guess, next};

#[tokio::test(start_paused = true)]
async fn a_subscription_starts_with_a_view_and_continues_without_a_gap() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let mut watching = fixture.watch(game, None).await;
    let CatchUp::View(view) = &watching.catch_up else {
        panic!("no view");
    };
    assert_eq!((view.seq(), watching.seq), (6, 6));
    for seq in 7..=20 {
        let player = Player::BOTH[usize::from(seq % 2 == 0)];
        fixture
            .play(game, player, guess(seq as usize / 2))
            .await
            .unwrap();
        assert_eq!(next(&mut watching).await.unwrap().seq(), seq);
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscription_with_since_starts_with_the_missed_events() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    for since in 0..=6 {
        let watching = fixture.watch(game, Some(since)).await;
        let CatchUp::Missed(missed) = watching.catch_up else {
            panic!("a view instead of what was missed");
        };
        let numbers: Vec<u64> = missed.iter().map(|published| published.seq()).collect();
        assert_eq!(numbers, (since + 1..=6).collect::<Vec<_>>());
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscription_with_a_future_since_starts_with_a_view() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let watching = fixture.watch(game, Some(7)).await;
    assert!(matches!(watching.catch_up, CatchUp::View(_)));
}

#[tokio::test(start_paused = true)]
async fn a_slow_subscriber_is_dropped_and_can_catch_up() {
    let fixture = Fixture::new().await;
    let game = fixture
        .games
        .create("Ada", Default::default())
        .await
        .unwrap();
    fixture
        .play(game, Player::Two, crate::fixture::join("Bob"))
        .await
        .unwrap();
    let mut slow = fixture.watch(game, None).await;
    for n in 0..300 {
        let player = Player::BOTH[n % 2];
        let arranged = crate::fixture::arrange(n as u64);
        fixture.play(game, player, arranged).await.unwrap();
    }
    let mut seen = slow.seq;
    while let Some(published) = next(&mut slow).await {
        assert_eq!(published.seq(), seen + 1);
        seen += 1;
    }
    assert!(seen < 302, "a queue of 256 events took 300");
    let again = fixture.watch(game, Some(seen)).await;
    assert!(matches!(again.catch_up, CatchUp::Missed(missed) if missed.len() as u64 == 302 - seen));
}

#[tokio::test(start_paused = true)]
async fn each_viewer_gets_its_own_view() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    for player in Player::BOTH {
        let view = fixture
            .games
            .view(game, Viewer::Player(player))
            .await
            .unwrap();
        assert!(matches!(view, View::Player(view) if view.viewer == player));
    }
    let view = fixture.games.view(game, Viewer::Spectator).await.unwrap();
    assert!(matches!(view, View::Spectator(_)));
}

#[tokio::test(start_paused = true)]
async fn absence_is_counted_from_the_end_of_the_last_subscription() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let connect = || {
        fixture
            .games
            .subscribe(game, Viewer::Player(Player::Two), None)
    };
    // Only the server's own measure of the absence counts: a claim carries none.
    let claim = || fixture.play(game, Player::One, Command::ClaimWin);
    let wait = |claimed: Result<_, CallError>| match claimed {
        Err(CallError::Rejected(Rejection::OpponentPresent { wait_ms })) => wait_ms,
        other => panic!("{other:?}"),
    };
    let [first, second] = [connect().await.unwrap(), connect().await.unwrap()];
    tokio::time::sleep(Duration::from_millis(2 * MIN_AWAY_MS)).await;
    assert_eq!(wait(claim().await), MIN_AWAY_MS);
    drop(first);
    tokio::time::sleep(Duration::from_millis(MIN_AWAY_MS)).await;
    assert_eq!(wait(claim().await), MIN_AWAY_MS, "one connection is left");
    drop(second);
    tokio::task::yield_now().await;
    tokio::time::sleep(Duration::from_millis(MIN_AWAY_MS - 10)).await;
    assert!((5..=10).contains(&wait(claim().await)));
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert!(claim().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn events_are_available_only_after_the_end() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let early = fixture.games.events(game, 0).await.unwrap_err();
    assert_eq!(early.reason(), "wrong_state");
    fixture
        .play(game, Player::One, Command::Resign)
        .await
        .unwrap();
    let events = fixture.games.events(game, 2).await.unwrap();
    let numbers: Vec<u64> = events.iter().map(|published| published.seq()).collect();
    assert_eq!(numbers, [3, 4, 5, 6, 7]);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_to_a_stale_process_starts_a_current_one() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    // An append by an earlier process is stored without this process's knowledge.
    let known = replay(&fixture.log(game).await).unwrap();
    let batch = Batch {
        at: SystemTime::now(),
        by: Player::One,
        command_id: None,
        config: None,
        events: decide(&known, Player::One, guess(0), &Facts::default()).unwrap(),
    };
    let seq = known.seq();
    fixture.journal.append(game, seq, batch).await.unwrap();
    let subscription = fixture.watch(game, Some(seq - 1)).await;
    assert_eq!(subscription.seq, seq + 1);
    let CatchUp::Missed(missed) = subscription.catch_up else {
        panic!("a view, although the number was known");
    };
    let missed = missed.iter().map(|published| published.seq());
    assert_eq!(Vec::from_iter(missed), [seq, seq + 1]);
}
