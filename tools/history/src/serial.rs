//! Serial forms of commands and viewers, since the core's types implement no
//! `Deserialize`.

use islands_core::{Command, Placement, Player, Viewer};
use serde::{Deserialize, Serialize};

/// The serial form of a player, as on the wire.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Player")]
pub(crate) enum PlayerSerial {
    #[serde(rename = "player1")]
    One,
    #[serde(rename = "player2")]
    Two,
}

/// The serial form of a viewer.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Viewer", rename_all = "snake_case")]
pub(crate) enum ViewerSerial {
    Player(#[serde(with = "PlayerSerial")] Player),
    Spectator,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CommandSerial {
    AddPlayer { name: String },
    PositionIsland(PlacementSerial),
    PositionAll(Vec<PlacementSerial>),
    SetIslands,
    GuessCoordinate { row: i64, col: i64 },
    Resign,
    ClaimWin,
    RequestRematch,
}

#[derive(Serialize, Deserialize)]
struct PlacementSerial {
    island: String,
    row: i64,
    col: i64,
}

impl From<&Command> for CommandSerial {
    fn from(command: &Command) -> CommandSerial {
        let place = |at: &Placement| PlacementSerial {
            island: at.island.clone(),
            row: at.row,
            col: at.col,
        };
        match command {
            Command::AddPlayer { name } => CommandSerial::AddPlayer { name: name.clone() },
            Command::PositionIsland(at) => CommandSerial::PositionIsland(place(at)),
            Command::PositionAll { islands } => {
                CommandSerial::PositionAll(islands.iter().map(place).collect())
            }
            Command::SetIslands => CommandSerial::SetIslands,
            Command::GuessCoordinate { row, col } => CommandSerial::GuessCoordinate {
                row: *row,
                col: *col,
            },
            Command::Resign => CommandSerial::Resign,
            Command::ClaimWin => CommandSerial::ClaimWin,
            Command::RequestRematch => CommandSerial::RequestRematch,
        }
    }
}

impl From<CommandSerial> for Command {
    fn from(spelled: CommandSerial) -> Command {
        let place = |PlacementSerial { island, row, col }| Placement { island, row, col };
        match spelled {
            CommandSerial::AddPlayer { name } => Command::AddPlayer { name },
            CommandSerial::PositionIsland(at) => Command::PositionIsland(place(at)),
            CommandSerial::PositionAll(islands) => Command::PositionAll {
                islands: islands.into_iter().map(place).collect(),
            },
            CommandSerial::SetIslands => Command::SetIslands,
            CommandSerial::GuessCoordinate { row, col } => Command::GuessCoordinate { row, col },
            CommandSerial::Resign => Command::Resign,
            CommandSerial::ClaimWin => Command::ClaimWin,
            CommandSerial::RequestRematch => Command::RequestRematch,
        }
    }
}

/// For `#[serde(with = "…")]` on a field that holds a command.
pub(crate) mod spelled_command {
    use islands_core::Command;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::CommandSerial;

    pub(crate) fn serialize<S: Serializer>(command: &Command, to: S) -> Result<S::Ok, S::Error> {
        CommandSerial::from(command).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Box<Command>, D::Error> {
        Ok(Box::new(CommandSerial::deserialize(from)?.into()))
    }
}
