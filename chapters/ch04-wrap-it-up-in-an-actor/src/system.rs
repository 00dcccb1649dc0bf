//! The product's games for the walk, on a journal that can be held up.

use std::sync::Arc;
use std::time::Duration;

use ch04::games::guess;
use islands_core::{Command, GameId, Placement, Player, random_board};
use islands_engine::journal::Journal;
use islands_engine::testing::{AppendFault, FaultyJournal};
use islands_engine::{Accepted, CallError, CommandId, Games, NewGame, Settings};
use tokio::task::JoinSet;

/// A running system with one game, in which it is Ada's turn.
pub(crate) struct System {
    pub(crate) games: Games,
    pub(crate) game: GameId,
    journal: FaultyJournal,
}

impl System {
    pub(crate) async fn start(settings: Settings) -> Result<System, Box<dyn std::error::Error>> {
        let journal = FaultyJournal::default();
        let games = Games::start(settings, Arc::new(journal.clone())).await?;
        let game = games.create("Ada", NewGame::default()).await?;
        let name = "Bob".into();
        let join = Command::AddPlayer { name };
        games.command(game, Player::Two, join, None).await?;
        for (by, seed) in [(Player::One, 1), (Player::Two, 2)] {
            let islands = random_board(seed).islands().map(Placement::from).collect();
            let place = Command::PositionAll { islands };
            games.command(game, by, place, None).await?;
            games.command(game, by, Command::SetIslands, None).await?;
        }
        Ok(System {
            games,
            game,
            journal,
        })
    }

    /// Makes the next append take this long.
    pub(crate) fn slow_append(&self, pause: Duration) {
        let fault = AppendFault::Slow {
            stored_after: pause,
            answered_after: Duration::ZERO,
        };
        self.journal.next_append(self.game, fault);
    }

    /// Guesses a cell for Ada, under this id.
    pub(crate) async fn guess(&self, cell: &str, id: &str) -> Result<Accepted, CallError> {
        let (Ok(command), Ok(id)) = (guess(cell), CommandId::new(id)) else {
            return Err(CallError::NoSuchGame);
        };
        let (game, by) = (self.game, Player::One);
        self.games.command(game, by, command, Some(id)).await
    }

    /// Sends 100 guesses at once while the journal does not answer, and counts the outcomes:
    /// busy, timeout, and anything else.
    pub(crate) async fn send_100_while_stalled(&self) -> [usize; 3] {
        let gate = self.journal.hold(self.game);
        let mut calls = JoinSet::new();
        for _ in 0..100 {
            let (games, game, guess) = (self.games.clone(), self.game, guess("A1"));
            calls.spawn(async move {
                let command = guess.map_err(|_| CallError::NoSuchGame)?;
                games.command(game, Player::One, command, None).await
            });
        }
        let mut counts = [0; 3];
        while let Some(answer) = calls.join_next().await {
            match answer {
                Ok(Err(CallError::Busy)) => counts[0] += 1,
                Ok(Err(CallError::Timeout)) => counts[1] += 1,
                _ => counts[2] += 1,
            }
        }
        gate.open();
        counts
    }

    /// Guesses a cell while the journal does not answer, until the call gives up. Then the
    /// journal answers again.
    pub(crate) async fn guess_while_stalled(
        &self,
        cell: &str,
        id: &str,
    ) -> Result<Accepted, CallError> {
        let gate = self.journal.hold(self.game);
        let answer = self.guess(cell, id).await;
        gate.open();
        answer
    }

    /// Returns the number of events in the journal.
    pub(crate) async fn events_stored(&self) -> usize {
        let log = self.journal.load(self.game, 0).await.unwrap_or_default();
        log.iter().map(|batch| batch.events.len()).sum()
    }
}
