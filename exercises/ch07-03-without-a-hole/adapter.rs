//! Commands that make a game crash, and show what a subscription has returned.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use islands_core::{Command, Coordinate, Event, GameId, Player, PlayerName, Viewer, random_board};
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use crate::game_subscription::{GameSubscription, GameSubscriptionEvent};
use crate::journal::{Batch, Journal};
use crate::testing::samples::retain_since;
use crate::testing::{AppendFault, FaultyJournal, LoadFault, kill_game};
use crate::{Games, NewGame, Settings, Subscription};

/// How long Bob looks, and how many reports he waits for.
const LOOKS: Duration = Duration::from_secs(10);
const MOST: usize = 12;

const BOB: Viewer = Viewer::Player(Player::Two);

/// A system with one game, which Bob's channel follows.
struct System {
    games: Games,
    game: GameId,
    journal: FaultyJournal,
    bob: GameSubscription,
    /// How many loads have failed because the journal could not be read.
    loads: Arc<AtomicU64>,
}

/// Returns a function that answers commands. It keeps the system between them.
pub fn start() -> impl FnMut(&str) -> String {
    // The clock stands still while there is something to do.
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime");
    let mut system = runtime.block_on(System::start());
    move |command| answer(command, &mut system, &runtime)
}

/// Answers `PLAYER guesses CELL`, also with `, and the game crashes when it is stored` behind it;
/// `the game crashes`; `the journal cannot be read for N s`, `how often was it tried?`, `the log is damaged`, `the log is mended`, `the log
/// is gone`; `bob has seen event 20`, and `bob looks`, also with `for N s` behind it.
fn answer(command: &str, system: &mut System, runtime: &Runtime) -> String {
    runtime.block_on(async {
        if let Some(rest) = command.strip_prefix("the journal cannot be read for ") {
            let seconds = rest.trim_end_matches(" s").parse().expect("a number");
            system.fail_loads(Duration::from_secs(seconds));
            return "ok".to_owned();
        }
        if let Some(rest) = command.strip_prefix("bob looks for ") {
            let seconds = rest.trim_end_matches(" s").parse().expect("a number");
            return system.look(Duration::from_secs(seconds)).await;
        }
        if let Some(guess) = command.strip_suffix(", and the game crashes when it is stored") {
            let crash = AppendFault::PanicAfter;
            system.journal.next_append(system.game, crash);
            return system.play(guess).await;
        }
        match command {
            "bob looks" => return system.look(LOOKS).await,
            "the game crashes" => kill_game(&system.games, system.game),
            "how often was it tried?" => {
                return format!("{} times", system.loads.swap(0, Ordering::Relaxed));
            }
            "bob has seen event 20" => {
                let start = system.subscribe().await;
                let (games, game) = (system.games.clone(), system.game);
                system.bob = GameSubscription::new(games, game, BOB, 20, start.events);
            }
            "the log is damaged" => {
                let damaged = || Some(LoadFault::Damaged("event 7 cannot be read".into()));
                system.journal.on_load(move |_| damaged());
            }
            "the log is mended" => {
                system.journal.on_load(|_| None);
                let cleared = system.games.clear_quarantine(system.game).await;
                return format!("ended: {}", cleared.is_ok_and(|was| was));
            }
            "the log is gone" => {
                let retention = retain_since(SystemTime::now() + Duration::from_secs(60));
                let forgotten = system.journal.forget(retention).await;
                forgotten.expect("a journal");
            }
            guess => return system.play(guess).await,
        }
        settle().await;
        "ok".to_owned()
    })
}

impl System {
    async fn start() -> System {
        let journal = FaultyJournal::default();
        let games = Games::start(Settings::default(), Arc::new(journal.clone())).await;
        let games = games.expect("a supervisor");
        let game = games
            .create("Ada", NewGame::default())
            .await
            .expect("a game");
        let mut log = vec![Event::PlayerAdded {
            name: PlayerName::new("Bob").expect("a name"),
        }];
        for (by, seed) in [(Player::One, 1), (Player::Two, 2)] {
            let board = random_board(seed);
            log.push(Event::IslandsPositioned { by, board });
            log.push(Event::IslandsSet { by });
        }
        for (seq, event) in (1..).zip(log) {
            let batch = Batch {
                at: SystemTime::now(),
                by: Player::One,
                command_id: None,
                config: None,
                events: vec![event],
            };
            let appended = journal.append(game, seq, batch).await;
            appended.expect("it is stored");
        }
        let start = games.subscribe(game, BOB, None).await;
        let start = start.unwrap_or_else(|error| panic!("{error}"));
        let bob = GameSubscription::new(games.clone(), game, BOB, start.seq, start.events);
        System {
            games,
            game,
            journal,
            bob,
            loads: Arc::default(),
        }
    }

    async fn subscribe(&self) -> Subscription {
        let start = self.games.subscribe(self.game, BOB, None).await;
        start.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Makes every load fail for this time, and counts them.
    fn fail_loads(&self, time: Duration) {
        let (end, loads) = (Instant::now() + time, Arc::clone(&self.loads));
        self.journal.on_load(move |_| {
            let fails = Instant::now() < end;
            loads.fetch_add(u64::from(fails), Ordering::Relaxed);
            fails.then_some(LoadFault::Unavailable)
        });
    }

    async fn play(&self, guess: &str) -> String {
        let [by, "guesses", cell] = guess.split(' ').collect::<Vec<_>>()[..] else {
            return "! unknown command".to_owned();
        };
        let by = if by == "ada" {
            Player::One
        } else {
            Player::Two
        };
        let at: Coordinate = cell.parse().expect("a cell");
        let (row, col) = (at.row().into(), at.col().into());
        let command = Command::GuessCoordinate { row, col };
        match self.games.command(self.game, by, command, None).await {
            Ok(accepted) => format!("event {}", accepted.seq),
            Err(error) => format!("failed, {}", error.reason()),
        }
    }

    /// Says what the subscription reports within this time.
    async fn look(&mut self, time: Duration) -> String {
        let mut reports = Vec::new();
        let over = sleep(time);
        tokio::pin!(over);
        while reports.len() < MOST {
            tokio::select! {
                biased;
                report = self.bob.next() => match report {
                    Some(GameSubscriptionEvent::Event(event)) => {
                        reports.push(format!("event {}", event.seq()));
                    }
                    Some(GameSubscriptionEvent::Unavailable(error)) => {
                        reports.push(format!("unavailable, {}", error.reason()));
                    }
                    Some(GameSubscriptionEvent::Rejoin) => reports.push("join again".to_owned()),
                    None => {
                        reports.push("the end".to_owned());
                        break;
                    }
                },
                () = &mut over => break,
            }
        }
        match reports.is_empty() {
            true => "nothing".to_owned(),
            false => reports.join(", then "),
        }
    }
}

/// Lets the processes do what they have to do.
async fn settle() {
    for _ in 0..50 {
        yield_now().await;
    }
}
