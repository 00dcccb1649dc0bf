//! How commands and viewers are spelled in a file: the core reads none of its own.

use islands_core::{Command, Placement, Player, Viewer};
use serde::{Deserialize, Serialize};

/// A player, as on the wire.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Player")]
pub(crate) enum SpelledPlayer {
    #[serde(rename = "player1")]
    One,
    #[serde(rename = "player2")]
    Two,
}

/// A viewer.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Viewer", rename_all = "snake_case")]
pub(crate) enum SpelledViewer {
    Player(#[serde(with = "SpelledPlayer")] Player),
    Spectator,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Spelled {
    AddPlayer { name: String },
    PositionIsland(Place),
    PositionAll(Vec<Place>),
    SetIslands,
    GuessCoordinate { row: i64, col: i64 },
    Resign,
    ClaimWin,
    RequestRematch,
}

#[derive(Serialize, Deserialize)]
struct Place {
    island: String,
    row: i64,
    col: i64,
}

impl From<&Command> for Spelled {
    fn from(command: &Command) -> Spelled {
        let place = |at: &Placement| Place {
            island: at.island.clone(),
            row: at.row,
            col: at.col,
        };
        match command {
            Command::AddPlayer { name } => Spelled::AddPlayer { name: name.clone() },
            Command::PositionIsland(at) => Spelled::PositionIsland(place(at)),
            Command::PositionAll { islands } => {
                Spelled::PositionAll(islands.iter().map(place).collect())
            }
            Command::SetIslands => Spelled::SetIslands,
            Command::GuessCoordinate { row, col } => Spelled::GuessCoordinate {
                row: *row,
                col: *col,
            },
            Command::Resign => Spelled::Resign,
            Command::ClaimWin => Spelled::ClaimWin,
            Command::RequestRematch => Spelled::RequestRematch,
        }
    }
}

impl From<Spelled> for Command {
    fn from(spelled: Spelled) -> Command {
        let place = |Place { island, row, col }| Placement { island, row, col };
        match spelled {
            Spelled::AddPlayer { name } => Command::AddPlayer { name },
            Spelled::PositionIsland(at) => Command::PositionIsland(place(at)),
            Spelled::PositionAll(islands) => Command::PositionAll {
                islands: islands.into_iter().map(place).collect(),
            },
            Spelled::SetIslands => Command::SetIslands,
            Spelled::GuessCoordinate { row, col } => Command::GuessCoordinate { row, col },
            Spelled::Resign => Command::Resign,
            Spelled::ClaimWin => Command::ClaimWin,
            Spelled::RequestRematch => Command::RequestRematch,
        }
    }
}

/// To be named where a field is a command.
pub(crate) mod spelled_command {
    use islands_core::Command;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Spelled;

    pub(crate) fn serialize<S: Serializer>(command: &Command, to: S) -> Result<S::Ok, S::Error> {
        Spelled::from(command).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Box<Command>, D::Error> {
        Ok(Box::new(Spelled::deserialize(from)?.into()))
    }
}
