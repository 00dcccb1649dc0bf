//! Commands that fold logs of one game, whole, cut or forged.

use std::time::SystemTime;

use islands_core::bot::Strength;
use islands_core::{
    Command, Coordinate, CoordinateSet, Event, Facts, Game, GameId, Outcome, Placement, Player,
    create, decide, random_board,
};

use crate::command_id::CommandId;
use crate::game_config::{Bot, GameConfig};
use crate::journal::Batch;
use crate::recovery::{Recovered, RecoveryError, fold};

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    let log = log();
    move |command| answer(command, &log)
}

/// Answers `fold N batches`, `fold without batch N`, `fold without the configuration`, `fold with
/// a forged hit`, or `find ID of PLAYER in N batches`.
fn answer(command: &str, log: &[Batch]) -> String {
    let number = |text: &str| text.parse::<usize>().expect("a number");
    let mut log = log.to_vec();
    match command.split(' ').collect::<Vec<_>>()[..] {
        ["fold", count, "batches"] => log.truncate(number(count)),
        ["fold", "without", "batch", place] => drop(log.remove(number(place) - 1)),
        ["fold", "without", "the", "configuration"] => log[0].config = None,
        ["fold", "with", "a", "forged", "hit"] => {
            for event in log.iter_mut().flat_map(|batch| &mut batch.events) {
                if let Event::CoordinateGuessed(guess) = event {
                    guess.outcome = Outcome::Hit;
                }
            }
        }
        ["find", id, "of", name, "in", count, "batches"] => {
            log.truncate(number(count));
            let by = if name == "ada" {
                Player::One
            } else {
                Player::Two
            };
            let id = CommandId::new(id).expect("an id");
            return match fold(log) {
                Ok(recovered) => match recovered.receipts.find(by, &id) {
                    Some(seq) => format!("event {seq}"),
                    None => "not found".to_owned(),
                },
                Err(error) => shown_error(&error),
            };
        }
        _ => return "! unknown command".to_owned(),
    }
    match fold(log) {
        Ok(recovered) => shown(&recovered),
        Err(error) => shown_error(&error),
    }
}

fn shown(recovered: &Recovered) -> String {
    let Recovered { game, config, .. } = recovered;
    let config = match *config == CONFIG {
        true => "its configuration",
        false => "another configuration",
    };
    format!("event {}, {}, {config}", game.seq(), game.state_name())
}

/// The configuration of the game, in which the computer has the second seat.
const CONFIG: GameConfig = GameConfig {
    bot: Some(Bot {
        seat: Player::Two,
        strength: Strength::Hunt,
        seed: 7,
    }),
    listed: true,
    rematch: GameId::from_bytes([1; 10]),
};

fn shown_error(error: &RecoveryError) -> String {
    match error {
        RecoveryError::NoSuchGame => "no such game".to_owned(),
        RecoveryError::Damaged(text) if text.contains("event") => format!("damaged: {text}"),
        RecoveryError::Damaged(_) => "damaged".to_owned(),
        RecoveryError::Unavailable => "unavailable".to_owned(),
    }
}

/// A game with one guess. The ids of its commands are `c2` to `c7`, after their first events.
fn log() -> Vec<Batch> {
    let created = create("Ada").expect("a name");
    let mut game = Game::new(&created);
    let mut log = vec![Batch {
        at: SystemTime::UNIX_EPOCH,
        by: Player::One,
        command_id: None,
        config: Some(CONFIG),
        events: vec![Event::GameCreated(created)],
    }];
    let all = |seed| Command::PositionAll {
        islands: random_board(seed).islands().map(Placement::from).collect(),
    };
    let guess = |cell: Coordinate| Command::GuessCoordinate {
        row: cell.row().into(),
        col: cell.col().into(),
    };
    let water = (CoordinateSet::ALL - random_board(2).land()).iter();
    let cell = water.last().expect("a board has water");
    let commands = [
        (Player::Two, Command::AddPlayer { name: "Bob".into() }),
        (Player::One, all(1)),
        (Player::Two, all(2)),
        (Player::One, Command::SetIslands),
        (Player::Two, Command::SetIslands),
        (Player::One, guess(cell)),
    ];
    for (by, command) in commands {
        let events = decide(&game, by, command, &Facts::default()).expect("it is allowed");
        let seq = game.seq() + 1;
        for event in &events {
            game.apply(event);
        }
        log.push(Batch {
            at: SystemTime::UNIX_EPOCH,
            by,
            command_id: CommandId::new(&format!("c{seq}")).ok(),
            config: None,
            events,
        });
    }
    log
}
