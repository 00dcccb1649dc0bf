//! A client's model of its game, and the choice of its next command.

use fastrand::Rng;
use islands_core::{Command, Coordinate, GameId, IslandType, Placement, Player, random_board};
use serde_json::Value;

/// In one turn in this many the player resigns, so that games end and others begin.
const ONE_IN_RESIGNS: u32 = 80;

/// One choice in this many is a senseless command.
const ONE_IN_SENSELESS: u32 = 25;

/// A client's model of its game.
pub(crate) struct GameModel {
    me: Option<Player>,
    /// Whether the players of this game want to play again.
    wants_rematch: bool,
    stage: Stage,
    islands_set: [bool; 2],
    is_arranged: bool,
    guessed: Vec<Coordinate>,
    asked: [bool; 2],
    next: Option<NextGame>,
}

/// The rematch, and the client's own seat in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NextGame {
    pub(crate) game: GameId,
    pub(crate) seat: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Arranging,
    Turn(Player),
    Over,
}

impl GameModel {
    /// Creates the model of a client that knows nothing yet; `me` is `None` for a
    /// spectator.
    pub(crate) fn new(me: Option<Player>, wants_rematch: bool) -> GameModel {
        GameModel {
            me,
            wants_rematch,
            stage: Stage::Waiting,
            islands_set: [false; 2],
            is_arranged: false,
            guessed: Vec::new(),
            asked: [false; 2],
            next: None,
        }
    }

    /// Replaces the model by a view, and the rematch beside it.
    pub(crate) fn reset(&mut self, view: &Value, next: &Value) {
        self.stage = match view["state"].as_str() {
            Some("players_set") => Stage::Arranging,
            Some("player1_turn") => Stage::Turn(Player::One),
            Some("player2_turn") => Stage::Turn(Player::Two),
            Some("game_over") => Stage::Over,
            _ => Stage::Waiting,
        };
        for player in Player::BOTH {
            let name = player.to_string();
            self.islands_set[player as usize] = view["players"][&name]["islands_set"] == true;
            let mut asked = view["rematch"].as_array().into_iter().flatten();
            self.asked[player as usize] = asked.any(|asked| *asked == *name);
        }
        let islands = view["board"].as_object().map_or(0, serde_json::Map::len);
        self.is_arranged = islands == IslandType::ALL.len();
        let moves = view["moves"].as_array().into_iter().flatten();
        let mine = moves.filter(|guess| player_in(guess) == self.me);
        self.guessed = mine.filter_map(cell_in).collect();
        self.next = game_in(next).map(|game| NextGame {
            game,
            seat: next["seat"].as_str().map(str::to_owned),
        });
    }

    /// Updates the model by an event; `seat` is the client's own in a rematch.
    pub(crate) fn apply(&mut self, name: &str, event: &Value, seat: Option<String>) {
        let player = player_in(event);
        match name {
            "player_added" => self.stage = Stage::Arranging,
            "island_positioned" | "islands_positioned" if player == self.me => {
                let islands = event["islands"].as_object().map_or(0, serde_json::Map::len);
                self.is_arranged = islands == IslandType::ALL.len();
            }
            "player_set_islands" => {
                if let Some(player) = player {
                    self.islands_set[player as usize] = true;
                }
                if self.islands_set == [true; 2] {
                    self.stage = Stage::Turn(Player::One);
                }
            }
            "player_guessed_coordinate" => {
                if player == self.me {
                    self.guessed.extend(cell_in(event));
                }
                if let Some(player) = player {
                    self.stage = Stage::Turn(player.opponent());
                }
            }
            "game_over" => self.stage = Stage::Over,
            "rematch_requested" => {
                if let Some(player) = player {
                    self.asked[player as usize] = true;
                }
            }
            "rematch_started" => self.next = game_in(event).map(|game| NextGame { game, seat }),
            _ => {}
        }
    }

    /// Returns whether nothing more will happen in this game.
    pub(crate) fn is_done(&self) -> bool {
        self.stage == Stage::Over && (!self.wants_rematch || self.next.is_some())
    }

    /// Returns the rematch, if there is one.
    pub(crate) fn next_game(&self) -> Option<NextGame> {
        self.next.clone()
    }

    /// Returns whether the computer in this seat is about to act.
    pub(crate) fn waits_for(&self, computer: Player) -> bool {
        match self.stage {
            Stage::Waiting => false,
            Stage::Arranging => !self.islands_set[computer as usize],
            Stage::Turn(player) => player == computer,
            Stage::Over => {
                let asked = self.asked[computer.opponent() as usize];
                asked && self.next.is_none()
            }
        }
    }

    /// Chooses the next command, if there is one: now and then a senseless one.
    pub(crate) fn command(&self, rng: &mut Rng) -> Option<Command> {
        let me = self.me?;
        if self.stage != Stage::Over && rng.u32(..ONE_IN_SENSELESS) == 0 {
            return Some(self.senseless(rng));
        }
        match self.stage {
            Stage::Arranging if !self.islands_set[me as usize] => Some(self.arrange(rng)),
            Stage::Turn(player) if player == me => Some(match rng.u32(..ONE_IN_RESIGNS) {
                0 => Command::Resign,
                _ => self.guess(rng),
            }),
            Stage::Over if self.wants_rematch && !self.asked[me as usize] => {
                Some(Command::RequestRematch)
            }
            Stage::Waiting | Stage::Arranging | Stage::Turn(_) | Stage::Over => None,
        }
    }

    fn arrange(&self, rng: &mut Rng) -> Command {
        let board = random_board(rng.u64(..));
        let mut islands: Vec<_> = board.islands().map(Placement::from).collect();
        match (self.is_arranged, rng.u8(..4)) {
            (true, 1..) => Command::SetIslands,
            (_, 0) => Command::PositionIsland(islands.swap_remove(rng.usize(..islands.len()))),
            (false, _) => Command::PositionAll { islands },
        }
    }

    fn guess(&self, rng: &mut Rng) -> Command {
        let open: Vec<_> = Coordinate::all()
            .filter(|cell| !self.guessed.contains(cell))
            .collect();
        let cell = open.get(rng.usize(..open.len().max(1)));
        Command::GuessCoordinate {
            row: cell.map_or(1, |cell| cell.row().into()),
            col: cell.map_or(1, |cell| cell.col().into()),
        }
    }

    /// Chooses a command that the rules refuse, or may refuse.
    fn senseless(&self, rng: &mut Rng) -> Command {
        match rng.u8(..3) {
            0 => Command::ClaimWin,
            1 => Command::GuessCoordinate { row: 0, col: 11 },
            _ => Command::SetIslands,
        }
    }
}

fn player_in(payload: &Value) -> Option<Player> {
    match payload["player"].as_str() {
        Some("player1") => Some(Player::One),
        Some("player2") => Some(Player::Two),
        _ => None,
    }
}

fn cell_in(payload: &Value) -> Option<Coordinate> {
    Coordinate::new(payload["row"].as_i64()?, payload["col"].as_i64()?).ok()
}

fn game_in(payload: &Value) -> Option<GameId> {
    payload["game"].as_str()?.parse().ok()
}
