//! Games played to the last island.

use islands_core::{
    CoordinateSet, Ending, Event, IslandType, Outcome, Player, PlayerView, Reason, Rejection,
    Reply, StateName,
};

use crate::commands::guess;
use crate::fixture::{Fixture, land};

/// The first `count` cells of water on this player's board.
fn water(owner: Player, count: usize) -> CoordinateSet {
    (CoordinateSet::ALL - land(owner))
        .iter()
        .take(count)
        .collect()
}

#[test]
fn the_shortest_game_is_18_guesses_against_17() {
    let fixture = Fixture::battle().alternate_guesses(land(Player::Two), water(Player::One, 100));
    let view = PlayerView::of(&fixture.game, Player::One);
    let guesses = |by| {
        view.public
            .moves
            .iter()
            .filter(|guess| guess.by == by)
            .count()
    };
    assert_eq!((guesses(Player::One), guesses(Player::Two)), (18, 17));
    assert!(fixture.game.is_over());
}

#[test]
fn a_winning_guess_is_two_events_and_a_reply_that_says_so() {
    let mut last_missing = land(Player::Two);
    let last = last_missing.iter().last().expect("18 cells");
    last_missing = last_missing - [last].into_iter().collect();
    let mut fixture = Fixture::battle().alternate_guesses(last_missing, water(Player::One, 100));
    assert_eq!(fixture.game.seq(), 6 + 17 + 17);

    let events = fixture
        .try_command(Player::One, guess(&last.to_string()))
        .unwrap();
    let [Event::CoordinateGuessed(guessed), won] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(guessed.outcome, Outcome::Hit);
    assert_eq!(*won, Event::GameWon { by: Player::One });
    assert_eq!(fixture.game.seq(), 6 + 17 + 17 + 2);
    let outcome = Outcome::Hit;
    let forested = Some(IslandType::Dot);
    let win = true;
    assert_eq!(
        Reply::of(&fixture.game, Player::One, &events),
        Reply::Guessed {
            outcome,
            forested,
            win
        }
    );
}

#[test]
fn player_2_can_win_as_well() {
    let fixture = Fixture::battle().alternate_guesses(water(Player::Two, 18), land(Player::One));
    let view = PlayerView::of(&fixture.game, Player::One).public;
    let winner = Player::Two;
    let reason = Reason::Forested;
    assert_eq!(view.winner, Some(Ending { winner, reason }));
    assert_eq!(view.state, StateName::GameOver);
    assert_eq!(view.moves.len(), 36);
}

#[test]
fn seventeen_hits_win_nothing() {
    let most: CoordinateSet = land(Player::Two).iter().take(17).collect();
    let fixture = Fixture::battle().alternate_guesses(most, water(Player::One, 17));
    assert!(!fixture.game.is_over());
}

#[test]
fn after_the_end_guesses_are_refused_and_boards_shown() {
    let fixture = Fixture::battle().alternate_guesses(land(Player::Two), water(Player::One, 100));
    for by in Player::BOTH {
        assert_eq!(fixture.reject(by, guess("E5")), Rejection::GameOver);
    }
    let view = PlayerView::of(&fixture.game, Player::Two).public;
    let boards = view.boards.expect("both boards");
    for owner in Player::BOTH {
        assert_eq!(boards[owner].land(), land(owner));
    }
    assert_eq!(view.forested[Player::Two].land(), land(Player::Two));
    assert!(view.forested[Player::One].is_empty());
}
