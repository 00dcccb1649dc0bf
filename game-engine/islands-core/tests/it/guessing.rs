//! Guessing in turn.

use islands_core::{
    Command, Event, IslandType, Outcome, Player, PlayerView, Rejection, Reply, StateName,
};

use crate::commands::guess;
use crate::fixture::Fixture;

const ADA: Player = Player::One;
const BOB: Player = Player::Two;

/// Checks what Ada's guess at this cell finds on Bob's board.
#[track_caller]
fn check(fixture: &mut Fixture, cell: &str, outcome: Outcome, forested: Option<IslandType>) {
    let events = fixture.try_command(ADA, guess(cell)).expect("a guess");
    let win = events.len() == 2;
    let reply = Reply::of(&fixture.game, ADA, &events);
    assert_eq!(
        reply,
        Reply::Guessed {
            outcome,
            forested,
            win
        }
    );
}

fn turn(fixture: &Fixture) -> StateName {
    PlayerView::of(&fixture.game, ADA).public.state
}

#[test]
fn a_guess_finds_land_or_water() {
    check(&mut Fixture::battle(), "A9", Outcome::Hit, None);
    check(&mut Fixture::battle(), "A8", Outcome::Miss, None);
    // The lagoon of the atoll and the corner of the S are water.
    check(&mut Fixture::battle(), "D5", Outcome::Miss, None);
    check(&mut Fixture::battle(), "G6", Outcome::Miss, None);
}

#[test]
fn the_last_cell_of_an_island_forests_it() {
    check(
        &mut Fixture::battle(),
        "J8",
        Outcome::Hit,
        Some(IslandType::Dot),
    );

    let mut fixture = Fixture::battle();
    for (mine, theirs) in [("A9", "A3"), ("A10", "A4"), ("B9", "A6")] {
        check(&mut fixture, mine, Outcome::Hit, None);
        fixture = fixture.accept(BOB, guess(theirs));
    }
    check(&mut fixture, "B10", Outcome::Hit, Some(IslandType::Square));
}

#[test]
fn every_guess_passes_the_turn() {
    let fixture = Fixture::battle();
    assert_eq!(turn(&fixture), StateName::Player1Turn);
    let fixture = fixture.accept(ADA, guess("A9"));
    assert_eq!(turn(&fixture), StateName::Player2Turn);
    let fixture = fixture.accept(BOB, guess("J5"));
    assert_eq!(turn(&fixture), StateName::Player1Turn);
}

#[test]
fn a_guess_out_of_turn_is_refused() {
    let fixture = Fixture::battle();
    assert_eq!(fixture.reject(BOB, guess("A1")), Rejection::NotYourTurn);
    let off_board = Command::GuessCoordinate { row: 11, col: 1 };
    assert_eq!(fixture.reject(BOB, off_board), Rejection::NotYourTurn);
}

#[test]
fn a_repeated_guess_is_refused_and_keeps_the_turn() {
    let fixture = Fixture::battle()
        .accept(ADA, guess("A9"))
        .accept(BOB, guess("J5"))
        .accept(ADA, guess("A8"))
        .accept(BOB, guess("J6"));
    for cell in ["A9", "A8"] {
        let at = cell.parse().expect("a cell");
        assert_eq!(
            fixture.reject(ADA, guess(cell)),
            Rejection::AlreadyGuessed { at }
        );
    }
    assert_eq!(turn(&fixture), StateName::Player1Turn);
    // Bob guessed J5 before, which does not keep Ada from guessing it.
    fixture.accept(ADA, guess("J5"));
}

#[test]
fn a_guess_is_a_cell() {
    let fixture = Fixture::battle();
    for (row, col) in [
        (0, 1),
        (1, 0),
        (11, 1),
        (1, 11),
        (-1, i64::MAX),
        (i64::MIN, 5),
    ] {
        let refused = fixture.reject(ADA, Command::GuessCoordinate { row, col });
        assert_eq!(refused, Rejection::InvalidCoordinate { row, col });
    }
}

#[test]
fn guesses_are_refused_until_both_have_set_their_islands() {
    let fixture = Fixture::arranged().accept(ADA, Command::SetIslands);
    for by in Player::BOTH {
        let refused = fixture.reject(by, guess("A1"));
        let expected = &[StateName::Player1Turn, StateName::Player2Turn];
        let actual = StateName::PlayersSet;
        assert_eq!(refused, Rejection::WrongState { expected, actual });
    }
}

#[test]
fn a_guess_is_one_event_with_its_answer() {
    let mut fixture = Fixture::battle();
    let events = fixture.try_command(ADA, guess("J8")).unwrap();
    let [Event::CoordinateGuessed(guessed)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(guessed.by, ADA);
    assert_eq!(guessed.at.to_string(), "J8");
    assert_eq!(guessed.outcome, Outcome::Hit);
    assert_eq!(guessed.forested, Some(IslandType::Dot));
}
