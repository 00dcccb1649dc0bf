//! A game may crash at any point; only its supervisor notices.

use std::time::Duration;

use islands_core::{Player, View, Viewer};
use islands_engine::testing::{AppendFault, LoadFault};
use islands_engine::{CallError, CatchUp};

use crate::fixture::{Fixture, guess, next};

const FAULTS: [AppendFault; 5] = [
    AppendFault::PanicBefore,
    AppendFault::PanicAfter,
    AppendFault::UnknownStored,
    AppendFault::UnknownLost,
    AppendFault::Unavailable,
];

#[tokio::test(start_paused = true)]
async fn a_command_lost_in_a_crash_is_carried_out_once() {
    for fault in [
        AppendFault::PanicBefore,
        AppendFault::PanicAfter,
        AppendFault::UnknownStored,
        AppendFault::UnknownLost,
    ] {
        let fixture = Fixture::new().await;
        let game = fixture.battle().await;
        fixture.journal.next_append(game, fault.clone());
        let accepted = fixture.play(game, Player::One, guess(0)).await.unwrap();
        assert_eq!(accepted.seq, 7, "{fault:?}");
        assert_eq!(fixture.log(game).await.len(), 7, "{fault:?}");
        fixture.play(game, Player::Two, guess(0)).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_that_the_journal_refuses_changes_nothing() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    fixture.journal.set_unavailable(true);
    let refused = fixture.play(game, Player::One, guess(0)).await;
    assert_eq!(refused, Err(CallError::JournalUnavailable));
    assert!(!fixture.games.is_writable());
    fixture.journal.set_unavailable(false);
    assert_eq!(
        fixture.play(game, Player::One, guess(0)).await.unwrap().seq,
        7
    );
}

#[tokio::test(start_paused = true)]
async fn a_new_subscription_gets_exactly_the_missed_events() {
    for fault in FAULTS {
        let fixture = Fixture::new().await;
        let game = fixture.battle().await;
        let mut watching = fixture.watch(game, None).await;
        let mut seen = watching.seq;
        for n in 0..10 {
            for player in Player::BOTH {
                if n % 3 == 0 {
                    fixture.journal.next_append(game, fault.clone());
                    // Longer than the budget's window, so that crashes do not add up.
                    tokio::time::sleep(Duration::from_secs(6)).await;
                }
                let mut played = fixture.play(game, player, guess(n)).await;
                if played == Err(CallError::JournalUnavailable) {
                    played = fixture.play(game, player, guess(n)).await;
                }
                assert!(played.is_ok(), "{fault:?}: {played:?}");
            }
        }
        let log = fixture.log(game).await;
        while seen < log.len() as u64 {
            if let Some(published) = next(&mut watching).await {
                assert_eq!(published.seq(), seen + 1, "{fault:?}");
                seen += 1;
                continue;
            }
            watching = fixture.watch(game, Some(seen)).await;
            let CatchUp::Missed(missed) = &watching.catch_up else {
                panic!("a view instead of what was missed");
            };
            for published in missed {
                assert_eq!(published.seq(), seen + 1, "{fault:?}");
                seen += 1;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_game_that_crashes_too_often_is_quarantined_and_others_play_on() {
    let fixture = Fixture::new().await;
    let [poison, neighbour] = [fixture.battle().await, fixture.battle().await];
    for _ in 0..4 {
        fixture
            .journal
            .next_append(poison, AppendFault::PanicBefore);
    }
    let mut n = 0;
    let error = loop {
        let neighbours = fixture.play(neighbour, Player::One, guess(n)).await;
        assert!(neighbours.is_ok());
        fixture
            .play(neighbour, Player::Two, guess(n))
            .await
            .unwrap();
        match fixture.play(poison, Player::One, guess(0)).await {
            Err(CallError::Quarantined { error }) => break error,
            Err(_) => n += 1,
            Ok(_) => panic!("the poison was carried out"),
        }
    };
    assert!(error.contains("injected before the append"), "{error}");
    assert_eq!(fixture.log(poison).await.len(), 6);
    let refused = fixture
        .games
        .subscribe(poison, Viewer::Spectator, None)
        .await;
    assert_eq!(refused.err().unwrap().reason(), "quarantined");
}

#[tokio::test(start_paused = true)]
async fn a_damaged_log_quarantines_its_game_at_once() {
    let fixture = Fixture::new().await;
    let game = fixture
        .games
        .create("Ada", Default::default())
        .await
        .unwrap();
    fixture
        .journal
        .next_load(LoadFault::Damaged("injected".into()));
    for _ in 0..2 {
        let refused = fixture
            .games
            .view(game, Viewer::Spectator)
            .await
            .unwrap_err();
        let error = "injected".into();
        assert_eq!(refused, CallError::Quarantined { error });
    }
}

#[tokio::test(start_paused = true)]
async fn a_game_starts_once_its_log_can_be_read_again() {
    let fixture = Fixture::new().await;
    let game = fixture
        .games
        .create("Ada", Default::default())
        .await
        .unwrap();
    fixture.journal.next_load(LoadFault::Unavailable);
    let refused = fixture.games.view(game, Viewer::Spectator).await;
    assert_eq!(refused, Err(CallError::JournalUnavailable));
    assert!(fixture.games.view(game, Viewer::Spectator).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_game_that_panics_while_it_starts_is_restarted() {
    let fixture = Fixture::new().await;
    let game = fixture
        .games
        .create("Ada", Default::default())
        .await
        .unwrap();
    fixture.journal.next_load(LoadFault::Panic);
    fixture.journal.next_load(LoadFault::Panic);
    let view = fixture.games.view(game, Viewer::Spectator).await.unwrap();
    let View::Spectator(view) = view else {
        panic!("a player's view for a spectator");
    };
    assert_eq!(view.public.seq, 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_games_play_on_beside_one_that_crashes() {
    let fixture = Fixture::new().await;
    let crashing = fixture.battle().await;
    let mut others = Vec::new();
    for _ in 0..1_000 {
        others.push(fixture.battle().await);
    }
    for n in 0..3 {
        fixture
            .journal
            .next_append(crashing, AppendFault::PanicAfter);
        for player in Player::BOTH {
            for game in &others {
                fixture.play(*game, player, guess(n)).await.unwrap();
            }
            fixture.play(crashing, player, guess(n)).await.unwrap();
        }
        tokio::time::advance(Duration::from_secs(10)).await;
    }
    for game in others.iter().chain([&crashing]) {
        assert_eq!(fixture.log(*game).await.len(), 12);
    }
}
