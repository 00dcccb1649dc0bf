//! Replay of logs that were tampered with.

use islands_core::{
    Board, Command, CoordinateSet, Event, Game, IslandType, Move, Outcome, Player, PlayerName,
    Rejection, ReplayError, ReplayErrorKind, apply, random_board, replay,
};

use crate::commands::NEXT;
use crate::fixture::{Fixture, event_name, land};
use crate::monkey;

fn logs() -> impl Iterator<Item = Vec<Event>> {
    (0..40).map(|seed| monkey::play(seed, |_| {}).log)
}

#[track_caller]
fn refused(log: &[Event], what: &str) -> ReplayError {
    replay(log).expect_err(what)
}

/// Checks that `replay` does not panic, and that it returns the fold of the log.
fn check_replay(log: &[Event]) {
    if let Ok(game) = replay(log) {
        let Some((Event::GameCreated(created), rest)) = log.split_first() else {
            panic!("no game begins like this");
        };
        assert_eq!(rest.iter().fold(Game::new(created), apply), game);
    }
}

#[test]
fn replay_never_panics_on_a_damaged_log() {
    for log in logs() {
        for place in 0..log.len() {
            let mut removed = log.clone();
            let event = removed.remove(place);
            check_replay(&removed);
            let mut twice = log.clone();
            twice.insert(place, event);
            check_replay(&twice);
            let mut swapped = log.clone();
            swapped.swap(place, log.len() / 2);
            check_replay(&swapped);
        }
    }
}

#[test]
fn an_event_that_can_happen_once_does_not_happen_twice() {
    for log in logs() {
        for (place, event) in log.iter().enumerate() {
            let repeatable = ["IslandPositioned", "IslandsPositioned"];
            if repeatable.contains(&event_name(event).as_str()) {
                continue;
            }
            let mut twice = log.clone();
            twice.insert(place, event.clone());
            refused(&twice, &format!("{event:?} twice"));
        }
    }
}

#[test]
fn a_log_without_a_required_event_is_refused() {
    for log in logs() {
        for (place, pair) in log.windows(2).enumerate() {
            // Without the first event of the pair, the second cannot have happened.
            let rests = match pair {
                [Event::GameCreated(_) | Event::PlayerAdded { .. }, _]
                | [
                    Event::CoordinateGuessed(_),
                    Event::CoordinateGuessed(_) | Event::GameWon { .. },
                ]
                | [Event::IslandsSet { .. }, Event::CoordinateGuessed(_)]
                | [Event::RematchRequested { .. }, Event::RematchStarted { .. }] => true,
                [_, Event::RematchRequested { .. }] => !is_rematch(&pair[0]),
                _ => false,
            };
            if rests {
                let mut removed = log.clone();
                let event = removed.remove(place);
                refused(&removed, &format!("{:?} without {event:?}", pair[1]));
            }
        }
    }
}

fn is_rematch(event: &Event) -> bool {
    event_name(event).starts_with("Rematch")
}

#[test]
fn guesses_are_replayed_in_order() {
    for log in logs() {
        for place in 1..log.len() {
            if let [Event::CoordinateGuessed(_), Event::CoordinateGuessed(_)] =
                &log[place - 1..=place]
            {
                let mut swapped = log.clone();
                swapped.swap(place - 1, place);
                let error = refused(&swapped, "guesses out of turn");
                assert_eq!(error.seq, place as u64, "it is named");
                assert_eq!(error.kind, ReplayErrorKind::Refused(Rejection::NotYourTurn));
            }
        }
    }
}

/// The same guess with a wrong outcome, and with a wrong forested island.
fn altered(event: &Event) -> Vec<Event> {
    let Event::CoordinateGuessed(guess) = *event else {
        return Vec::new();
    };
    let outcome = match guess.outcome {
        Outcome::Hit => Outcome::Miss,
        Outcome::Miss => Outcome::Hit,
    };
    let forested = match guess.forested {
        None => Some(IslandType::Dot),
        Some(_) => None,
    };
    let answers = [Move { outcome, ..guess }, Move { forested, ..guess }];
    answers.map(Event::CoordinateGuessed).into()
}

#[test]
fn the_answer_to_a_guess_is_what_the_board_says() {
    for log in logs() {
        for (place, event) in log.iter().enumerate() {
            for other in altered(event) {
                let mut log = log.clone();
                log[place] = other;
                let error = refused(&log, "another answer");
                let seq = place as u64 + 1;
                let kind = ReplayErrorKind::Mismatch;
                assert_eq!(error, ReplayError { seq, kind });
            }
        }
    }
}

#[test]
fn a_guess_is_made_by_the_player_on_turn() {
    for log in logs() {
        for (place, event) in log.iter().enumerate() {
            if let Event::CoordinateGuessed(guess) = *event {
                let by = guess.by.opponent();
                let mut log = log.clone();
                log[place] = Event::CoordinateGuessed(Move { by, ..guess });
                let error = refused(&log, "someone else's guess");
                assert_eq!(error.kind, ReplayErrorKind::Refused(Rejection::NotYourTurn));
            }
        }
    }
}

#[test]
fn a_guest_with_player_1s_name_is_refused() {
    let mut log = Fixture::joined().log;
    let name = PlayerName::new("Ada").unwrap();
    log[1] = Event::PlayerAdded { name };
    let kind = ReplayErrorKind::Refused(Rejection::NameTaken);
    assert_eq!(refused(&log, "two Adas"), ReplayError { seq: 2, kind });
}

#[test]
fn islands_that_were_not_there_when_they_were_set_change_the_answers() {
    let boards: Vec<Board> = (0..50).map(random_board).collect();
    let fixture = Fixture::battle().alternate_guesses(land(Player::Two), CoordinateSet::ALL);
    let place = fixture
        .names()
        .iter()
        .position(|name| name == "IslandsPositioned")
        .unwrap()
        + 1;
    for board in boards {
        let mut log = fixture.log.clone();
        log[place] = Event::IslandsPositioned {
            by: Player::Two,
            board,
        };
        refused(&log, "another board");
    }
}

#[test]
fn a_win_follows_the_guess_that_won() {
    let fixture = Fixture::battle().alternate_guesses(land(Player::Two), CoordinateSet::ALL);
    let (won, guesses) = fixture.log.split_last().unwrap();
    assert_eq!(*won, Event::GameWon { by: Player::One });
    let error = refused(guesses, "a won game that goes on");
    assert_eq!(error.kind, ReplayErrorKind::Mismatch);

    let mut early = Fixture::battle().log;
    early.push(Event::GameWon { by: Player::One });
    let error = refused(&early, "a win without a guess");
    assert_eq!(error.kind, ReplayErrorKind::OutOfPlace);
}

#[test]
fn a_rematch_follows_the_second_request() {
    let fixture = Fixture::over()
        .accept(Player::One, Command::RequestRematch)
        .accept(Player::Two, Command::RequestRematch);
    let (started, asked) = fixture.log.split_last().unwrap();
    assert_eq!(*started, Event::RematchStarted { game: NEXT });
    assert_eq!(refused(asked, "both asked").kind, ReplayErrorKind::Mismatch);
}

#[test]
fn a_log_begins_with_the_creation_of_its_game() {
    let nothing = refused(&[], "nothing is no game");
    assert_eq!(
        nothing.to_string(),
        "event 1 could not have happened: it is out of place"
    );
    let headless = &Fixture::joined().log[1..];
    assert_eq!(refused(headless, "nobody opened it").seq, 1);
}

#[test]
fn an_error_says_which_event_and_why_not() {
    let mut log = Fixture::joined().log;
    log.push(Event::PlayerResigned { by: Player::One });
    log.push(Event::PlayerResigned { by: Player::Two });
    assert_eq!(
        refused(&log, "nobody gives up twice").to_string(),
        "event 4 could not have happened: the game is over"
    );
}
