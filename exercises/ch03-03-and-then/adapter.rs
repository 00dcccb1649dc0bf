//! Commands that apply events to a state.

use crate::board::{Board, Draft};
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

/// Reads `dot CELL by PLAYER`, `all by PLAYER`, `set by PLAYER`, `miss by PLAYER`,
/// `hit by PLAYER`, `won by PLAYER`, `claimed by PLAYER` or `resigned by PLAYER`.
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
            let board = board(by);
            Event::IslandsPositioned { by, board }
        }
        ["set"] => Event::IslandsSet { by },
        ["miss"] => guessed(by, Outcome::Miss),
        ["hit"] => guessed(by, Outcome::Hit),
        ["won"] => Event::GameWon { by },
        ["claimed"] => Event::WinClaimed { by },
        ["resigned"] => Event::PlayerResigned { by },
        _ => return None,
    })
}

fn board(player: Player) -> Board {
    random_board(if player == Player::One { 1 } else { 2 })
}

fn guessed(by: Player, outcome: Outcome) -> Event {
    Event::CoordinateGuessed(Move {
        by,
        at: Coordinate::new(1, 1).expect("a cell"),
        outcome,
        forested: None,
    })
}

fn shown(state: &State) -> String {
    let name = state.name();
    match state {
        State::PlayersSet(fleets) => {
            let (ada, bob) = (fleet(fleets.one), fleet(fleets.two));
            format!("{name}: Ada {ada}, Bob {bob}")
        }
        State::GameOver { ending, fleets, .. } => {
            let winner = match ending.winner {
                Player::One => "Ada",
                Player::Two => "Bob",
            };
            let (ada, bob) = (fleet(fleets.one), fleet(fleets.two));
            format!(
                "{name}: {winner} has won, {:?}\nAda {ada}, Bob {bob}",
                ending.reason
            )
        }
        State::Turn(_, boards) if *boards != Pair::from_fn(board) => {
            format!("{name}, but not with the boards of the players")
        }
        _ => name.to_string(),
    }
}

fn fleet(fleet: Fleet) -> String {
    let islands = fleet.islands().islands().count();
    match fleet {
        Fleet::Arranging(_) => format!("arranges {islands}"),
        Fleet::Set(_) => format!("has set {islands}"),
    }
}
