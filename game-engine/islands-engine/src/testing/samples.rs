//! Sample batches and whole games, for tests of journals.

use std::time::{Duration, SystemTime};

use islands_core::bot::{self, Strength};
use islands_core::{
    Command, Event, Facts, Game, GameId, MIN_AWAY_MS, Placement, Player, PlayerView, apply, create,
    decide, random_board,
};

use crate::command_id::CommandId;
use crate::game_config::{Bot, GameConfig};
use crate::journal::{Batch, Journal, Retention};

/// Returns the id of a game by its number.
pub fn game_id(number: u64) -> GameId {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&number.to_be_bytes());
    GameId::from_bytes(bytes)
}

/// Returns the time `number` seconds after 1970.
pub fn at_second(number: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(number)
}

/// Returns a retention under which every game is old whose last batch is earlier than
/// `time`. The clock has been steady for decades, so elapsed time does not matter.
pub fn retain_since(time: SystemTime) -> Retention {
    let long = Duration::from_secs(1_000_000_000);
    Retention {
        period: long,
        now: time + long,
        steady: long,
    }
}

/// Appends a batch, which must succeed.
pub async fn must_append(journal: &dyn Journal, game: GameId, expected: u64, batch: Batch) {
    assert_eq!(journal.append(game, expected, batch).await, Ok(()));
}

/// Forgets old games, which must succeed, and returns how many.
pub async fn count_forgotten(journal: &dyn Journal, retention: Retention) -> usize {
    journal.forget(retention).await.expect("a journal").games
}

/// Returns a batch of one event, different for each number.
pub fn batch(number: u64) -> Batch {
    Batch {
        at: at_second(number),
        by: Player::Two,
        command_id: CommandId::new(&number.to_string()).ok(),
        config: None,
        events: vec![Event::IslandsSet { by: Player::Two }],
    }
}

/// Returns the log of a whole game of two bots, drawn from a seed. Player 1 arranges the
/// islands one by one, player 2 all at once. They guess until one wins, and request a
/// rematch. A third of the games end early.
pub fn played_game(seed: u64) -> Vec<Batch> {
    let created = create("Ada").expect("a name");
    let mut log = Log {
        game: Game::new(&created),
        rematch: game_id(u64::MAX - seed),
        batches: Vec::new(),
    };
    let config = GameConfig {
        bot: seed.is_multiple_of(2).then_some(Bot {
            seat: Player::Two,
            strength: Strength::Hunt,
            seed,
        }),
        listed: seed.is_multiple_of(5),
        rematch: log.rematch,
    };
    log.keep(Player::One, vec![Event::GameCreated(created)]);
    log.batches[0].config = Some(config);
    let name = "Bob".into();
    log.command(Player::Two, Command::AddPlayer { name });
    arrange(&mut log, seed);
    fight(&mut log, seed);
    for player in Player::BOTH {
        log.command(player, Command::RequestRematch);
    }
    log.batches
}

fn arrange(log: &mut Log, seed: u64) {
    for island in random_board(seed).islands() {
        let place = Placement::from(island);
        log.command(Player::One, Command::PositionIsland(place));
    }
    let islands = random_board(!seed).islands().map(Placement::from).collect();
    log.command(Player::Two, Command::PositionAll { islands });
    log.command(Player::Two, Command::SetIslands);
    log.command(Player::One, Command::SetIslands);
}

fn fight(log: &mut Log, seed: u64) {
    let strength = [Strength::Random, Strength::Hunt];
    for turn in 0.. {
        let player = Player::BOTH[turn % 2];
        let view = PlayerView::of(&log.game, player);
        let strength = strength[(turn + seed as usize) % 2];
        let Some(guess) = bot::next_command(&view, strength, seed) else {
            return;
        };
        match (turn, seed % 6) {
            (20, 1) => return log.command(player, Command::Resign),
            (20, 2) => return log.command(player, Command::ClaimWin),
            _ => log.command(player, guess),
        }
    }
}

struct Log {
    game: Game,
    rematch: GameId,
    batches: Vec<Batch>,
}

impl Log {
    fn command(&mut self, by: Player, command: Command) {
        let facts = Facts {
            opponent_away_ms: MIN_AWAY_MS,
            rematch: self.rematch,
        };
        let events = decide(&self.game, by, command, &facts).expect("a legal command");
        self.game = events.iter().fold(self.game.clone(), apply);
        self.keep(by, events);
    }

    fn keep(&mut self, by: Player, events: Vec<Event>) {
        let number = self.batches.len() as u64;
        self.batches.push(Batch {
            events,
            by,
            ..batch(number)
        });
    }
}
