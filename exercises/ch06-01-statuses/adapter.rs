//! Names of refusals, answered by their statuses.

use islands_core::{Coordinate, IslandType, Rejection, StateName};
use islands_engine::CallError;

use crate::status::status;

/// Returns a function that answers commands: each is the name of a refusal.
pub fn start() -> impl FnMut(&str) -> String {
    |name| match refusal(name) {
        Some(error) => status(&error).to_string(),
        None => "! unknown command".to_owned(),
    }
}

fn refusal(name: &str) -> Option<CallError> {
    let rejection = match name {
        "not_your_turn" => Rejection::NotYourTurn,
        "wrong_state" => Rejection::WrongState {
            expected: &[StateName::PlayersSet],
            actual: StateName::GameOver,
        },
        "invalid_coordinate" => Rejection::InvalidCoordinate { row: 11, col: 1 },
        "invalid_island_type" => Rejection::InvalidIslandType,
        "off_board" => Rejection::OffBoard {
            island: IslandType::Atoll,
        },
        "overlapping_island" => Rejection::OverlappingIsland {
            with: IslandType::Dot,
        },
        "not_all_islands_positioned" => Rejection::NotAllIslandsPositioned {
            missing: vec![IslandType::Square],
        },
        "islands_already_set" => Rejection::IslandsAlreadySet,
        "already_guessed" => Rejection::AlreadyGuessed {
            at: Coordinate::new(2, 7).ok()?,
        },
        "name_taken" => Rejection::NameTaken,
        "invalid_name" => Rejection::InvalidName,
        "game_full" => Rejection::GameFull,
        "game_over" => Rejection::GameOver,
        "opponent_present" => Rejection::OpponentPresent { wait_ms: 1_000 },
        "already_requested" => Rejection::AlreadyRequested,
        "too_many_moves" => Rejection::TooManyMoves,
        _ => return of_the_server(name),
    };
    Some(CallError::Rejected(rejection))
}

fn of_the_server(name: &str) -> Option<CallError> {
    Some(match name {
        "no_such_game" => CallError::NoSuchGame,
        "busy" => CallError::Busy,
        "too_many_games" => CallError::TooManyGames { limit: 10_000 },
        "timeout" => CallError::Timeout,
        "journal_unavailable" => CallError::JournalUnavailable,
        "quarantined" => CallError::Quarantined {
            error: "event 7 is damaged".into(),
        },
        _ => return None,
    })
}
