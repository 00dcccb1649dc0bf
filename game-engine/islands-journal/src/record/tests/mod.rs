//! Tests of the record format, byte for byte, and of damaged records.

mod damage;
mod format;

use std::time::{Duration, UNIX_EPOCH};

use islands_core::{
    Board, Coordinate, Draft, Event, GameId, Island, IslandType, Move, Outcome, Player,
};

use super::{RecordKey, checksum};
use islands_engine::journal::Batch;

const PLACE: RecordKey = RecordKey {
    game: GameId::from_bytes([7; 10]),
    last: 3,
};

fn batch(events: Vec<Event>) -> Batch {
    Batch {
        at: UNIX_EPOCH + Duration::from_millis(1_735_689_600_123),
        by: Player::One,
        command_id: None,
        config: None,
        events,
    }
}

fn island(kind: IslandType, row: i64, col: i64) -> Island {
    Island::new(kind, Coordinate::new(row, col).unwrap()).unwrap()
}

fn board() -> Board {
    [
        island(IslandType::Atoll, 1, 1),
        island(IslandType::Dot, 10, 10),
        island(IslandType::LShape, 1, 4),
        island(IslandType::SShape, 5, 1),
        island(IslandType::Square, 8, 1),
    ]
    .into_iter()
    .try_fold(Draft::default(), Draft::position)
    .unwrap()
    .finish()
    .unwrap()
}

fn guess(outcome: Outcome, forested: Option<IslandType>) -> Event {
    Event::CoordinateGuessed(Move {
        by: Player::One,
        at: Coordinate::new(4, 10).unwrap(),
        outcome,
        forested,
    })
}

/// Returns the record of a line of JSON: its checksum and the line.
fn sealed(json: &str) -> Vec<u8> {
    let checksum = checksum(PLACE, json.as_bytes()).to_le_bytes();
    [&checksum, json.as_bytes()].concat()
}
