//! A fixture that opens and plays games.

use std::sync::Arc;
use std::time::Duration;

use islands_core::bot::Strength;
use islands_core::{
    Command, Coordinate, Event, GameId, Placement, Player, Viewer, random_board, replay,
};
use islands_engine::journal::{Batch, Journal};
use islands_engine::testing::FaultyJournal;
use islands_engine::{Accepted, CallError, Games, NewGame, PublishedEvent, Settings, Subscription};

/// Games on a journal that can be made to fail.
pub struct Fixture {
    pub games: Games,
    pub journal: FaultyJournal,
}

impl Fixture {
    pub async fn new() -> Fixture {
        Fixture::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Fixture {
        let journal = FaultyJournal::default();
        let games = Games::start(settings, Arc::new(journal.clone())).await;
        Fixture {
            games: games.unwrap(),
            journal,
        }
    }

    /// Opens a game in which both players have set their islands and player 1 is to
    /// guess.
    pub async fn battle(&self) -> GameId {
        let game = self.games.create("Ada", NewGame::default()).await.unwrap();
        self.play(game, Player::Two, join("Bob")).await.unwrap();
        for (seed, player) in [(1, Player::One), (2, Player::Two)] {
            self.play(game, player, arrange(seed)).await.unwrap();
            self.play(game, player, Command::SetIslands).await.unwrap();
        }
        game
    }

    /// Stores a [`battle`](Fixture::battle) under this id whose events are this old.
    pub async fn battle_of_age(&self, id: [u8; 10], age: Duration) -> GameId {
        let game = GameId::from_bytes(id);
        // Played in another fixture, so that this journal has no newer copy of it.
        let other_fixture = Fixture::new().await;
        let model = other_fixture.battle().await;
        let mut seq = 0;
        for mut batch in other_fixture.batches(model).await {
            batch.at -= age;
            let events = batch.events.len() as u64;
            self.journal.append(game, seq, batch).await.unwrap();
            seq += events;
        }
        game
    }

    /// Opens a game against the computer; player 1 has yet to arrange islands.
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

    /// Returns the batches of a game in the journal.
    pub async fn batches(&self, game: GameId) -> Vec<Batch> {
        self.journal.wrapped().load(game, 0).await.unwrap()
    }

    /// Returns the events of a game in the journal, which the rules must allow.
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

/// Guess number `n`, counted from 0, in the order of the board's cells.
pub fn guess(n: usize) -> Command {
    let at = Coordinate::all().nth(n).unwrap();
    Command::GuessCoordinate {
        row: at.row().into(),
        col: at.col().into(),
    }
}

/// Returns the next event, which must come within 5 seconds; `None` at the end.
pub async fn next(subscription: &mut Subscription) -> Option<Arc<PublishedEvent>> {
    let next = tokio::time::timeout(Duration::from_secs(5), subscription.events.next());
    next.await
        .expect("an event, or the end of the subscription")
}
