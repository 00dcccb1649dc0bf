//! Games with their players and listeners, under faults and strikes.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use history::{History, Report};
use islands_core::bot::Strength;
use islands_core::{GameId, Player, PublicView, Viewer};
use islands_engine::journal::Batch;
use islands_engine::{CommandId, Games, NewGame, RestartBudget, Settings};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::listener::Listener;
use super::player::{Habits, Sender};
use super::random_faults::RandomFaults;
use super::strikes::Strikes;

/// Time within which every game must be over, under any faults.
const MAX_DURATION: Duration = Duration::from_secs(3 * 60 * 60);

/// Interval at which an operator ends all quarantines.
const ROUND: Duration = Duration::from_secs(8);

/// The games, faults and history of one attack; clones share them.
#[derive(Clone)]
pub(super) struct Fixture {
    pub(super) games: Games,
    pub(super) faults: RandomFaults,
    pub(super) strikes: Strikes,
    pub(super) history: History,
}

impl Fixture {
    pub(super) async fn start(seed: u64) -> Fixture {
        let strikes = Strikes::default();
        let settings = Settings {
            failpoints: strikes.failpoints.clone(),
            // Games are struck too often for the default budget.
            budget: RestartBudget {
                restarts: 100,
                within: Duration::from_secs(1),
            },
            // Short, so that games leave memory now and then.
            idle_after: Duration::from_secs(60),
            // With one, the seed alone decides which games share a supervisor.
            supervisors: 1,
            ..Settings::default()
        };
        let faults = RandomFaults::new(seed);
        let games = Games::start(settings, Arc::new(faults.clone())).await;
        Fixture {
            games: games.unwrap(),
            faults,
            strikes,
            history: History::new(),
        }
    }

    /// Plays the games of `tables` tables at once under faults, then checks the
    /// history against the journal.
    pub(super) async fn play(&self, tables: usize, rng: &mut Rng) -> Report {
        let mut playing = JoinSet::new();
        for _ in 0..tables {
            playing.spawn(Table::new(self, rng.fork()).play());
        }
        let operator = tokio::spawn(end_quarantines(self.games.clone()));
        all_end(&mut playing).await;
        self.faults.stop().await;
        operator.abort();
        self.check().await
    }

    /// Requests last views of each game, and checks the history against the journal.
    async fn check(&self) -> Report {
        let games = self.history.games();
        for game in &games {
            let struck = self.strikes.failpoints.is_clear(*game);
            assert!(struck, "a strike at {game} has not struck");
            // The operator may not have ended its quarantine yet.
            let _ = self.games.clear_quarantine(*game).await;
            self.games.view(*game, Viewer::Spectator).await.unwrap();
        }
        // A view starts a game's process, whose computer may then have a move to make.
        sleep(ROUND).await;
        let mut logs: Vec<(GameId, Vec<history::Batch>)> = Vec::new();
        for game in games {
            for viewer in VIEWERS {
                let client = self.history.client(game, viewer);
                let view = self.games.view(game, viewer).await.unwrap();
                client.viewed_last(view.seq(), &view);
            }
            let log = self.faults.log(game).await;
            logs.push((game, log.into_iter().map(plain).collect()));
        }
        self.history
            .check(logs.iter().map(|(game, log)| (*game, log.as_slice())))
    }
}

pub(super) const VIEWERS: [Viewer; 3] = [
    Viewer::Player(Player::One),
    Viewer::Player(Player::Two),
    Viewer::Spectator,
];

/// Waits until all tasks are done; panics if a task did, or after [`MAX_DURATION`].
pub(super) async fn all_end(tasks: &mut JoinSet<()>) {
    let ended = timeout(MAX_DURATION, async {
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
    });
    ended.await.expect("a game that ends");
}

pub(super) fn plain(batch: Batch) -> history::Batch {
    let id = batch.command_id.as_ref().map(CommandId::as_str);
    history::Batch::new(batch.by, id, batch.events)
}

async fn end_quarantines(games: Games) {
    loop {
        sleep(ROUND).await;
        for seen in games.system().supervisors.iter().flat_map(|it| &it.games) {
            if seen.phase == "quarantined" {
                // This fails if the supervisor is dead; the next round tries again.
                let _ = games.clear_quarantine(seen.game).await;
            }
        }
    }
}

/// Plays a game, and perhaps its rematch.
pub(super) struct Table {
    fixture: Fixture,
    rng: Rng,
    /// The computer's seat, if it plays.
    computer: Option<Player>,
}

impl Table {
    fn new(fixture: &Fixture, mut rng: Rng) -> Table {
        let computer = (rng.usize(..4) == 0).then_some(Player::Two);
        Table {
            fixture: fixture.clone(),
            rng,
            computer,
        }
    }

    async fn play(mut self) {
        let game = self.open().await;
        let guest = self.computer.map(|_| "Computer");
        self.fixture.history.opened(game, "Ada", guest);
        let (host, next) = self.play_game(game).await;
        self.computer = self.computer.map(Player::opponent);
        self.fixture.history.opened(next, &host, Some("Ada"));
        if self.rng.usize(..3) == 0 {
            self.play_game(next).await;
        } else if let Some(seat) = self.computer {
            self.fixture.history.computer(next, seat);
        }
    }

    async fn open(&mut self) -> GameId {
        let opponent = self.computer.map(|_| Strength::Hunt);
        let listed = self.rng.bool();
        loop {
            let new = NewGame { opponent, listed };
            match self.fixture.games.create("Ada", new).await {
                Ok(game) => return game,
                Err(_) => sleep(Duration::from_secs(1)).await,
            }
        }
    }

    /// Plays a game to its end. Returns its rematch, and the name of the rematch's
    /// player 1.
    async fn play_game(&mut self, game: GameId) -> (String, GameId) {
        let Fixture { games, history, .. } = &self.fixture;
        if let Some(seat) = self.computer {
            history.computer(game, seat);
        }
        let (over, is_over) = watch::channel(false);
        let (hang_up, habits) = (Arc::new(Notify::new()), Habits::draw(&mut self.rng));
        let (mut listening, mut playing) = (JoinSet::new(), JoinSet::new());
        for viewer in VIEWERS {
            let client = history.client(game, viewer);
            let (last_seen, seen_by_listener) = watch::channel(0);
            let rng = self.rng.fork();
            listening.spawn(
                Listener::new(games, client.clone(), last_seen, rng).listen(is_over.clone()),
            );
            if let Viewer::Player(seat) = viewer
                && self.computer != Some(seat)
            {
                let sender = Sender::new(
                    &self.fixture,
                    client,
                    seat,
                    Arc::clone(&hang_up),
                    habits,
                    self.rng.fork(),
                );
                playing.spawn(sender.play(seen_by_listener));
            }
        }
        drop(is_over);
        all_end(&mut playing).await;
        over.send_replace(true);
        all_end(&mut listening).await;
        self.next_game(game).await
    }

    async fn next_game(&self, game: GameId) -> (String, GameId) {
        loop {
            if let Ok(view) = self.fixture.games.view(game, Viewer::Spectator).await
                && let PublicView { players, next, .. } = view.public()
                && let (Some(guest), Some(next)) = (&players[Player::Two], next)
            {
                return (guest.name.to_string(), *next);
            }
            // The computer has not requested the rematch yet, or the view has failed.
            sleep(Duration::from_secs(1)).await;
        }
    }
}
