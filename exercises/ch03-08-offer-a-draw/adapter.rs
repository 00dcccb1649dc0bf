//! Commands that offer draws in a game between Ada and Bob.

use crate::command::Command;
use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::event::Event;
use crate::facts::Facts;
use crate::game::{Game, create, decide};
use crate::placement::random_board;
use crate::player::Player;
use crate::rejection::Rejection;
use crate::replay::replay;
use crate::rules::Reason;
use crate::view::PublicView;

/// Returns a function that answers commands. It keeps the log of the game between them.
pub fn start() -> impl FnMut(&str) -> String {
    let mut log = vec![Event::GameCreated(create("Ada").expect("a name"))];
    move |command| answer(command, &mut log)
}

/// Answers `bob joins`, `arranged`, `PLAYER sets`, or `started` for all of these; `PLAYER offers`,
/// `PLAYER resigns`, `PLAYER claims`, `PLAYER CELL`, `PLAYER hits all but one`, or `replay`.
fn answer(command: &str, log: &mut Vec<Event>) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let (by, command) = match words[..] {
        ["replay"] => return replayed(log),
        ["arranged"] => {
            arrange(log);
            return format!("now {}", shown(&game(log)));
        }
        ["started"] => {
            answer("bob joins", log);
            arrange(log);
            log.extend(Player::BOTH.map(|by| Event::IslandsSet { by }));
            return format!("now {}", shown(&game(log)));
        }
        ["bob", "joins"] => (Player::Two, Command::AddPlayer { name: "Bob".into() }),
        [by, "sets"] => (player(by), Command::SetIslands),
        [by, "offers"] => (player(by), Command::OfferDraw),
        [by, "resigns"] => (player(by), Command::Resign),
        [by, "claims"] => (player(by), Command::ClaimWin),
        [by, "hits", "all", "but", "one"] => return hit_all_but_one(player(by), log),
        [by, cell] => {
            let at: Coordinate = cell.parse().expect("a cell");
            let (row, col) = (at.row().into(), at.col().into());
            (player(by), Command::GuessCoordinate { row, col })
        }
        _ => return "! unknown command".to_owned(),
    };
    let facts = Facts {
        opponent_away_ms: crate::limits::MIN_AWAY_MS,
        ..Facts::default()
    };
    let answer = match decide(&game(log), by, command, &facts) {
        Ok(events) => {
            log.extend(events);
            "accepted".to_owned()
        }
        Err(Rejection::WrongState { expected, .. }) => {
            let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
            format!("refused: wrong_state, expected {}", expected.join(" or "))
        }
        Err(rejection) => format!("refused: {}", rejection.reason()),
    };
    format!("{answer}; now {}", shown(&game(log)))
}

fn arrange(log: &mut Vec<Event>) {
    for (by, seed) in [(Player::One, 1), (Player::Two, 2)] {
        let board = random_board(seed);
        log.push(Event::IslandsPositioned { by, board });
    }
}

/// This player hits all of the opponent's land but the last cell, and the opponent guesses water
/// in between. Player 1 begins.
fn hit_all_but_one(by: Player, log: &mut Vec<Event>) -> String {
    let land = |player| random_board(if player == Player::One { 1 } else { 2 }).land();
    let targets: Vec<_> = land(by.opponent()).iter().collect();
    let mut water = (CoordinateSet::ALL - land(by)).iter();
    let mut guess = |player, cell: Option<Coordinate>| {
        let cell = cell.expect("there is more water than land");
        let name = if player == Player::One { "ada" } else { "bob" };
        answer(&format!("{name} {cell}"), log);
    };
    if by == Player::Two {
        guess(Player::One, water.next());
    }
    for target in &targets[..17] {
        guess(by, Some(*target));
        guess(by.opponent(), water.next());
    }
    format!(
        "the last cell is {}; now {}",
        targets[17],
        shown(&game(log))
    )
}

fn player(name: &str) -> Player {
    if name == "ada" {
        Player::One
    } else {
        Player::Two
    }
}

fn game(log: &[Event]) -> Game {
    let mut game = Game::new(&create("Ada").expect("a name"));
    for event in &log[1..] {
        game.apply(event);
    }
    game
}

fn replayed(log: &[Event]) -> String {
    match replay(log) {
        Ok(game) => format!("replayed; now {}", shown(&game)),
        Err(error) => error.to_string(),
    }
}

fn shown(game: &Game) -> String {
    let state = game.state_name();
    let Some(ending) = PublicView::of(game).winner else {
        return state.to_string();
    };
    let winner = match ending.winner {
        Some(Player::One) => "ada wins",
        Some(Player::Two) => "bob wins",
        None => "nobody wins",
    };
    let reason = match ending.reason {
        Reason::Forested => "forested",
        Reason::Resigned => "resigned",
        Reason::Abandoned => "abandoned",
        Reason::Drawn => "drawn",
    };
    format!("{state}: {winner}, {reason}")
}
