//! Injects each strike at each failpoint of each kind of command.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use islands_core::bot::Strength;
use islands_core::{
    Command, Event, Facts, Game, GameId, Player, Reply, Viewer, apply, decide, replay,
};
use islands_engine::journal::{Batch, Journal, MemoryJournal};
use islands_engine::testing::Failpoint;
use islands_engine::{Accepted, Bot, CallError, CatchUp, CommandId, GameConfig, Games, Settings};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::expect_panics;
use super::sample_logs::{self, random_game_id};
use super::strikes::{Strike, Strikes};

#[tokio::test(start_paused = true)]
async fn a_move_happens_once_under_any_fault_at_any_failpoint() {
    strike_at_each_failpoint(&sample_logs::battle(), &sample_logs::guess(0)).await;
}

#[tokio::test(start_paused = true)]
async fn a_winning_move_happens_once_under_any_fault_at_any_failpoint() {
    let (log, last) = sample_logs::before_the_win();
    strike_at_each_failpoint(&log, &last).await;
}

#[tokio::test(start_paused = true)]
async fn a_rematch_is_opened_once_under_any_fault_at_any_failpoint() {
    let mut log = sample_logs::battle();
    log.push(Event::PlayerResigned { by: Player::Two });
    log.push(Event::RematchRequested { by: Player::Two });
    strike_at_each_failpoint(&log, &Command::RequestRematch).await;
}

/// Has player 1 send this command in a game with this log, once for each failpoint and
/// each strike.
async fn strike_at_each_failpoint(log: &[Event], command: &Command) {
    expect_panics();
    for failpoint in Failpoint::ALL {
        for strike in Strike::ALL {
            let stage = Stage::set(log, None).await;
            let case = format!("{strike:?} when {failpoint:?}");
            let watching = tokio::spawn(stage.clone().watch(log.len() as u64));
            stage.strike(failpoint, strike);
            stage.send_and_repeat(command, &case).await;
            let seen_by_listener = timeout(Duration::from_secs(60), watching).await;
            let expected = stage.log().await.len() as u64;
            assert_eq!(seen_by_listener.expect(&case).unwrap(), expected, "{case}");
            assert!(stage.strikes.failpoints.is_clear(stage.game), "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_computer_moves_once_under_any_fault_at_any_failpoint() {
    expect_panics();
    let mut log = sample_logs::battle();
    let game = replay(&log).unwrap();
    log.extend(decide(&game, Player::One, sample_logs::guess(0), &Facts::default()).unwrap());
    let after = log.len() as u64 + 1;
    // No caller waits for the computer's move, so no caller can hang up.
    for failpoint in [
        Failpoint::Decided,
        Failpoint::Appended,
        Failpoint::Applied,
        Failpoint::Published,
    ] {
        for strike in [
            Strike::Panic,
            Strike::Kill,
            Strike::KillSupervisor,
            Strike::Delay,
        ] {
            let bot = Bot {
                seat: Player::Two,
                strength: Strength::Hunt,
                seed: 7,
            };
            let stage = Stage::set(&log, Some(bot)).await;
            let case = format!("{strike:?} when {failpoint:?}");
            stage.strike(failpoint, strike);
            let seen_by_listener = stage.clone().watch(log.len() as u64);
            let seen_by_listener = timeout(Duration::from_secs(60), seen_by_listener).await;
            assert_eq!(seen_by_listener.expect(&case), after, "{case}");
            sleep(Duration::from_secs(60)).await;
            assert_eq!(stage.log().await.len() as u64, after, "{case}");
            assert!(stage.strikes.failpoints.is_clear(stage.game), "{case}");
            let answered = stage.send(&sample_logs::guess(1)).await.expect(&case);
            assert_eq!(answered.expect(&case).seq, after + 1, "{case}");
        }
    }
}

/// One game, and what a test needs to strike it.
#[derive(Clone)]
struct Stage {
    games: Games,
    journal: Arc<MemoryJournal>,
    game: GameId,
    /// The id of the game's rematch.
    next: GameId,
    strikes: Strikes,
    hang_up: Arc<Notify>,
}

impl Stage {
    async fn set(log: &[Event], bot: Option<Bot>) -> Stage {
        let strikes = Strikes::default();
        let settings = Settings {
            failpoints: strikes.failpoints.clone(),
            supervisors: 1,
            ..Settings::default()
        };
        let journal = Arc::new(MemoryJournal::new());
        let games = Games::start(settings, Arc::clone(&journal) as _).await;
        let [game, next] = [random_game_id(), random_game_id()];
        let batch = Batch {
            at: SystemTime::now(),
            by: Player::One,
            command_id: None,
            config: Some(GameConfig {
                bot,
                listed: false,
                rematch: next,
            }),
            events: log.to_vec(),
        };
        journal.append(game, 0, batch).await.unwrap();
        Stage {
            games: games.unwrap(),
            journal,
            game,
            next,
            strikes,
            hang_up: Arc::default(),
        }
    }

    fn strike(&self, failpoint: Failpoint, strike: Strike) {
        let Stage { games, game, .. } = self;
        self.strikes
            .set(games, *game, failpoint, strike, &self.hang_up);
    }

    /// Sends a command of player 1 until it is acknowledged, and then once more. The
    /// journal must gain the command's events, once, and nothing else.
    async fn send_and_repeat(&self, command: &Command, case: &str) {
        let before = self.log().await;
        let game = replay(&before).unwrap();
        let facts = Facts {
            rematch: self.next,
            ..Facts::default()
        };
        let brings = decide(&game, Player::One, command.clone(), &facts).unwrap();
        let game: Game = brings.iter().fold(game, apply);
        let expected = Accepted {
            seq: game.seq(),
            reply: Reply::of(&game, Player::One, &brings),
        };
        let mut answered = 0;
        for _ in 0..5 {
            match self.send(command).await {
                Some(Ok(accepted)) => {
                    assert_eq!(accepted, expected, "{case}");
                    answered += 1;
                }
                // The caller has hung up, or its deadline has passed.
                None | Some(Err(CallError::Timeout)) => {}
                Some(Err(error)) => panic!("{case}: {error:?}"),
            }
            if answered == 2 {
                break;
            }
        }
        assert_eq!(answered, 2, "{case}");
        assert_eq!(
            self.log().await,
            [before, brings.clone()].concat(),
            "{case}"
        );
        if let [_, Event::RematchStarted { game }] = brings[..] {
            let opened = self.journal.load(game, 0).await.unwrap();
            assert_eq!(opened.len(), 1, "{case}");
            assert!(
                self.games.view(game, Viewer::Spectator).await.is_ok(),
                "{case}"
            );
        }
    }

    async fn send(&self, command: &Command) -> Option<Result<Accepted, CallError>> {
        let id = CommandId::new("struck").unwrap();
        let sent = self
            .games
            .command(self.game, Player::One, command.clone(), Some(id));
        tokio::select! {
            answer = sent => Some(answer),
            () = self.hang_up.notified() => None,
        }
    }

    /// Subscribes after this number, and again whenever the subscription ends, until
    /// events have come and no more follow. Returns the last number.
    async fn watch(self, mut seen: u64) -> u64 {
        let first = seen;
        loop {
            let begun = self
                .games
                .subscribe(self.game, Viewer::Spectator, Some(seen))
                .await;
            let Ok(mut begun) = begun else {
                sleep(Duration::from_secs(1)).await;
                continue;
            };
            let CatchUp::Missed(missed) = &begun.catch_up else {
                panic!("a view instead of what was missed");
            };
            for event in missed {
                assert_eq!(event.seq(), seen + 1);
                seen += 1;
            }
            // Longer than the longest strike and the calls that it delays.
            while let Ok(next) = timeout(Duration::from_secs(20), begun.events.next()).await {
                let Some(event) = next else { break };
                assert_eq!(event.seq(), seen + 1);
                seen += 1;
            }
            if seen > first {
                return seen;
            }
        }
    }

    async fn log(&self) -> Vec<Event> {
        let log = self.journal.load(self.game, 0).await.unwrap();
        log.into_iter().flat_map(|batch| batch.events).collect()
    }
}
