//! The way in: every call that can be made of the games.

mod calling;
mod operating;

pub use operating::Inspection;

use calling::Unserved;

use std::sync::Arc;
use std::time::SystemTime;

use islands_core::bot::Strength;
use islands_core::{Command, Event, Facts, Game, GameId, Player, View, Viewer, create, decide};
use ractor::{Actor, ActorRef, SpawnErr};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::debug_span;

use crate::bots::Bots;
use crate::command_id::CommandId;
use crate::game_actor::{GameMessage, Surroundings};
use crate::game_id::draw_game_id;
use crate::game_process::Accepted;
use crate::journal::{AppendError, Batch, Journal};
use crate::metrics::Metrics;
use crate::opening::{Bot, Opening};
use crate::published::Published;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::root::{Root, RootMessage};
use crate::settings::Settings;
use crate::subscribers::Subscription;

/// What the computer is called when it plays.
pub const COMPUTER: &str = "Computer";

/// All games, running or not. A game that is called and is not in memory is
/// started from the journal first; whoever calls need not know.
///
/// Cheap to clone; every clone is the same games.
#[derive(Clone)]
pub struct Games {
    pub(crate) registry: Arc<Registry>,
    root: ActorRef<RootMessage>,
    stopped: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
    surroundings: Arc<Surroundings>,
}

/// How a game is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewGame {
    /// The computer to play against; without one, someone else will join.
    pub opponent: Option<Strength>,
    /// Whether strangers may find the game and join.
    pub listed: bool,
}

impl Games {
    /// Starts the supervisors. Games start when they are first called.
    ///
    /// # Errors
    /// When a supervisor cannot be started.
    pub async fn start(settings: Settings, journal: Arc<dyn Journal>) -> Result<Games, SpawnErr> {
        let registry = Arc::new(Registry::new(settings.supervisors));
        let surroundings = Arc::new(Surroundings {
            journal,
            bots: Bots::new(),
            metrics: Metrics::new(),
            settings,
        });
        let arguments = (Arc::clone(&registry), Arc::clone(&surroundings));
        let (root, stopped) = Root::spawn(None, Root, arguments).await?;
        Ok(Games {
            registry,
            root,
            stopped: Arc::new(Some(stopped).into()),
            surroundings,
        })
    }

    /// Opens a game for a player of this name, who is player 1.
    ///
    /// # Errors
    /// A [`Refusal`]: the name is not one, or the journal takes nothing.
    pub async fn create(&self, name: &str, new: NewGame) -> Result<GameId, Refusal> {
        let created = create(name)?;
        let game = Game::new(&created);
        let mut events = vec![Event::GameCreated(created)];
        if new.opponent.is_some() {
            let name = COMPUTER.into();
            events.extend(decide(
                &game,
                Player::Two,
                Command::AddPlayer { name },
                &Facts::default(),
            )?);
        }
        if !self.is_writable() {
            return Err(Refusal::JournalUnavailable);
        }
        let id = draw_game_id()?;
        self.room_for_one_more()?;
        let batch = Batch {
            at: SystemTime::now(),
            by: Player::One,
            command_id: None,
            opening: Some(Opening {
                bot: new.opponent.map(|strength| Bot {
                    seat: Player::Two,
                    strength,
                    seed: fastrand::u64(..),
                }),
                listed: new.listed,
                rematch: draw_game_id()?,
            }),
            events,
        };
        let appended = self.surroundings.journal.append(id, 0, batch);
        match timeout(self.surroundings.settings.deadline, appended).await {
            Ok(Ok(())) => Ok(id),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a game was not opened");
                Err(match error {
                    AppendError::Conflict { .. } => Refusal::Busy,
                    AppendError::Unavailable(_) => Refusal::JournalUnavailable,
                    AppendError::Unknown(_) => Refusal::Timeout,
                })
            }
            Err(_) => Err(Refusal::Timeout),
        }
    }

    /// Has a command carried out. It is in the journal when this answers `Ok`.
    ///
    /// A command with an id may be sent again: when it is among the last 32 of its
    /// player that were accepted, the answer is the one it was given then.
    ///
    /// # Errors
    /// A [`Refusal`]. After [`Refusal::Timeout`] the command may still be carried
    /// out; after any other, nothing has changed.
    pub async fn command(
        &self,
        game: GameId,
        by: Player,
        command: Command,
        id: Option<CommandId>,
    ) -> Result<Accepted, Refusal> {
        let id = id.unwrap_or_else(CommandId::draw);
        let span = debug_span!("command", %game, %by, id = id.as_str());
        let message = |call| GameMessage::Command {
            by,
            command: command.clone(),
            id: id.clone(),
            call,
            span: span.clone(),
        };
        let answer = self.call(game, message).await.map_err(Unserved::of_command);
        self.surroundings.metrics.answered(&answer);
        answer
    }

    /// Listens to a game. With `since`, the number of the last event that was
    /// seen before, it starts with what was missed since then.
    ///
    /// # Errors
    /// A [`Refusal`].
    pub async fn subscribe(
        &self,
        game: GameId,
        viewer: Viewer,
        since: Option<u64>,
    ) -> Result<Subscription, Refusal> {
        let subscribe = |call| GameMessage::Subscribe {
            viewer,
            since,
            call,
        };
        Ok(self.call(game, subscribe).await?)
    }

    /// What this viewer sees of a game.
    ///
    /// # Errors
    /// A [`Refusal`].
    pub async fn view(&self, game: GameId, viewer: Viewer) -> Result<View, Refusal> {
        let view = |call| GameMessage::View { viewer, call };
        Ok(self.call(game, view).await?)
    }

    /// The events after `since` of a game that is over.
    ///
    /// # Errors
    /// A [`Refusal`]: `wrong_state` while it is not over.
    pub async fn events(&self, game: GameId, since: u64) -> Result<Vec<Arc<Published>>, Refusal> {
        let events = |call| GameMessage::Events { since, call };
        Ok(self.call(game, events).await?)
    }

    /// Whether there is room in memory for one more game. If not, those that are
    /// idle are asked to make some.
    fn room_for_one_more(&self) -> Result<(), Refusal> {
        let limit = self.surroundings.settings.max_games;
        if self.running() < limit {
            return Ok(());
        }
        self.registry.make_room();
        Err(Refusal::TooManyGames { limit })
    }
}
