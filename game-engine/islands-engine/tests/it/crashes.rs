//! A game may crash at any point; only its supervisor notices.

use std::time::Duration;

use islands_core::{Player, View, Viewer};
use islands_engine::testing::{AppendFault, LoadFault};
use islands_engine::{CallError, Start};

use crate::play::{Arena, guess, next};

const FAULTS: [AppendFault; 5] = [
    AppendFault::PanicBefore,
    AppendFault::PanicAfter,
    AppendFault::UnknownStored,
    AppendFault::UnknownLost,
    AppendFault::Unavailable,
];

#[tokio::test(start_paused = true)]
async fn a_command_that_is_caught_in_a_crash_is_carried_out_once() {
    for fault in [
        AppendFault::PanicBefore,
        AppendFault::PanicAfter,
        AppendFault::UnknownStored,
        AppendFault::UnknownLost,
    ] {
        let arena = Arena::new().await;
        let game = arena.battle().await;
        arena.journal.next_append(game, fault.clone());
        let accepted = arena.play(game, Player::One, guess(0)).await.unwrap();
        assert_eq!(accepted.seq, 7, "{fault:?}");
        assert_eq!(arena.log(game).await.len(), 7, "{fault:?}");
        arena.play(game, Player::Two, guess(0)).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_takes_nothing_is_said_to_and_changes_nothing() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    arena.journal.set_down(true);
    let refused = arena.play(game, Player::One, guess(0)).await;
    assert_eq!(refused, Err(CallError::JournalUnavailable));
    assert!(!arena.games.is_writable());
    arena.journal.set_down(false);
    assert_eq!(
        arena.play(game, Player::One, guess(0)).await.unwrap().seq,
        7
    );
}

#[tokio::test(start_paused = true)]
async fn a_new_subscription_gets_exactly_the_missed_events() {
    for fault in FAULTS {
        let arena = Arena::new().await;
        let game = arena.battle().await;
        let mut watching = arena.watch(game, None).await;
        let mut seen = watching.seq;
        for n in 0..10 {
            for player in Player::BOTH {
                if n % 3 == 0 {
                    arena.journal.next_append(game, fault.clone());
                    // Longer than the budget's window, so that crashes do not add up.
                    tokio::time::sleep(Duration::from_secs(6)).await;
                }
                let mut played = arena.play(game, player, guess(n)).await;
                if played == Err(CallError::JournalUnavailable) {
                    played = arena.play(game, player, guess(n)).await;
                }
                assert!(played.is_ok(), "{fault:?}: {played:?}");
            }
        }
        let log = arena.log(game).await;
        while seen < log.len() as u64 {
            if let Some(published) = next(&mut watching).await {
                assert_eq!(published.seq(), seen + 1, "{fault:?}");
                seen += 1;
                continue;
            }
            watching = arena.watch(game, Some(seen)).await;
            let Start::Missed(missed) = &watching.start else {
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
    let arena = Arena::new().await;
    let [poison, neighbour] = [arena.battle().await, arena.battle().await];
    for _ in 0..4 {
        arena.journal.next_append(poison, AppendFault::PanicBefore);
    }
    let mut n = 0;
    let error = loop {
        let neighbours = arena.play(neighbour, Player::One, guess(n)).await;
        assert!(neighbours.is_ok());
        arena.play(neighbour, Player::Two, guess(n)).await.unwrap();
        match arena.play(poison, Player::One, guess(0)).await {
            Err(CallError::Quarantined { error }) => break error,
            Err(_) => n += 1,
            Ok(_) => panic!("the poison was carried out"),
        }
    };
    assert!(error.contains("injected before the append"), "{error}");
    assert_eq!(arena.log(poison).await.len(), 6);
    let refused = arena.games.subscribe(poison, Viewer::Spectator, None).await;
    assert_eq!(refused.err().unwrap().reason(), "quarantined");
}

#[tokio::test(start_paused = true)]
async fn a_damaged_log_quarantines_its_game_at_once() {
    let arena = Arena::new().await;
    let game = arena.games.create("Ada", Default::default()).await.unwrap();
    arena
        .journal
        .next_load(LoadFault::Damaged("injected".into()));
    for _ in 0..2 {
        let refused = arena.games.view(game, Viewer::Spectator).await.unwrap_err();
        let error = "injected".into();
        assert_eq!(refused, CallError::Quarantined { error });
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_that_cannot_be_read_now_can_be_read_later() {
    let arena = Arena::new().await;
    let game = arena.games.create("Ada", Default::default()).await.unwrap();
    arena.journal.next_load(LoadFault::Unavailable);
    let refused = arena.games.view(game, Viewer::Spectator).await;
    assert_eq!(refused, Err(CallError::JournalUnavailable));
    assert!(arena.games.view(game, Viewer::Spectator).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_crash_while_starting_is_a_crash_like_any_other() {
    let arena = Arena::new().await;
    let game = arena.games.create("Ada", Default::default()).await.unwrap();
    arena.journal.next_load(LoadFault::Panic);
    arena.journal.next_load(LoadFault::Panic);
    let view = arena.games.view(game, Viewer::Spectator).await.unwrap();
    let View::Spectator(view) = view else {
        panic!("a player's view for a spectator");
    };
    assert_eq!(view.public.seq, 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_games_play_on_beside_one_that_crashes() {
    let arena = Arena::new().await;
    let crashing = arena.battle().await;
    let mut others = Vec::new();
    for _ in 0..1_000 {
        others.push(arena.battle().await);
    }
    for n in 0..3 {
        arena.journal.next_append(crashing, AppendFault::PanicAfter);
        for player in Player::BOTH {
            for game in &others {
                arena.play(*game, player, guess(n)).await.unwrap();
            }
            arena.play(crashing, player, guess(n)).await.unwrap();
        }
        tokio::time::advance(Duration::from_secs(10)).await;
    }
    for game in others.iter().chain([&crashing]) {
        assert_eq!(arena.log(*game).await.len(), 12);
    }
}
