//! Commands that forge the log of one game, and replay it.

use crate::board::Board;
use crate::command::{Command, Placement};
use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::event::Event;
use crate::facts::Facts;
use crate::game::{Game, create, decide};
use crate::game_id::GameId;
use crate::guesses::{Move, Outcome};
use crate::island::IslandType;
use crate::placement::random_board;
use crate::player::Player;
use crate::replay::{ReplayError, ReplayErrorKind, replay};
use crate::view::PublicView;

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    let log = log();
    move |command| match forged(&log, command) {
        Some(log) => match replay(&log) {
            Ok(game) => described(&game),
            Err(error) => refused(error),
        },
        None => "! unknown command".to_owned(),
    }
}

/// Returns the log that the command describes:
///
/// - `replay up to N` or `replay up to N, then PLAYER resigned` (or `claimed the win`)
/// - `replay without N`
/// - `replay with N again at M`
/// - `replay with N by PLAYER`, `a hit`, `a miss`, `the dot forested`, `another board` or `of
///   another id`
fn forged(log: &[Event], command: &str) -> Option<Vec<Event>> {
    let words: Vec<&str> = command
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let number = |text: &str| text.parse::<usize>().expect("a number");
    let mut forged = log.to_vec();
    match words[..] {
        ["replay", "up", "to", n] => forged.truncate(number(n)),
        ["replay", "up", "to", n, "then", by, ref end @ ..] => {
            forged.truncate(number(n));
            let by = player(by);
            forged.push(match end {
                ["resigned"] => Event::PlayerResigned { by },
                ["claimed", "the", "win"] => Event::WinClaimed { by },
                _ => return None,
            });
        }
        ["replay", "without", n] => drop(forged.remove(number(n) - 1)),
        ["replay", "with", n, "again", "at", m] => {
            forged.insert(number(m) - 1, log[number(n) - 1].clone());
        }
        ["replay", "with", n, ref way @ ..] => {
            let event = &mut forged[number(n) - 1];
            *event = altered(event, way)?;
        }
        _ => return None,
    }
    Some(forged)
}

/// Returns the event with a part that is not true.
fn altered(event: &Event, way: &[&str]) -> Option<Event> {
    Some(match (event, way) {
        (Event::CoordinateGuessed(guess), ["by", by]) => Event::CoordinateGuessed(Move {
            by: player(by),
            ..*guess
        }),
        (Event::CoordinateGuessed(guess), ["a", outcome]) => Event::CoordinateGuessed(Move {
            outcome: match *outcome {
                "hit" => Outcome::Hit,
                _ => Outcome::Miss,
            },
            ..*guess
        }),
        (Event::CoordinateGuessed(guess), ["the", "dot", "forested"]) => {
            Event::CoordinateGuessed(Move {
                forested: Some(IslandType::Dot),
                ..*guess
            })
        }
        (Event::GameWon { .. }, ["by", by]) => Event::GameWon { by: player(by) },
        (Event::IslandsPositioned { by, .. }, ["another", "board"]) => Event::IslandsPositioned {
            by: *by,
            board: random_board(3),
        },
        (Event::RematchStarted { .. }, ["of", "another", "id"]) => Event::RematchStarted {
            game: GameId::from_bytes([3; 10]),
        },
        _ => return None,
    })
}

fn player(name: &str) -> Player {
    let named = |player: &Player| player.to_string() == name;
    Player::BOTH.into_iter().find(named).expect("a player")
}

/// Plays the game: Ada hits with each guess, and Bob never does.
fn log() -> Vec<Event> {
    let (ada, bob) = (random_board(1), random_board(2));
    let guess = |cell: Coordinate| Command::GuessCoordinate {
        row: cell.row().into(),
        col: cell.col().into(),
    };
    let all = |board: Board| Command::PositionAll {
        islands: board.islands().map(Placement::from).collect(),
    };
    let name = "Bob".to_owned();
    let mut commands = vec![
        (Player::Two, Command::AddPlayer { name }),
        (Player::One, all(ada)),
        (Player::Two, all(bob)),
        (Player::One, Command::SetIslands),
        (Player::Two, Command::SetIslands),
    ];
    let misses = (CoordinateSet::ALL - ada.land()).iter();
    for (hit, miss) in bob.land().iter().zip(misses) {
        commands.push((Player::One, guess(hit)));
        commands.push((Player::Two, guess(miss)));
    }
    // Ada's last guess has won, so Bob has no other.
    commands.pop();
    commands.push((Player::One, Command::RequestRematch));
    commands.push((Player::Two, Command::RequestRematch));
    let created = create("Ada").expect("a name");
    let mut game = Game::new(&created);
    let mut log = vec![Event::GameCreated(created)];
    for (by, command) in commands {
        let facts = Facts {
            rematch: GameId::from_bytes([1; 10]),
            ..Facts::default()
        };
        for event in decide(&game, by, command, &facts).expect("it is allowed") {
            game.apply(&event);
            log.push(event);
        }
    }
    log
}

fn described(game: &Game) -> String {
    let ending = PublicView::of(game).winner;
    let winner = ending.map(|ending| format!(", {} won", ending.winner));
    let (seq, state) = (game.seq(), game.state_name());
    format!("ok: seq {seq}, {state}{}", winner.unwrap_or_default())
}

fn refused(ReplayError { seq, kind }: ReplayError) -> String {
    match kind {
        ReplayErrorKind::OutOfPlace => format!("event {seq}: OutOfPlace"),
        ReplayErrorKind::Mismatch => format!("event {seq}: Mismatch"),
        ReplayErrorKind::Refused(rejection) => {
            format!("event {seq}: Refused, {}", rejection.reason())
        }
    }
}
