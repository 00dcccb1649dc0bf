//! The contract of [`Journal`], as rules that any implementation can be tested against.
//!
//! [`journal_contract!`](crate::journal_contract) makes a test of each rule. A rule takes
//! an empty journal, and panics if the journal breaks it.
//!
//! ```
//! use islands_engine::journal::MemoryJournal;
//!
//! // A journal for each test, and a guard, such as a temporary folder, that is dropped
//! // when the test ends.
//! islands_engine::journal_contract!((MemoryJournal::new(), ()));
//! ```

use std::time::Duration;

use islands_core::{Event, GameId, Player, replay};

use super::samples::{
    at_second, batch, count_forgotten, game_id, must_append, played_game, retain_since,
};
use crate::journal::{AppendError, Batch, Journal, Retention};

/// Makes a `#[tokio::test]` of each rule of the
/// [journal contract](crate::testing::journal_contract).
///
/// The argument is an expression, evaluated in each test: an empty journal, and a guard
/// that is dropped when the test ends.
#[macro_export]
macro_rules! journal_contract {
    ($journal_and_guard:expr) => {
        $crate::journal_contract! { $journal_and_guard =>
            a_missing_game_has_an_empty_log
            batches_are_loaded_in_append_order
            an_append_with_a_wrong_expected_number_conflicts_and_changes_nothing
            each_event_of_a_batch_has_its_own_number
            a_load_begins_with_the_batch_that_holds_the_next_event
            a_batch_without_an_event_is_refused
            logs_of_different_games_are_separate
            whole_games_are_loaded_as_they_were_appended
            old_games_are_forgotten_and_recent_games_kept
            no_game_is_forgotten_when_the_clock_jumps
            a_forgotten_game_can_start_again
        }
    };
    ($journal_and_guard:expr => $($rule:ident)*) => {
        $(#[tokio::test]
        async fn $rule() {
            let (journal, _guard) = $journal_and_guard;
            $crate::testing::journal_contract::$rule(&journal).await;
        })*
    };
}

/// A game that was never appended to has an empty log.
pub async fn a_missing_game_has_an_empty_log(journal: &dyn Journal) {
    assert_eq!(journal.load(game_id(1), 0).await, Ok(vec![]));
    assert_eq!(journal.load(game_id(1), 5).await, Ok(vec![]));
    assert!(journal.is_writable());
}

/// Loading returns the batches in the order of their appends.
pub async fn batches_are_loaded_in_append_order(journal: &dyn Journal) {
    for number in 0..40 {
        must_append(journal, game_id(1), number, batch(number)).await;
    }
    let all: Vec<_> = (0..40).map(batch).collect();
    assert_eq!(journal.load(game_id(1), 0).await, Ok(all));
}

/// An append that expects another last event fails with [`AppendError::Conflict`].
pub async fn an_append_with_a_wrong_expected_number_conflicts_and_changes_nothing(
    journal: &dyn Journal,
) {
    must_append(journal, game_id(1), 0, batch(0)).await;
    for expected in [0, 2, u64::MAX] {
        let refused = journal.append(game_id(1), expected, batch(1)).await;
        assert_eq!(refused, Err(AppendError::Conflict { actual: 1 }));
    }
    let refused = journal.append(game_id(2), 1, batch(1)).await;
    assert_eq!(refused, Err(AppendError::Conflict { actual: 0 }));
    assert_eq!(journal.load(game_id(1), 0).await, Ok(vec![batch(0)]));
    assert_eq!(journal.load(game_id(2), 0).await, Ok(vec![]));
    must_append(journal, game_id(1), 1, batch(1)).await;
}

/// Returns a batch of `events` events.
fn of_length(events: usize) -> Batch {
    Batch {
        events: vec![Event::GameWon { by: Player::One }; events],
        ..batch(events as u64)
    }
}

/// Each event of a batch has its own number, so no append can split a batch.
pub async fn each_event_of_a_batch_has_its_own_number(journal: &dyn Journal) {
    must_append(journal, game_id(1), 0, of_length(3)).await;
    let inside = journal.append(game_id(1), 1, of_length(1)).await;
    assert_eq!(inside, Err(AppendError::Conflict { actual: 3 }));
    must_append(journal, game_id(1), 3, of_length(2)).await;
    let both = vec![of_length(3), of_length(2)];
    assert_eq!(journal.load(game_id(1), 0).await, Ok(both));
}

/// A load begins with the batch that holds the event after `after`.
pub async fn a_load_begins_with_the_batch_that_holds_the_next_event(journal: &dyn Journal) {
    let log = [of_length(1), of_length(3), of_length(2)];
    must_append(journal, game_id(1), 0, log[0].clone()).await;
    must_append(journal, game_id(1), 1, log[1].clone()).await;
    must_append(journal, game_id(1), 4, log[2].clone()).await;
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
        let loaded = journal.load(game_id(1), after).await;
        assert_eq!(loaded, Ok(log[first..].to_vec()), "after {after}");
    }
    assert_eq!(journal.load(game_id(1), u64::MAX).await, Ok(vec![]));
}

/// An append of a batch without an event fails with [`AppendError::Unavailable`].
pub async fn a_batch_without_an_event_is_refused(journal: &dyn Journal) {
    must_append(journal, game_id(1), 0, batch(0)).await;
    let refused = journal.append(game_id(1), 1, of_length(0)).await;
    assert!(matches!(refused, Err(AppendError::Unavailable(_))));
    assert_eq!(journal.load(game_id(1), 0).await, Ok(vec![batch(0)]));
}

/// An append to one game leaves the logs of all others unchanged.
pub async fn logs_of_different_games_are_separate(journal: &dyn Journal) {
    // Among them are the lowest and the highest id, and two adjacent ids.
    let games = [game_id(0), game_id(1), GameId::from_bytes([255; 10])];
    for number in 0..5 {
        for id in games {
            must_append(journal, id, number, batch(number)).await;
        }
    }
    let all: Vec<_> = (0..5).map(batch).collect();
    for id in games {
        assert_eq!(journal.load(id, 0).await.as_ref(), Ok(&all));
    }
}

/// Whole games, with every kind of event, are loaded as they were appended.
pub async fn whole_games_are_loaded_as_they_were_appended(journal: &dyn Journal) {
    for seed in 0..6 {
        let log = played_game(seed);
        let mut expected = 0;
        for batch in &log {
            must_append(journal, game_id(seed), expected, batch.clone()).await;
            expected += batch.events.len() as u64;
        }
        let loaded = journal.load(game_id(seed), 0).await.expect("a log");
        assert_eq!(loaded, log);
        let events: Vec<_> = loaded.into_iter().flat_map(|batch| batch.events).collect();
        assert_eq!(replay(&events).map(|game| game.seq()), Ok(expected));
    }
}

/// Forgetting deletes a game by the time of its last batch, not of its first.
pub async fn old_games_are_forgotten_and_recent_games_kept(journal: &dyn Journal) {
    // The first batch of every game is old; the last one is recent in every second game.
    let games = 0..30;
    for number in games.clone() {
        must_append(journal, game_id(number), 0, batch(5)).await;
        let last = batch(if number % 2 == 0 { 99 } else { 100 });
        must_append(journal, game_id(number), 1, last).await;
    }
    assert_eq!(
        count_forgotten(journal, retain_since(at_second(100))).await,
        15
    );
    assert_eq!(
        count_forgotten(journal, retain_since(at_second(100))).await,
        0
    );
    for number in games {
        let kept = journal.load(game_id(number), 0).await.expect("a log");
        assert_eq!(kept.len(), if number % 2 == 0 { 0 } else { 2 });
    }
}

/// A jump of the clock makes no game old. Here the clock jumps 40 days ahead.
pub async fn no_game_is_forgotten_when_the_clock_jumps(journal: &dyn Journal) {
    let day = |number: u64| batch(number * 86_400);
    for number in 1..=20 {
        must_append(journal, game_id(number), 0, day(number)).await;
    }
    let after_a_jump = Retention {
        period: Duration::from_secs(30 * 86_400),
        now: at_second(60 * 86_400),
        steady: Duration::from_secs(86_400),
    };
    assert_eq!(count_forgotten(journal, after_a_jump).await, 0);
    // A game played meanwhile changes nothing.
    must_append(journal, game_id(60), 0, day(60)).await;
    assert_eq!(count_forgotten(journal, after_a_jump).await, 0);
    // A clock that has been steady for longer than the period is trusted.
    let steady = Retention {
        steady: Duration::from_secs(40 * 86_400),
        now: at_second(90 * 86_400),
        ..after_a_jump
    };
    assert_eq!(count_forgotten(journal, steady).await, 20);
}

/// A forgotten game can start again with its first event.
pub async fn a_forgotten_game_can_start_again(journal: &dyn Journal) {
    must_append(journal, game_id(1), 0, batch(1)).await;
    assert_eq!(
        count_forgotten(journal, retain_since(at_second(2))).await,
        1
    );
    let late = journal.append(game_id(1), 1, batch(2)).await;
    assert_eq!(late, Err(AppendError::Conflict { actual: 0 }));
    must_append(journal, game_id(1), 0, batch(3)).await;
    assert_eq!(journal.load(game_id(1), 0).await, Ok(vec![batch(3)]));
}
