//! Recovery: rebuilds a game from its log, at every start of its process.

use std::sync::Arc;

use islands_core::{Event, Game, GameId, replay};
use thiserror::Error;

use crate::game_config::GameConfig;
use crate::journal::{Batch, Journal, LoadError};
use crate::published_event::PublishedEvent;
use crate::receipts::Receipts;

/// The state rebuilt from a log.
pub(crate) struct Recovered {
    pub(crate) game: Game,
    pub(crate) config: GameConfig,
    pub(crate) receipts: Receipts,
}

/// Why a game could not be rebuilt from its log.
#[derive(Clone, Debug, Error)]
pub(crate) enum RecoveryError {
    /// The game has no log.
    #[error("there is no such game")]
    NoSuchGame,
    /// The log cannot be folded into a game.
    #[error("{0}")]
    Damaged(String),
    /// The log cannot be read at the moment.
    #[error("the journal is not available")]
    Unavailable,
}

impl From<LoadError> for RecoveryError {
    fn from(error: LoadError) -> RecoveryError {
        match error {
            LoadError::Unavailable(why) => {
                tracing::warn!(why, "a game's log cannot be read");
                RecoveryError::Unavailable
            }
            LoadError::Damaged(what) => RecoveryError::Damaged(what),
        }
    }
}

/// Loads the log of a game and folds it.
pub(crate) async fn recover(journal: &dyn Journal, id: GameId) -> Result<Recovered, RecoveryError> {
    fold(journal.load(id, 0).await?)
}

/// Folds a log into a game, and checks every event against the rules.
pub(crate) fn fold(log: Vec<Batch>) -> Result<Recovered, RecoveryError> {
    your_code!(log)
}

/// Returns the events that a subscriber has missed after `since`. It needs the whole log:
/// what a viewer may see of an event depends on the state of the game just after it.
pub(crate) async fn load_missed_events(
    journal: &dyn Journal,
    id: GameId,
    since: u64,
) -> Result<Vec<Arc<PublishedEvent>>, RecoveryError> {
    let events = events(journal.load(id, 0).await?);
    let Some((first @ Event::GameCreated(created), rest)) = events.split_first() else {
        return Err(RecoveryError::NoSuchGame);
    };
    let mut game = Game::new(created);
    let mut missed = Vec::new();
    let mut publish = |game: &Game, event: &Event| {
        if game.seq() > since {
            missed.push(Arc::new(PublishedEvent::new(game, event)));
        }
    };
    publish(&game, first);
    for event in rest {
        game.apply(event);
        publish(&game, event);
    }
    Ok(missed)
}

fn events(log: Vec<Batch>) -> Vec<Event> {
    log.into_iter().flat_map(|batch| batch.events).collect()
}
