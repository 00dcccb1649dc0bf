//! Random players, for fuzzing.

use islands_core::bot::{self, Strength};
use islands_core::{Command, GameId, Placement, Player, PlayerView, Rng};

use crate::commands::{CommandWithFacts, claim_win, rematch_in};
use crate::fixture::Fixture;

const ISLANDS: &[&str] = &["atoll", "dot", "l_shape", "s_shape", "square", "Dot", ""];
const NAMES: &[&str] = &["Bob", " Ada ", "", "Ada\u{7}", "Grace"];
const AWAY: &[u64] = &[0, 119_999, 120_000, u64::MAX];

/// Plays 500 commands of two monkeys. When a bot would have a command, a monkey
/// sends that one half of the time; otherwise it sends any command.
///
/// Calls `each` with the game after each accepted command.
pub(crate) fn play(seed: u64, mut each: impl FnMut(&Fixture)) -> Fixture {
    let mut rng = Rng::new(seed);
    let mut fixture = Fixture::initialized();
    for _ in 0..500 {
        let (by, command) = next_command(&mut rng, &fixture);
        if fixture.try_command(by, command).is_ok() {
            each(&fixture);
        }
    }
    fixture
}

/// The next command of the monkeys, and the player that sends it.
pub(crate) fn next_command(rng: &mut Rng, fixture: &Fixture) -> (Player, CommandWithFacts) {
    let by = pick(rng, &Player::BOTH);
    let view = PlayerView::of(&fixture.game, by);
    let sensible = bot::next_command(&view, Strength::Hunt, rng.next_u64());
    match sensible {
        Some(command) if pick(rng, &[true, false]) => (by, command.into()),
        _ => (by, any_command(rng)),
    }
}

/// Any command, with arguments around the bounds of what is valid.
fn any_command(rng: &mut Rng) -> CommandWithFacts {
    let command = match pick(rng, &[0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4, 5, 6, 7, 8]) {
        0 => Command::AddPlayer {
            name: pick(rng, NAMES).into(),
        },
        1 => Command::PositionIsland(placement(rng)),
        2 => Command::PositionAll {
            islands: (0..5).map(|_| placement(rng)).collect(),
        },
        3 => Command::SetIslands,
        4 => Command::GuessCoordinate {
            row: row_or_col(rng),
            col: row_or_col(rng),
        },
        // Rare, because resigning or winning ends the game.
        5 if rng.next_u64().is_multiple_of(20) => Command::Resign,
        6 if rng.next_u64().is_multiple_of(20) => return claim_win(pick(rng, AWAY)),
        7 => return rematch_in(GameId::from_bytes([pick(rng, &[1, 2, 3]); 10])),
        _ => Command::ClaimWin,
    };
    command.into()
}

fn placement(rng: &mut Rng) -> Placement {
    Placement {
        island: pick(rng, ISLANDS).into(),
        row: row_or_col(rng),
        col: row_or_col(rng),
    }
}

/// A row or a column, mostly on the board.
fn row_or_col(rng: &mut Rng) -> i64 {
    let values: Vec<i64> = (0..=11).chain([i64::MIN, i64::MAX]).collect();
    pick(rng, &values)
}

pub(crate) fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> T {
    rng.pick(from).expect("something to pick from")
}
