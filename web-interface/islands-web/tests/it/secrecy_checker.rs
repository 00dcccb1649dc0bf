//! A checker that knows both boards, and fails if a frame reveals a secret.

use islands_core::{Board, Coordinate, CoordinateSet};
use serde_json::Value;

use crate::client::Frame;

pub(crate) struct SecrecyChecker {
    boards: [Board; 2],
    /// The guesses of each player, including one that is about to be sent.
    guesses: [CoordinateSet; 2],
    read: usize,
}

/// What a coordinate in a frame describes.
#[derive(Clone, Copy, Debug)]
enum Location {
    /// An island of the frame's receiver.
    Own,
    /// An island of this player that has been forested.
    Forested(usize),
    /// A guess of either player, or a cell named in a refusal.
    Anything,
}

impl SecrecyChecker {
    pub(crate) fn new(boards: [Board; 2]) -> SecrecyChecker {
        SecrecyChecker {
            boards,
            guesses: [CoordinateSet::default(); 2],
            read: 0,
        }
    }

    /// Notes a guess, after which every client may see its cell.
    pub(crate) fn knows(&mut self, player: usize, cell: Coordinate) {
        self.guesses[player] = self.guesses[player].with(cell);
    }

    /// Returns the number of frames read.
    pub(crate) fn has_read(&self) -> usize {
        self.read
    }

    /// Whether the game is over, after which nothing is secret.
    fn is_over(&self) -> bool {
        (0..2).any(|player| {
            self.boards[1 - player]
                .land()
                .is_subset(self.guesses[player])
        })
    }

    /// Checks a frame that this viewer (0 and 1 are players) received.
    #[track_caller]
    pub(crate) fn reads(&mut self, viewer: usize, frame: &Frame) {
        self.read += 1;
        if frame.event == "player_guessed_coordinate" {
            let owner = usize::from(frame.payload["player"] == "player1");
            self.check(viewer, &frame.payload["cells"], Location::Forested(owner));
        }
        self.reads_json(viewer, &frame.payload);
    }

    #[track_caller]
    pub(crate) fn reads_json(&self, viewer: usize, json: &Value) {
        self.check(viewer, json, Location::Anything);
    }

    #[track_caller]
    fn check(&self, viewer: usize, json: &Value, location: Location) {
        if let Some(cell) = coordinate(json) {
            assert!(
                self.may_see(viewer, cell, location),
                "{cell} as {location:?}"
            );
        }
        match json {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let location = match (name.as_str(), location) {
                        ("board" | "islands", _) => Location::Own,
                        ("player1", Location::Forested(_)) => Location::Forested(0),
                        ("player2", Location::Forested(_)) => Location::Forested(1),
                        // The owner is the key one level below.
                        ("forested", _) => Location::Forested(usize::MAX),
                        (_, location) => location,
                    };
                    self.check(viewer, field, location);
                }
            }
            Value::Array(list) => {
                for item in list {
                    self.check(viewer, item, location);
                }
            }
            Value::String(text) if text.contains(' ') => {
                for cell in text.split(|c: char| !c.is_alphanumeric()) {
                    if let Ok(cell) = cell.parse() {
                        assert!(self.may_see(viewer, cell, location), "{cell} in `{text}`");
                    }
                }
            }
            _ => {}
        }
    }

    fn may_see(&self, viewer: usize, cell: Coordinate, location: Location) -> bool {
        if self.is_over() {
            return true;
        }
        match location {
            Location::Own => viewer < 2 && self.boards[viewer].land().contains(cell),
            Location::Forested(owner) => {
                self.guesses[1 - owner].contains(cell) && self.boards[owner].land().contains(cell)
            }
            Location::Anything => self.guesses.iter().any(|guesses| guesses.contains(cell)),
        }
    }

    /// Whether this player may still move islands.
    pub(crate) fn may_place(&self, player: usize) -> bool {
        self.guesses[player].is_empty() && self.guesses[1 - player].is_empty()
    }
}

/// Returns the cell that a JSON value describes, if it does.
fn coordinate(json: &Value) -> Option<Coordinate> {
    Coordinate::new(json["row"].as_i64()?, json["col"].as_i64()?).ok()
}
