//! The name and the message of each rejection.

use islands_core::{Coordinate, IslandType, Rejection, StateName};

/// One rejection of each kind, with its name and its message.
pub(crate) fn all() -> [(Rejection, &'static str, &'static str); 16] {
    let at = Coordinate::new(2, 7).expect("B7");
    [
        (
            Rejection::NotYourTurn,
            "not_your_turn",
            "it is the other player's turn",
        ),
        (
            Rejection::WrongState {
                expected: &[StateName::Player1Turn, StateName::Player2Turn],
                actual: StateName::PlayersSet,
            },
            "wrong_state",
            "this can be done in player1_turn or player2_turn; the game is in players_set",
        ),
        (
            Rejection::InvalidCoordinate { row: 11, col: 0 },
            "invalid_coordinate",
            "there is no cell in row 11, column 0: both go from 1 to 10",
        ),
        (
            Rejection::InvalidIslandType,
            "invalid_island_type",
            "there is no such island; there are atoll, dot, l_shape, s_shape, square",
        ),
        (
            Rejection::OffBoard {
                island: IslandType::Atoll,
            },
            "off_board",
            "part of the atoll would be outside the board",
        ),
        (
            Rejection::OverlappingIsland {
                with: IslandType::Square,
            },
            "overlapping_island",
            "the square is in the way",
        ),
        (
            Rejection::NotAllIslandsPositioned {
                missing: vec![IslandType::Dot, IslandType::SShape],
            },
            "not_all_islands_positioned",
            "not on the board yet: dot, s_shape",
        ),
        (
            Rejection::IslandsAlreadySet,
            "islands_already_set",
            "your islands are set and can no longer be moved",
        ),
        (
            Rejection::AlreadyGuessed { at },
            "already_guessed",
            "you have guessed B7 before; it is still your turn",
        ),
        (
            Rejection::NameTaken,
            "name_taken",
            "the other player has this name; choose another one",
        ),
        (
            Rejection::InvalidName,
            "invalid_name",
            "a name has 1 to 32 characters and no control or invisible characters",
        ),
        (
            Rejection::GameFull,
            "game_full",
            "both seats of this game are taken",
        ),
        (Rejection::GameOver, "game_over", "the game is over"),
        (
            Rejection::OpponentPresent { wait_ms: 59_001 },
            "opponent_present",
            "you can claim the win once the other player has been away for 120 seconds; 60 seconds left",
        ),
        (
            Rejection::AlreadyRequested,
            "already_requested",
            "you have asked for a rematch already",
        ),
        (
            Rejection::TooManyMoves,
            "too_many_moves",
            "islands can be moved 200 times in a game; set them where they are",
        ),
    ]
}

#[test]
fn each_reason_has_a_name_and_a_sentence() {
    for (rejection, reason, message) in all() {
        assert_eq!(rejection.reason(), reason);
        assert_eq!(rejection.to_string(), message);
    }
}

#[test]
fn a_rejection_on_the_wire_is_its_name_and_its_own_fields() {
    for (rejection, reason, _) in all() {
        let fields = match rejection {
            Rejection::WrongState { .. } => {
                r#","expected":["player1_turn","player2_turn"],"actual":"players_set""#
            }
            Rejection::InvalidCoordinate { .. } => r#","row":11,"col":0"#,
            Rejection::OffBoard { .. } => r#","island":"atoll""#,
            Rejection::OverlappingIsland { .. } => r#","with":"square""#,
            Rejection::NotAllIslandsPositioned { .. } => r#","missing":["dot","s_shape"]"#,
            Rejection::AlreadyGuessed { .. } => r#","at":{"row":2,"col":7}"#,
            Rejection::OpponentPresent { .. } => r#","wait_ms":59001"#,
            _ => "",
        };
        let json = serde_json::to_string(&rejection).unwrap();
        assert_eq!(json, format!(r#"{{"reason":"{reason}"{fields}}}"#));
    }
}
