//! Games to test with.

use std::sync::Arc;
use std::time::Duration;

use islands_core::bot::Strength;
use islands_core::{
    Command, Coordinate, Event, GameId, Placement, Player, Viewer, random_board, replay,
};
use islands_engine::journal::{Batch, Journal};
use islands_engine::testing::FaultyJournal;
use islands_engine::{Accepted, CallError, Games, NewGame, Published, Settings, Subscription};

/// Games on a journal that can be made to fail.
pub struct Arena {
    pub games: Games,
    pub journal: FaultyJournal,
}

impl Arena {
    pub async fn new() -> Arena {
        Arena::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Arena {
        let journal = FaultyJournal::default();
        let games = Games::start(settings, Arc::new(journal.clone())).await;
        Arena {
            games: games.unwrap(),
            journal,
        }
    }

    /// A game in which both islands are set and player 1 is to guess.
    pub async fn battle(&self) -> GameId {
        let game = self.games.create("Ada", NewGame::default()).await.unwrap();
        self.play(game, Player::Two, join("Bob")).await.unwrap();
        for (seed, player) in [(1, Player::One), (2, Player::Two)] {
            self.play(game, player, arrange(seed)).await.unwrap();
            self.play(game, player, Command::SetIslands).await.unwrap();
        }
        game
    }

    /// The same under this id, and nobody has done anything for so long.
    pub async fn old(&self, id: [u8; 10], age: Duration) -> GameId {
        let game = GameId::from_bytes(id);
        // Played elsewhere: nothing in this journal is to come before it.
        let elsewhere = Arena::new().await;
        let model = elsewhere.battle().await;
        let mut seq = 0;
        for mut batch in elsewhere.batches(model).await {
            batch.at -= age;
            let events = batch.events.len() as u64;
            self.journal.append(game, seq, batch).await.unwrap();
            seq += events;
        }
        game
    }

    /// A game against the computer, whose player 1 is yet to arrange islands.
    pub async fn against(&self, strength: Strength) -> GameId {
        let new = NewGame {
            opponent: Some(strength),
            listed: false,
        };
        self.games.create("Ada", new).await.unwrap()
    }

    pub async fn play(
        &self,
        game: GameId,
        by: Player,
        command: Command,
    ) -> Result<Accepted, CallError> {
        self.games.command(game, by, command, None).await
    }

    /// What the journal has of a game.
    pub async fn batches(&self, game: GameId) -> Vec<Batch> {
        self.journal.kept().load(game, 0).await.unwrap()
    }

    /// The events that the journal has of a game; they must be those of one that
    /// could have been played.
    pub async fn log(&self, game: GameId) -> Vec<Event> {
        let log = self.batches(game).await;
        let events: Vec<Event> = log
            .into_iter()
            .flat_map(|batch: Batch| batch.events)
            .collect();
        if let Err(error) = replay(&events) {
            panic!("the log of {game} is no game: {error}");
        }
        events
    }

    pub async fn watch(&self, game: GameId, since: Option<u64>) -> Subscription {
        let watching = self.games.subscribe(game, Viewer::Spectator, since).await;
        watching.unwrap()
    }
}

pub fn join(name: &str) -> Command {
    Command::AddPlayer { name: name.into() }
}

pub fn arrange(seed: u64) -> Command {
    let islands = random_board(seed).islands().map(Placement::from).collect();
    Command::PositionAll { islands }
}

/// The guess number `n`, counted from 0: cells in the order of the board.
pub fn guess(n: usize) -> Command {
    let at = Coordinate::all().nth(n).unwrap();
    Command::GuessCoordinate {
        row: at.row().into(),
        col: at.col().into(),
    }
}

/// The next event, which has to come soon.
pub async fn next(subscription: &mut Subscription) -> Option<Arc<Published>> {
    let next = tokio::time::timeout(Duration::from_secs(5), subscription.events.next());
    next.await
        .expect("an event, or the end of the subscription")
}
