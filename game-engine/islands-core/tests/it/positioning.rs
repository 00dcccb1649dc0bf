//! Arranging islands: one by one, all at once, and setting them.

use islands_core::{
    Command, Event, Facts, IslandType, MAX_POSITIONINGS, Placement, Player, PlayerView, Rejection,
    StateName, decide,
};

use crate::commands::{position, position_all};
use crate::drawing::{ADA, BOB, placements};
use crate::fixture::{Fixture, event_name};

const ME: Player = Player::One;

#[track_caller]
fn check(fixture: &Fixture, command: Command, refused: Rejection) {
    assert_eq!(
        decide(&fixture.game, ME, command, &Facts::default()),
        Err(refused)
    );
}

#[test]
fn an_island_can_be_moved_until_it_is_set() {
    let fixture = Fixture::joined()
        .accept(ME, position("square", 1, 1))
        .accept(ME, position("square", 1, 2));
    let board = PlayerView::of(&fixture.game, ME).board;
    let cells: Vec<String> = board.land().iter().map(|cell| cell.to_string()).collect();
    assert_eq!(cells, ["A2", "A3", "B2", "B3"]);

    let fixture = Fixture::arranged().accept(ME, Command::SetIslands);
    check(
        &fixture,
        position("dot", 5, 5),
        Rejection::IslandsAlreadySet,
    );
    check(&fixture, position_all(BOB), Rejection::IslandsAlreadySet);
}

#[test]
fn an_island_lies_on_the_board_and_over_no_other() {
    let fixture = Fixture::joined().accept(ME, position("square", 1, 1));
    let island = IslandType::Atoll;
    check(
        &fixture,
        position("atoll", 9, 1),
        Rejection::OffBoard { island },
    );
    check(
        &fixture,
        position("atoll", 1, 10),
        Rejection::OffBoard { island },
    );
    let (row, col) = (0, 11);
    check(
        &fixture,
        position("atoll", row, col),
        Rejection::InvalidCoordinate { row, col },
    );
    let with = IslandType::Square;
    check(
        &fixture,
        position("dot", 2, 2),
        Rejection::OverlappingIsland { with },
    );
    check(
        &fixture,
        position("reef", 0, 0),
        Rejection::InvalidIslandType,
    );
}

#[test]
fn each_player_has_a_board_of_its_own() {
    Fixture::joined()
        .accept(Player::One, position_all(ADA))
        .accept(Player::Two, position_all(ADA));
}

#[test]
fn all_islands_at_once_is_one_event() {
    let mut fixture = Fixture::joined();
    let events = fixture.try_command(ME, position_all(ADA)).unwrap();
    let names: Vec<String> = events.iter().map(event_name).collect();
    assert_eq!(names, ["IslandsPositioned"]);
}

#[test]
fn all_islands_at_once_may_pass_through_each_other() {
    // Ada's dot goes to the place of her atoll, and the atoll to that of the dot.
    // Moved one by one, the first would overlap the second.
    let swapped = "
        d . . a a . . . . .
        . . . . a . . . . .
        . . . a a . . . . .
        . . . . . . . . . .
        l . . . . . . . . .
        l . . . . . . . . .
        l l . . . . . . . .
        . . . . . . . . . .
        . s s . . . . . q q
        s s . . . . . . q q
    ";
    let fixture = Fixture::arranged();
    let with = IslandType::Atoll;
    check(
        &fixture,
        position("dot", 1, 1),
        Rejection::OverlappingIsland { with },
    );
    let with = IslandType::Dot;
    check(
        &fixture,
        position("atoll", 1, 4),
        Rejection::OverlappingIsland { with },
    );
    fixture.accept(ME, position_all(swapped));
}

#[test]
fn all_islands_at_once_is_all_or_none() {
    let fixture = Fixture::joined();
    let with_last = |last: Option<Placement>| {
        let mut islands = placements(ADA);
        islands.truncate(4);
        islands.extend(last);
        Command::PositionAll { islands }
    };
    let square = |row, col| {
        let island = "square".to_string();
        with_last(Some(Placement { island, row, col }))
    };
    let missing = vec![IslandType::Square];
    check(
        &fixture,
        with_last(None),
        Rejection::NotAllIslandsPositioned { missing },
    );
    let island = IslandType::Square;
    check(&fixture, square(10, 10), Rejection::OffBoard { island });
    let with = IslandType::Atoll;
    check(
        &fixture,
        square(1, 1),
        Rejection::OverlappingIsland { with },
    );
    assert!(PlayerView::of(&fixture.game, ME).board.is_empty());
    fixture.accept(ME, square(9, 9));
}

#[test]
fn only_a_whole_board_can_be_set() {
    let fixture = Fixture::joined().accept(ME, position("dot", 1, 1));
    let missing = vec![
        IslandType::Atoll,
        IslandType::LShape,
        IslandType::SShape,
        IslandType::Square,
    ];
    check(
        &fixture,
        Command::SetIslands,
        Rejection::NotAllIslandsPositioned { missing },
    );
}

#[test]
fn islands_are_set_once() {
    let fixture = Fixture::arranged().accept(ME, Command::SetIslands);
    check(&fixture, Command::SetIslands, Rejection::IslandsAlreadySet);
}

#[test]
fn player_1_guesses_first() {
    for first in Player::BOTH {
        let fixture = Fixture::arranged()
            .accept(first, Command::SetIslands)
            .accept(first.opponent(), Command::SetIslands);
        let view = PlayerView::of(&fixture.game, ME);
        assert_eq!(view.public.state, StateName::Player1Turn);
    }
}

#[test]
fn islands_are_moved_200_times_at_most_one_by_one_or_all_at_once() {
    assert_eq!(MAX_POSITIONINGS, 200);
    let mut fixture = Fixture::joined();
    for turn in 0..100 {
        fixture = fixture
            .accept(ME, position("dot", 10, 1 + turn % 2 * 3))
            .accept(ME, position_all(BOB));
    }
    check(&fixture, position("dot", 1, 1), Rejection::TooManyMoves);
    check(&fixture, position_all(ADA), Rejection::TooManyMoves);
    // The bound is checked before the arguments.
    check(&fixture, position("reef", 0, 0), Rejection::TooManyMoves);
    let positioned = fixture.log.iter().filter(|event| {
        matches!(
            event,
            Event::IslandPositioned { .. } | Event::IslandsPositioned { .. }
        )
    });
    assert_eq!(positioned.count(), 200);
    // Each player has a separate bound, and the game can go on.
    fixture
        .accept(Player::Two, position("dot", 1, 1))
        .accept(ME, Command::SetIslands);
}

#[test]
fn a_refused_positioning_does_not_count() {
    let mut fixture = Fixture::joined();
    for _ in 0..1_000 {
        assert!(fixture.try_command(ME, position("dot", 0, 0)).is_err());
    }
    fixture.accept(ME, position("dot", 1, 1));
}
