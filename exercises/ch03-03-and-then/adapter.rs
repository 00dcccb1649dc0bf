//! Commands that apply events to a state.

use crate::board::Draft;
use crate::coordinate::Coordinate;
use crate::event::Event;
use crate::fleet::Fleet;
use crate::guesses::{Move, Outcome};
use crate::island::{Island, IslandType};
use crate::placement::random_board;
use crate::player::{Pair, Player};
use crate::rules::State;

/// Returns a function that answers commands. It keeps the state between them, which begins
/// with two players and no islands.
pub fn start() -> impl FnMut(&str) -> String {
    let none = Fleet::Arranging(Draft::default());
    let mut state = State::PlayersSet(Pair {
        one: none,
        two: none,
    });
    move |command| match event(command) {
        Some(event) => {
            state = state.after(&event);
            shown(&state)
        }
        None => "! unknown command".to_owned(),
    }
}

/// Reads `dot CELL by PLAYER`, `all by PLAYER`, `set by PLAYER`, `guess by PLAYER`,
/// `won by PLAYER`, `claimed by PLAYER` or `resigned by PLAYER`.
fn event(command: &str) -> Option<Event> {
    let (what, by) = command.split_once(" by ")?;
    let by = match by {
        "ada" => Player::One,
        _ => Player::Two,
    };
    Some(match what.split(' ').collect::<Vec<_>>()[..] {
        ["dot", cell] => {
            let corner = cell.parse().ok()?;
            let island = Island::new(IslandType::Dot, corner).ok()?;
            Event::IslandPositioned { by, island }
        }
        ["all"] => {
            let board = random_board(1);
            Event::IslandsPositioned { by, board }
        }
        ["set"] => Event::IslandsSet { by },
        ["guess"] => Event::CoordinateGuessed(Move {
            by,
            at: Coordinate::new(1, 1).ok()?,
            outcome: Outcome::Miss,
            forested: None,
        }),
        ["won"] => Event::GameWon { by },
        ["claimed"] => Event::WinClaimed { by },
        ["resigned"] => Event::PlayerResigned { by },
        _ => return None,
    })
}

fn shown(state: &State) -> String {
    let name = state.name();
    match state {
        State::PlayersSet(fleets) => {
            let (ada, bob) = (fleet(fleets.one), fleet(fleets.two));
            format!("{name}: Ada {ada}, Bob {bob}")
        }
        State::GameOver { ending, .. } => {
            let winner = match ending.winner {
                Player::One => "Ada",
                Player::Two => "Bob",
            };
            format!("{name}: {winner} has won, {:?}", ending.reason)
        }
        _ => name.to_string(),
    }
}

fn fleet(fleet: Fleet) -> String {
    let islands = fleet.islands().islands().count();
    match fleet {
        Fleet::Arranging(_) => format!("arranges {islands}"),
        Fleet::Set(_) => "is set".to_owned(),
    }
}
