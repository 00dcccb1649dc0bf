//! Commands that ask the guards of a state.

use crate::board::{Board, Draft};
use crate::fleet::Fleet;
use crate::placement::random_board;
use crate::player::{Pair, Player};
use crate::rejection::Rejection;
use crate::rules::{Ending, Reason, Rematch, State};

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    answer
}

/// Answers `PLAYER arranges in STATE` or `PLAYER guesses in STATE`.
fn answer(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let answer = match words[..] {
        [by, "arranges", "in", name] => state(name).require_arranging(player(by)).map(draft),
        [by, "guesses", "in", name] => state(name).require_turn(player(by)).map(board),
        _ => return "! unknown command".to_owned(),
    };
    answer.unwrap_or_else(refused)
}

fn player(name: &str) -> Player {
    match name {
        "ada" => Player::One,
        _ => Player::Two,
    }
}

/// Ada's board comes from the seed 1, Bob's from 2.
fn boards() -> Pair<Board> {
    Pair {
        one: random_board(1),
        two: random_board(2),
    }
}

fn state(name: &str) -> State {
    let Pair { one, two } = boards();
    let arranging = |islands: usize| {
        let islands = one.islands().take(islands);
        Fleet::Arranging(islands.fold(Draft::default(), Draft::put))
    };
    let fleets = |one, two| State::PlayersSet(Pair { one, two });
    match name {
        "waiting" => State::Initialized,
        "arranging" => fleets(arranging(2), arranging(0)),
        "ada_is_set" => fleets(Fleet::Set(one), arranging(5)),
        "turn_of_ada" => State::Turn(Player::One, boards()),
        "turn_of_bob" => State::Turn(Player::Two, boards()),
        _ => State::GameOver {
            ending: Ending {
                winner: Player::One,
                reason: Reason::Resigned,
            },
            fleets: Pair {
                one: Fleet::Set(one),
                two: Fleet::Set(two),
            },
            rematch: Rematch::default(),
        },
    }
}

fn draft(draft: Draft) -> String {
    format!("a draft with {} islands", draft.islands().count())
}

fn board(board: Board) -> String {
    let whose = if board == boards().one { "Ada" } else { "Bob" };
    format!("the board of {whose}")
}

fn refused(rejection: Rejection) -> String {
    let reason = rejection.reason();
    match rejection {
        Rejection::WrongState { expected, .. } => {
            let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
            format!("refused: {reason}, expected {}", expected.join(" or "))
        }
        _ => format!("refused: {reason}"),
    }
}
