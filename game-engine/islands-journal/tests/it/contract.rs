//! The contract of [`Journal`], tested on every implementation.

use std::time::Duration;

use islands_core::{Event, GameId, Player, replay};
use islands_engine::journal::{AppendError, Batch, Journal, Retention};

use crate::games::{batch, before, forgotten, game, played, seconds};

/// Makes a test of each rule for each implementation.
macro_rules! hold_for_every_journal {
    ($($rule:ident)*) => {
        mod memory {
            use islands_engine::journal::MemoryJournal;

            $(#[tokio::test]
            async fn $rule() {
                super::$rule(&MemoryJournal::new()).await;
            })*
        }

        mod redb {
            use islands_journal::RedbJournal;

            $(#[tokio::test]
            async fn $rule() {
                let folder = tempfile::tempdir().unwrap();
                let journal = RedbJournal::open(folder.path().join("journal.redb"));
                super::$rule(&journal.unwrap()).await;
            })*
        }
    };
}

hold_for_every_journal! {
    a_game_that_is_not_there_is_empty
    batches_are_loaded_in_the_order_in_which_they_were_appended
    an_append_after_another_event_is_a_conflict_and_changes_nothing
    the_events_of_a_batch_count_one_by_one
    a_load_begins_with_the_batch_that_holds_the_next_event
    a_batch_without_an_event_is_refused
    games_do_not_know_each_other
    whole_games_come_back_as_they_were
    old_games_are_forgotten_and_young_ones_kept
    no_game_is_forgotten_when_the_clock_jumps
    a_forgotten_game_can_begin_anew
}

/// Appends a batch, which must succeed.
pub(crate) async fn keep(journal: &dyn Journal, game: GameId, expected: u64, batch: Batch) {
    assert_eq!(journal.append(game, expected, batch).await, Ok(()));
}

async fn a_game_that_is_not_there_is_empty(journal: &dyn Journal) {
    assert_eq!(journal.load(game(1), 0).await, Ok(vec![]));
    assert_eq!(journal.load(game(1), 5).await, Ok(vec![]));
    assert!(journal.is_writable());
}

async fn batches_are_loaded_in_the_order_in_which_they_were_appended(journal: &dyn Journal) {
    for number in 0..40 {
        keep(journal, game(1), number, batch(number)).await;
    }
    let all: Vec<_> = (0..40).map(batch).collect();
    assert_eq!(journal.load(game(1), 0).await, Ok(all));
}

async fn an_append_after_another_event_is_a_conflict_and_changes_nothing(journal: &dyn Journal) {
    keep(journal, game(1), 0, batch(0)).await;
    for expected in [0, 2, u64::MAX] {
        let refused = journal.append(game(1), expected, batch(1)).await;
        assert_eq!(refused, Err(AppendError::Conflict { actual: 1 }));
    }
    let refused = journal.append(game(2), 1, batch(1)).await;
    assert_eq!(refused, Err(AppendError::Conflict { actual: 0 }));
    assert_eq!(journal.load(game(1), 0).await, Ok(vec![batch(0)]));
    assert_eq!(journal.load(game(2), 0).await, Ok(vec![]));
    keep(journal, game(1), 1, batch(1)).await;
}

/// Returns a batch of `events` events.
fn of_length(events: usize) -> Batch {
    Batch {
        events: vec![Event::GameWon { by: Player::One }; events],
        ..batch(events as u64)
    }
}

async fn the_events_of_a_batch_count_one_by_one(journal: &dyn Journal) {
    keep(journal, game(1), 0, of_length(3)).await;
    let inside = journal.append(game(1), 1, of_length(1)).await;
    assert_eq!(inside, Err(AppendError::Conflict { actual: 3 }));
    keep(journal, game(1), 3, of_length(2)).await;
    let both = vec![of_length(3), of_length(2)];
    assert_eq!(journal.load(game(1), 0).await, Ok(both));
}

async fn a_load_begins_with_the_batch_that_holds_the_next_event(journal: &dyn Journal) {
    let log = [of_length(1), of_length(3), of_length(2)];
    keep(journal, game(1), 0, log[0].clone()).await;
    keep(journal, game(1), 1, log[1].clone()).await;
    keep(journal, game(1), 4, log[2].clone()).await;
    for (after, first) in [
        (0, 0),
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 2),
        (5, 2),
        (6, 3),
        (7, 3),
    ] {
        let loaded = journal.load(game(1), after).await;
        assert_eq!(loaded, Ok(log[first..].to_vec()), "after {after}");
    }
    assert_eq!(journal.load(game(1), u64::MAX).await, Ok(vec![]));
}

async fn a_batch_without_an_event_is_refused(journal: &dyn Journal) {
    keep(journal, game(1), 0, batch(0)).await;
    let refused = journal.append(game(1), 1, of_length(0)).await;
    assert!(matches!(refused, Err(AppendError::Unavailable(_))));
    assert_eq!(journal.load(game(1), 0).await, Ok(vec![batch(0)]));
}

async fn games_do_not_know_each_other(journal: &dyn Journal) {
    // The first and the last id, and two adjacent ones.
    let games = [game(0), game(1), GameId::from_bytes([255; 10])];
    for number in 0..5 {
        for id in games {
            keep(journal, id, number, batch(number)).await;
        }
    }
    let all: Vec<_> = (0..5).map(batch).collect();
    for id in games {
        assert_eq!(journal.load(id, 0).await.as_ref(), Ok(&all));
    }
}

async fn whole_games_come_back_as_they_were(journal: &dyn Journal) {
    for seed in 0..6 {
        let log = played(seed);
        let mut expected = 0;
        for batch in &log {
            keep(journal, game(seed), expected, batch.clone()).await;
            expected += batch.events.len() as u64;
        }
        let loaded = journal.load(game(seed), 0).await.expect("a log");
        assert_eq!(loaded, log);
        let events: Vec<_> = loaded.into_iter().flat_map(|batch| batch.events).collect();
        assert_eq!(replay(&events).map(|game| game.seq()), Ok(expected));
    }
}

async fn old_games_are_forgotten_and_young_ones_kept(journal: &dyn Journal) {
    // The first batch of every game is old; the last one is young in every second game.
    let games = 0..30;
    for number in games.clone() {
        keep(journal, game(number), 0, batch(5)).await;
        let last = batch(if number % 2 == 0 { 99 } else { 100 });
        keep(journal, game(number), 1, last).await;
    }
    assert_eq!(forgotten(journal, before(seconds(100))).await, 15);
    assert_eq!(forgotten(journal, before(seconds(100))).await, 0);
    for number in games {
        let kept = journal.load(game(number), 0).await.expect("a log");
        assert_eq!(kept.len(), if number % 2 == 0 { 0 } else { 2 });
    }
}

/// The clock is 40 days ahead, so all games look old, although none is.
async fn no_game_is_forgotten_when_the_clock_jumps(journal: &dyn Journal) {
    let day = |number: u64| batch(number * 86_400);
    for number in 1..=20 {
        keep(journal, game(number), 0, day(number)).await;
    }
    let after_a_jump = Retention {
        period: Duration::from_secs(30 * 86_400),
        now: seconds(60 * 86_400),
        steady: Duration::from_secs(86_400),
    };
    assert_eq!(forgotten(journal, after_a_jump).await, 0);
    // A game played meanwhile changes nothing.
    keep(journal, game(60), 0, day(60)).await;
    assert_eq!(forgotten(journal, after_a_jump).await, 0);
    // A clock that has been steady for longer than the period is trusted.
    let steady = Retention {
        steady: Duration::from_secs(40 * 86_400),
        now: seconds(90 * 86_400),
        ..after_a_jump
    };
    assert_eq!(forgotten(journal, steady).await, 20);
}

async fn a_forgotten_game_can_begin_anew(journal: &dyn Journal) {
    keep(journal, game(1), 0, batch(1)).await;
    assert_eq!(forgotten(journal, before(seconds(2))).await, 1);
    let late = journal.append(game(1), 1, batch(2)).await;
    assert_eq!(late, Err(AppendError::Conflict { actual: 0 }));
    keep(journal, game(1), 0, batch(3)).await;
    assert_eq!(journal.load(game(1), 0).await, Ok(vec![batch(3)]));
}
