//! Random players, for fuzzing.

use islands_core::bot::{self, Strength};
use islands_core::{Chance, Command, GameId, Placement, Player, PlayerView};

use crate::commands::{Asked, claim_win, rematch_in};
use crate::scene::Scene;

const ISLANDS: &[&str] = &["atoll", "dot", "l_shape", "s_shape", "square", "Dot", ""];
const NAMES: &[&str] = &["Bob", " Ada ", "", "Ada\u{7}", "Grace"];
const AWAY: &[u64] = &[0, 119_999, 120_000, u64::MAX];

/// Plays 500 commands of two monkeys. When a bot would have a command, a monkey
/// sends that one half of the time; otherwise it sends any command.
///
/// Calls `each` with the game after each accepted command.
pub(crate) fn play(seed: u64, mut each: impl FnMut(&Scene)) -> Scene {
    let mut chance = Chance::new(seed);
    let mut scene = Scene::initialized();
    for _ in 0..500 {
        let (by, command) = next(&mut chance, &scene);
        if scene.tries(by, command).is_ok() {
            each(&scene);
        }
    }
    scene
}

/// The next command of the monkeys, and the player that sends it.
pub(crate) fn next(chance: &mut Chance, scene: &Scene) -> (Player, Asked) {
    let by = one_of(chance, &Player::BOTH);
    let view = PlayerView::of(&scene.game, by);
    let sensible = bot::next(&view, Strength::Hunt, chance.next_u64());
    match sensible {
        Some(command) if one_of(chance, &[true, false]) => (by, command.into()),
        _ => (by, anything(chance)),
    }
}

/// Any command, with arguments around the bounds of what is valid.
fn anything(chance: &mut Chance) -> Asked {
    let command = match one_of(chance, &[0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4, 5, 6, 7, 8]) {
        0 => Command::AddPlayer {
            name: one_of(chance, NAMES).into(),
        },
        1 => Command::PositionIsland(placement(chance)),
        2 => Command::PositionAll {
            islands: (0..5).map(|_| placement(chance)).collect(),
        },
        3 => Command::SetIslands,
        4 => Command::GuessCoordinate {
            row: line(chance),
            col: line(chance),
        },
        // Rare, because resigning or winning ends the game.
        5 if chance.next_u64().is_multiple_of(20) => Command::Resign,
        6 if chance.next_u64().is_multiple_of(20) => return claim_win(one_of(chance, AWAY)),
        7 => return rematch_in(GameId::from_bytes([one_of(chance, &[1, 2, 3]); 10])),
        _ => Command::ClaimWin,
    };
    command.into()
}

fn placement(chance: &mut Chance) -> Placement {
    Placement {
        island: one_of(chance, ISLANDS).into(),
        row: line(chance),
        col: line(chance),
    }
}

/// A row or a column, mostly on the board.
fn line(chance: &mut Chance) -> i64 {
    let lines: Vec<i64> = (0..=11).chain([i64::MIN, i64::MAX]).collect();
    one_of(chance, &lines)
}

pub(crate) fn one_of<T: Copy>(chance: &mut Chance, from: &[T]) -> T {
    chance.pick(from).expect("something to pick from")
}
