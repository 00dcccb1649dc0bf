//! The entry point: creates games and calls them.

mod calling;
mod operating;

pub use operating::Inspection;

use calling::FailedCall;

use std::sync::Arc;
use std::time::SystemTime;

use islands_core::bot::Strength;
use islands_core::{Command, Event, Facts, Game, GameId, Player, View, Viewer, create, decide};
use ractor::{Actor, ActorRef, SpawnErr};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::debug_span;

use crate::bots::Bots;
use crate::call_error::CallError;
use crate::command_id::CommandId;
use crate::game_actor::{GameMessage, Shared};
use crate::game_config::{Bot, GameConfig};
use crate::game_id::random_game_id;
use crate::game_process::Accepted;
use crate::journal::{AppendError, Batch, Journal};
use crate::metrics::Metrics;
use crate::published_event::PublishedEvent;
use crate::registry::Registry;
use crate::root::{Root, RootMessage};
use crate::settings::Settings;
use crate::subscribers::Subscription;

/// The name of the computer player.
pub const COMPUTER_NAME: &str = "Computer";

/// All games, running or not. A call to a game that is not in memory starts it from
/// the journal first.
///
/// Cheap to clone; all clones share the same games.
#[derive(Clone)]
pub struct Games {
    pub(crate) registry: Arc<Registry>,
    root: ActorRef<RootMessage>,
    /// The root's task, until the first `shut_down` takes it to wait for it.
    stopped: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
    shared: Arc<Shared>,
}

/// The caller's options for a new game.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewGame {
    /// How well the computer in the second seat plays; `None` leaves the seat to a player.
    pub opponent: Option<Strength>,
    /// Whether strangers may find the game and join.
    pub listed: bool,
}

impl Games {
    /// Starts the root and its supervisors. A game starts when it is first called.
    ///
    /// # Errors
    /// If a supervisor cannot be started.
    pub async fn start(settings: Settings, journal: Arc<dyn Journal>) -> Result<Games, SpawnErr> {
        let registry = Arc::new(Registry::new(settings.supervisors));
        let shared = Arc::new(Shared {
            journal,
            bots: Bots::new(),
            metrics: Metrics::new(),
            settings,
        });
        let arguments = (Arc::clone(&registry), Arc::clone(&shared));
        let (root, stopped) = Root::spawn(None, Root, arguments).await?;
        Ok(Games {
            registry,
            root,
            stopped: Arc::new(Some(stopped).into()),
            shared,
        })
    }

    /// Opens a game. The player with this name becomes player 1.
    ///
    /// # Errors
    /// A [`CallError`]: the name is invalid, the games are at their limit, or the journal does
    /// not store the game. After [`CallError::Timeout`] the game may exist.
    pub async fn create(&self, name: &str, new: NewGame) -> Result<GameId, CallError> {
        let created = create(name)?;
        let game = Game::new(&created);
        let mut events = vec![Event::GameCreated(created)];
        if new.opponent.is_some() {
            let name = COMPUTER_NAME.into();
            events.extend(decide(
                &game,
                Player::Two,
                Command::AddPlayer { name },
                &Facts::default(),
            )?);
        }
        if !self.is_writable() {
            return Err(CallError::JournalUnavailable);
        }
        let id = random_game_id()?;
        self.check_capacity()?;
        let batch = Batch {
            at: SystemTime::now(),
            by: Player::One,
            command_id: None,
            config: Some(GameConfig {
                bot: new.opponent.map(|strength| Bot {
                    seat: Player::Two,
                    strength,
                    seed: fastrand::u64(..),
                }),
                listed: new.listed,
                rematch: random_game_id()?,
            }),
            events,
        };
        let appended = self.shared.journal.append(id, 0, batch);
        match timeout(self.shared.settings.call_timeout, appended).await {
            Ok(Ok(())) => Ok(id),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a game was not opened");
                Err(match error {
                    AppendError::Conflict { .. } => CallError::Busy,
                    AppendError::Unavailable(_) => CallError::JournalUnavailable,
                    AppendError::OutcomeUnknown(_) => CallError::Timeout,
                })
            }
            Err(_) => Err(CallError::Timeout),
        }
    }

    /// Carries out a command. `Ok` means that it is in the journal.
    ///
    /// A command with an id may be sent again: while it is among the last 32 accepted
    /// commands of its player, a repeat gets the first answer and changes nothing.
    ///
    /// # Errors
    /// A [`CallError`]. After [`CallError::Timeout`] the command may still be carried
    /// out; after any other, this call has changed nothing. An earlier call under the same
    /// id may have.
    pub async fn command(
        &self,
        game: GameId,
        by: Player,
        command: Command,
        id: Option<CommandId>,
    ) -> Result<Accepted, CallError> {
        let id = id.unwrap_or_else(CommandId::random);
        let span = debug_span!("command", %game, %by, id = id.as_str());
        let message = |call| GameMessage::Command {
            by,
            command: command.clone(),
            id: id.clone(),
            call,
            span: span.clone(),
        };
        let answer = self
            .call(game, message)
            .await
            .map_err(FailedCall::into_command_error);
        self.shared.metrics.count_command(&answer);
        answer
    }

    /// Subscribes to a game. With `since`, the number of the last event already seen, the
    /// subscription starts with the events after it.
    ///
    /// # Errors
    /// A [`CallError`].
    pub async fn subscribe(
        &self,
        game: GameId,
        viewer: Viewer,
        since: Option<u64>,
    ) -> Result<Subscription, CallError> {
        let subscribe = |call| GameMessage::Subscribe {
            viewer,
            since,
            call,
        };
        Ok(self.call(game, subscribe).await?)
    }

    /// Returns what this viewer sees of a game.
    ///
    /// # Errors
    /// A [`CallError`].
    pub async fn view(&self, game: GameId, viewer: Viewer) -> Result<View, CallError> {
        let view = |call| GameMessage::View { viewer, call };
        Ok(self.call(game, view).await?)
    }

    /// Returns the events after `since` of a game that is over.
    ///
    /// # Errors
    /// A [`CallError`]: `wrong_state` while the game is not over.
    pub async fn events(
        &self,
        game: GameId,
        since: u64,
    ) -> Result<Vec<Arc<PublishedEvent>>, CallError> {
        let events = |call| GameMessage::Events { since, call };
        Ok(self.call(game, events).await?)
    }

    /// Checks that one more game is within the limit. If not, asks idle games to leave early.
    fn check_capacity(&self) -> Result<(), CallError> {
        let limit = self.shared.settings.max_games;
        if self.running() < limit {
            return Ok(());
        }
        self.registry.passivate_early();
        Err(CallError::TooManyGames { limit })
    }
}
