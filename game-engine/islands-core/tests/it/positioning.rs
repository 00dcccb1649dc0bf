//! Arranging islands: one by one, all at once, and setting them.

use islands_core::{
    Command, Event, Facts, IslandType, MAX_POSITIONINGS, Placement, Player, PlayerView, Rejection,
    StateName, decide,
};

use crate::commands::{position, position_all};
use crate::drawing::{ADA, BOB, placements};
use crate::scene::{Scene, event_name};

const ME: Player = Player::One;

#[track_caller]
fn check(scene: &Scene, command: Command, refused: Rejection) {
    assert_eq!(
        decide(&scene.game, ME, command, &Facts::default()),
        Err(refused)
    );
}

#[test]
fn an_island_can_be_moved_until_it_is_set() {
    let scene = Scene::joined()
        .does(ME, position("square", 1, 1))
        .does(ME, position("square", 1, 2));
    let board = PlayerView::of(&scene.game, ME).board;
    let cells: Vec<String> = board.land().iter().map(|cell| cell.to_string()).collect();
    assert_eq!(cells, ["A2", "A3", "B2", "B3"]);

    let scene = Scene::arranged().does(ME, Command::SetIslands);
    check(&scene, position("dot", 5, 5), Rejection::IslandsAlreadySet);
    check(&scene, position_all(BOB), Rejection::IslandsAlreadySet);
}

#[test]
fn an_island_lies_on_the_board_and_over_no_other() {
    let scene = Scene::joined().does(ME, position("square", 1, 1));
    let island = IslandType::Atoll;
    check(
        &scene,
        position("atoll", 9, 1),
        Rejection::OffBoard { island },
    );
    check(
        &scene,
        position("atoll", 1, 10),
        Rejection::OffBoard { island },
    );
    let (row, col) = (0, 11);
    check(
        &scene,
        position("atoll", row, col),
        Rejection::InvalidCoordinate { row, col },
    );
    let with = IslandType::Square;
    check(
        &scene,
        position("dot", 2, 2),
        Rejection::OverlappingIsland { with },
    );
    check(&scene, position("reef", 0, 0), Rejection::InvalidIslandType);
}

#[test]
fn the_other_players_islands_are_in_nobodys_way() {
    Scene::joined()
        .does(Player::One, position_all(ADA))
        .does(Player::Two, position_all(ADA));
}

#[test]
fn all_islands_at_once_is_one_event() {
    let mut scene = Scene::joined();
    let events = scene.tries(ME, position_all(ADA)).unwrap();
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
    let scene = Scene::arranged();
    let with = IslandType::Atoll;
    check(
        &scene,
        position("dot", 1, 1),
        Rejection::OverlappingIsland { with },
    );
    let with = IslandType::Dot;
    check(
        &scene,
        position("atoll", 1, 4),
        Rejection::OverlappingIsland { with },
    );
    scene.does(ME, position_all(swapped));
}

#[test]
fn all_islands_at_once_is_all_or_none() {
    let scene = Scene::joined();
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
        &scene,
        with_last(None),
        Rejection::NotAllIslandsPositioned { missing },
    );
    let island = IslandType::Square;
    check(&scene, square(10, 10), Rejection::OffBoard { island });
    let with = IslandType::Atoll;
    check(&scene, square(1, 1), Rejection::OverlappingIsland { with });
    assert!(PlayerView::of(&scene.game, ME).board.is_empty());
    scene.does(ME, square(9, 9));
}

#[test]
fn only_a_whole_board_can_be_set() {
    let scene = Scene::joined().does(ME, position("dot", 1, 1));
    let missing = vec![
        IslandType::Atoll,
        IslandType::LShape,
        IslandType::SShape,
        IslandType::Square,
    ];
    check(
        &scene,
        Command::SetIslands,
        Rejection::NotAllIslandsPositioned { missing },
    );
}

#[test]
fn islands_are_set_once() {
    let scene = Scene::arranged().does(ME, Command::SetIslands);
    check(&scene, Command::SetIslands, Rejection::IslandsAlreadySet);
}

#[test]
fn player_1_guesses_first_whoever_set_first() {
    for first in Player::BOTH {
        let scene = Scene::arranged()
            .does(first, Command::SetIslands)
            .does(first.opponent(), Command::SetIslands);
        let view = PlayerView::of(&scene.game, ME);
        assert_eq!(view.public.state, StateName::Player1Turn);
    }
}

#[test]
fn islands_are_moved_200_times_at_most_one_by_one_or_all_at_once() {
    assert_eq!(MAX_POSITIONINGS, 200);
    let mut scene = Scene::joined();
    for turn in 0..100 {
        scene = scene
            .does(ME, position("dot", 10, 1 + turn % 2 * 3))
            .does(ME, position_all(BOB));
    }
    check(&scene, position("dot", 1, 1), Rejection::TooManyMoves);
    check(&scene, position_all(ADA), Rejection::TooManyMoves);
    // The bound is checked before the arguments.
    check(&scene, position("reef", 0, 0), Rejection::TooManyMoves);
    let positioned = scene.log.iter().filter(|event| {
        matches!(
            event,
            Event::IslandPositioned { .. } | Event::IslandsPositioned { .. }
        )
    });
    assert_eq!(positioned.count(), 200);
    // Each player has a separate bound, and the game can go on.
    scene
        .does(Player::Two, position("dot", 1, 1))
        .does(ME, Command::SetIslands);
}

#[test]
fn a_refused_positioning_does_not_count() {
    let mut scene = Scene::joined();
    for _ in 0..1_000 {
        assert!(scene.tries(ME, position("dot", 0, 0)).is_err());
    }
    scene.does(ME, position("dot", 1, 1));
}
