//! Games, everyone who plays and watches them, and what is done to them.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use history::{History, Report};
use islands_core::bot::Strength;
use islands_core::{GameId, Player, PublicView, Viewer};
use islands_engine::journal::Batch;
use islands_engine::{Budget, CommandId, Games, NewGame, Settings};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::listener::Listener;
use super::player::{Manners, Sender};
use super::random_faults::RandomFaults;
use super::strikes::Strikes;

/// By then every game is over, whatever is done to it.
const FOREVER: Duration = Duration::from_secs(3 * 60 * 60);

/// How often a person looks for games in quarantine.
const ROUND: Duration = Duration::from_secs(8);

/// What one attack needs. Clones are the same scene.
#[derive(Clone)]
pub(super) struct Scene {
    pub(super) games: Games,
    pub(super) faults: RandomFaults,
    pub(super) strikes: Strikes,
    pub(super) history: History,
}

impl Scene {
    pub(super) async fn start(seed: u64) -> Scene {
        let strikes = Strikes::default();
        let settings = Settings {
            failpoints: strikes.failpoints.clone(),
            // What is struck so often would not be left alone long enough.
            budget: Budget {
                restarts: 100,
                within: Duration::from_secs(1),
            },
            // A game then leaves memory now and then.
            idle_after: Duration::from_secs(60),
            // With one, it depends on the seed alone who shares a supervisor.
            supervisors: 1,
            ..Settings::default()
        };
        let faults = RandomFaults::new(seed);
        let games = Games::start(settings, Arc::new(faults.clone())).await;
        Scene {
            games: games.unwrap(),
            faults,
            strikes,
            history: History::new(),
        }
    }

    /// Has so many games played, all at once, while everything fails, and holds
    /// what everyone was told against the journal.
    pub(super) async fn play(&self, tables: usize, rng: &mut Rng) -> Report {
        let mut playing = JoinSet::new();
        for _ in 0..tables {
            playing.spawn(Table::new(self, rng.fork()).play());
        }
        let person = tokio::spawn(end_quarantines(self.games.clone()));
        all_end(&mut playing).await;
        self.faults.stop().await;
        person.abort();
        self.check().await
    }

    /// Holds what everyone was told, and a last look at each game, against the
    /// journal.
    async fn check(&self) -> Report {
        let games = self.history.games();
        for game in &games {
            let struck = self.strikes.failpoints.is_clear(*game);
            assert!(struck, "a strike at {game} has not struck");
            // The person may not have come to it yet.
            let _ = self.games.clear_quarantine(*game).await;
            self.games.view(*game, Viewer::Spectator).await.unwrap();
        }
        // A computer may have had something to do when it was looked at.
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

/// Waits until all are done, and passes on the panic of one.
pub(super) async fn all_end(tasks: &mut JoinSet<()>) {
    let ended = timeout(FOREVER, async {
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
                // The supervisor may be gone at the moment; there is a next round.
                let _ = games.clear_quarantine(seen.game).await;
            }
        }
    }
}

/// A place where a game is played, and perhaps its rematch.
pub(super) struct Table {
    scene: Scene,
    rng: Rng,
    /// The seat of the computer.
    computer: Option<Player>,
}

impl Table {
    fn new(scene: &Scene, mut rng: Rng) -> Table {
        let computer = (rng.usize(..4) == 0).then_some(Player::Two);
        Table {
            scene: scene.clone(),
            rng,
            computer,
        }
    }

    async fn play(mut self) {
        let game = self.open().await;
        let guest = self.computer.map(|_| "Computer");
        self.scene.history.opened(game, "Ada", guest);
        let (host, next) = self.play_game(game).await;
        self.computer = self.computer.map(Player::opponent);
        self.scene.history.opened(next, &host, Some("Ada"));
        if self.rng.usize(..3) == 0 {
            self.play_game(next).await;
        } else if let Some(seat) = self.computer {
            self.scene.history.computer(next, seat);
        }
    }

    async fn open(&mut self) -> GameId {
        let opponent = self.computer.map(|_| Strength::Hunt);
        let listed = self.rng.bool();
        loop {
            let new = NewGame { opponent, listed };
            match self.scene.games.create("Ada", new).await {
                Ok(game) => return game,
                Err(_) => sleep(Duration::from_secs(1)).await,
            }
        }
    }

    /// Has a game played to its end, and tells who opens which rematch.
    async fn play_game(&mut self, game: GameId) -> (String, GameId) {
        let Scene { games, history, .. } = &self.scene;
        if let Some(seat) = self.computer {
            history.computer(game, seat);
        }
        let (over, is_over) = watch::channel(false);
        let (hang_up, manners) = (Arc::new(Notify::new()), Manners::draw(&mut self.rng));
        let (mut listening, mut playing) = (JoinSet::new(), JoinSet::new());
        for viewer in VIEWERS {
            let client = history.client(game, viewer);
            let (news, heard) = watch::channel(0);
            let rng = self.rng.fork();
            listening
                .spawn(Listener::new(games, client.clone(), news, rng).listen(is_over.clone()));
            if let Viewer::Player(seat) = viewer
                && self.computer != Some(seat)
            {
                let sender = Sender::new(
                    &self.scene,
                    client,
                    seat,
                    Arc::clone(&hang_up),
                    manners,
                    self.rng.fork(),
                );
                playing.spawn(sender.play(heard));
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
            if let Ok(view) = self.scene.games.view(game, Viewer::Spectator).await
                && let PublicView { players, next, .. } = view.public()
                && let (Some(guest), Some(next)) = (&players[Player::Two], next)
            {
                return (guest.name.to_string(), *next);
            }
            // The computer has not asked for it yet, or this has failed.
            sleep(Duration::from_secs(1)).await;
        }
    }
}
