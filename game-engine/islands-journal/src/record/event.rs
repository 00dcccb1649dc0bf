//! The record of an event.

use islands_core::{
    Board, Coordinate, Draft, Event, GameCreated, Island, IslandType, Move, Outcome, PlayerName,
};
use serde::{Deserialize, Serialize};

use super::PlayerRecord;
use super::game_config::game_id;

/// An [`Event`] as version 1 writes it: an object with one field, named after
/// the event, that holds the event's data.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum EventRecord {
    GameCreated {
        name: String,
    },
    PlayerAdded {
        name: String,
    },
    IslandPositioned {
        by: PlayerRecord,
        island: String,
        row: u8,
        col: u8,
    },
    IslandsPositioned {
        by: PlayerRecord,
        islands: Vec<IslandRecord>,
    },
    IslandsSet {
        by: PlayerRecord,
    },
    CoordinateGuessed(Guessed),
    GameWon {
        by: PlayerRecord,
    },
    PlayerResigned {
        by: PlayerRecord,
    },
    WinClaimed {
        by: PlayerRecord,
    },
    RematchRequested {
        by: PlayerRecord,
    },
    RematchStarted {
        game: String,
    },
}

/// An island by its wire name, and the upper-left corner of its bounding box.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IslandRecord {
    island: String,
    row: u8,
    col: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Guessed {
    by: PlayerRecord,
    row: u8,
    col: u8,
    outcome: OutcomeRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    forested: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OutcomeRecord {
    Hit,
    Miss,
}

impl From<&Event> for EventRecord {
    fn from(event: &Event) -> EventRecord {
        match event {
            Event::GameCreated(GameCreated { name }) => EventRecord::GameCreated {
                name: name.to_string(),
            },
            Event::PlayerAdded { name } => EventRecord::PlayerAdded {
                name: name.to_string(),
            },
            Event::IslandPositioned { by, island } => {
                let IslandRecord { island, row, col } = IslandRecord::from(*island);
                EventRecord::IslandPositioned {
                    by: (*by).into(),
                    island,
                    row,
                    col,
                }
            }
            Event::IslandsPositioned { by, board } => EventRecord::IslandsPositioned {
                by: (*by).into(),
                islands: board.islands().map(IslandRecord::from).collect(),
            },
            Event::IslandsSet { by } => EventRecord::IslandsSet { by: (*by).into() },
            Event::CoordinateGuessed(guess) => EventRecord::CoordinateGuessed(guess.into()),
            Event::GameWon { by } => EventRecord::GameWon { by: (*by).into() },
            Event::PlayerResigned { by } => EventRecord::PlayerResigned { by: (*by).into() },
            Event::WinClaimed { by } => EventRecord::WinClaimed { by: (*by).into() },
            Event::RematchRequested { by } => EventRecord::RematchRequested { by: (*by).into() },
            Event::RematchStarted { game } => EventRecord::RematchStarted {
                game: game.to_string(),
            },
        }
    }
}

/// Builds every value with its own constructor, as if a player had sent it. A record
/// with an invalid value is refused.
impl TryFrom<EventRecord> for Event {
    type Error = String;

    fn try_from(record: EventRecord) -> Result<Event, String> {
        Ok(match record {
            EventRecord::GameCreated { name } => Event::GameCreated(GameCreated {
                name: player_name(&name)?,
            }),
            EventRecord::PlayerAdded { name } => Event::PlayerAdded {
                name: player_name(&name)?,
            },
            EventRecord::IslandPositioned {
                by,
                island: name,
                row,
                col,
            } => Event::IslandPositioned {
                by: by.into(),
                island: island(&name, row, col)?,
            },
            EventRecord::IslandsPositioned { by, islands } => Event::IslandsPositioned {
                by: by.into(),
                board: board(&islands)?,
            },
            EventRecord::IslandsSet { by } => Event::IslandsSet { by: by.into() },
            EventRecord::CoordinateGuessed(guess) => Event::CoordinateGuessed(guess.try_into()?),
            EventRecord::GameWon { by } => Event::GameWon { by: by.into() },
            EventRecord::PlayerResigned { by } => Event::PlayerResigned { by: by.into() },
            EventRecord::WinClaimed { by } => Event::WinClaimed { by: by.into() },
            EventRecord::RematchRequested { by } => Event::RematchRequested { by: by.into() },
            EventRecord::RematchStarted { game } => Event::RematchStarted {
                game: game_id(&game)?,
            },
        })
    }
}

impl From<Island> for IslandRecord {
    fn from(island: Island) -> IslandRecord {
        IslandRecord {
            island: island.kind().name().to_owned(),
            row: island.corner().row(),
            col: island.corner().col(),
        }
    }
}

impl From<&Move> for Guessed {
    fn from(guess: &Move) -> Guessed {
        Guessed {
            by: guess.by.into(),
            row: guess.at.row(),
            col: guess.at.col(),
            outcome: match guess.outcome {
                Outcome::Hit => OutcomeRecord::Hit,
                Outcome::Miss => OutcomeRecord::Miss,
            },
            forested: guess.forested.map(|kind| kind.name().to_owned()),
        }
    }
}

impl TryFrom<Guessed> for Move {
    type Error = String;

    fn try_from(record: Guessed) -> Result<Move, String> {
        Ok(Move {
            by: record.by.into(),
            at: coordinate(record.row, record.col)?,
            outcome: match record.outcome {
                OutcomeRecord::Hit => Outcome::Hit,
                OutcomeRecord::Miss => Outcome::Miss,
            },
            forested: record.forested.as_deref().map(island_type).transpose()?,
        })
    }
}

fn board(islands: &[IslandRecord]) -> Result<Board, String> {
    let mut draft = Draft::default();
    for record in islands {
        let island = island(&record.island, record.row, record.col)?;
        if draft.island(island.kind()).is_some() {
            return Err(format!("the {} is there twice", island.kind()));
        }
        draft = draft
            .position(island)
            .map_err(|overlap| format!("the {} lies on the {}", island.kind(), overlap.with))?;
    }
    draft.finish().map_err(|missing| {
        let names: Vec<_> = missing.islands.iter().map(|kind| kind.name()).collect();
        format!("a board without {}", names.join(", "))
    })
}

fn island(name: &str, row: u8, col: u8) -> Result<Island, String> {
    let corner = coordinate(row, col)?;
    Island::new(island_type(name)?, corner)
        .map_err(|off| format!("the {} does not fit at {}", off.kind, off.corner))
}

fn island_type(name: &str) -> Result<IslandType, String> {
    name.parse()
        .map_err(|_| format!("there is no island {name:?}"))
}

fn coordinate(row: u8, col: u8) -> Result<Coordinate, String> {
    Coordinate::new(row.into(), col.into()).map_err(|why| why.to_string())
}

fn player_name(name: &str) -> Result<PlayerName, String> {
    PlayerName::new(name).map_err(|why| format!("name {name:?}: {why}"))
}
