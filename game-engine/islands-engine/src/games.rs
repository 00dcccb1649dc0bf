//! The way in: every call that can be made of the games.

use std::sync::Arc;
use std::time::SystemTime;

use islands_core::bot::Strength;
use islands_core::{Command, Event, Game, GameId, Player, View, Viewer, create, decide};
use ractor::{Actor, ActorRef, SpawnErr};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::bots::Bots;
use crate::command_id::CommandId;
use crate::game_actor::{Call, GameMessage, Surroundings};
use crate::game_id::draw_game_id;
use crate::game_process::Accepted;
use crate::journal::{AppendError, Batch, Journal};
use crate::opening::{Bot, Opening};
use crate::published::Published;
use crate::refusal::Refusal;
use crate::registry::{GameRef, Registry};
use crate::settings::Settings;
use crate::subscribers::Subscription;
use crate::supervisor::{Supervisor, SupervisorMessage};

/// What the computer is called when it plays.
const COMPUTER: &str = "Computer";

/// How often a call looks for its game: once more after it was lost in a crash,
/// which its id makes harmless. What crashes a game twice is not sent again.
const TRIES: usize = 2;

/// All games, running or not. A game that is called and is not in memory is
/// started from the journal first; whoever calls need not know.
///
/// Cheap to clone; every clone is the same games.
#[derive(Clone)]
pub struct Games {
    pub(crate) registry: Arc<Registry>,
    supervisors: Arc<[ActorRef<SupervisorMessage>]>,
    stopped: Arc<tokio::sync::Mutex<Vec<JoinHandle<()>>>>,
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
            settings,
        });
        let mut supervisors = Vec::new();
        let mut stopped = Vec::new();
        for _ in 0..surroundings.settings.supervisors.max(1) {
            let arguments = (Arc::clone(&registry), Arc::clone(&surroundings));
            let (supervisor, join) = Supervisor::spawn(None, Supervisor, arguments).await?;
            supervisors.push(supervisor);
            stopped.push(join);
        }
        Ok(Games {
            registry,
            supervisors: supervisors.into(),
            stopped: Arc::new(stopped.into()),
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
            events.extend(decide(&game, Player::Two, Command::AddPlayer { name })?);
        }
        let limit = self.surroundings.settings.max_games;
        if self.running() >= limit {
            return Err(Refusal::TooManyGames { limit });
        }
        let id = draw_game_id()?;
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
    /// The milliseconds of a [`Command::ClaimWin`] and the id of a
    /// [`Command::RequestRematch`] are filled in by the game's process, whatever
    /// they are here.
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
        self.call(game, |call| GameMessage::Command {
            by,
            command: command.clone(),
            id: id.clone(),
            call,
        })
        .await
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
        self.call(game, |call| GameMessage::Subscribe {
            viewer,
            since,
            call,
        })
        .await
    }

    /// What this viewer sees of a game.
    ///
    /// # Errors
    /// A [`Refusal`].
    pub async fn view(&self, game: GameId, viewer: Viewer) -> Result<View, Refusal> {
        self.call(game, |call| GameMessage::View { viewer, call })
            .await
    }

    /// The events after `since` of a game that is over.
    ///
    /// # Errors
    /// A [`Refusal`]: `wrong_state` while it is not over.
    pub async fn events(&self, game: GameId, since: u64) -> Result<Vec<Arc<Published>>, Refusal> {
        self.call(game, |call| GameMessage::Events { since, call })
            .await
    }

    /// How many games are in memory.
    pub fn running(&self) -> usize {
        self.registry.len()
    }

    /// Whether the journal can be written at this moment.
    pub fn is_writable(&self) -> bool {
        self.surroundings.journal.is_writable()
    }

    /// Stops all games and waits until they have, but no longer than the deadline.
    /// Nothing has to be saved: what was acknowledged is in the journal.
    pub async fn shut_down(&self) {
        for supervisor in &*self.supervisors {
            // One that is gone has stopped already.
            let _ = supervisor.cast(SupervisorMessage::Shutdown);
        }
        let stopped = async {
            for stopped in self.stopped.lock().await.drain(..) {
                // However it ended, it has.
                let _ = stopped.await;
            }
        };
        if timeout(self.surroundings.settings.deadline, stopped)
            .await
            .is_err()
        {
            tracing::warn!(games = self.running(), "some games did not stop in time");
        }
    }

    /// Sends a game a message and waits for its answer, no longer than the
    /// deadline. A call that was lost in a crash is made once more.
    async fn call<T>(
        &self,
        game: GameId,
        message: impl Fn(Call<T>) -> GameMessage,
    ) -> Result<T, Refusal> {
        let tries = async {
            let mut dead = None;
            for _ in 0..TRIES {
                let found = self.find(game, dead).await?;
                let place = Arc::clone(&found.places).try_acquire_owned();
                let (call, answer) = Call::new(place.map_err(|_| Refusal::Busy)?);
                dead = Some(found.id());
                if found.actor.cast(message(call)).is_ok()
                    && let Ok(answer) = answer.await
                {
                    return answer;
                }
            }
            Err(Refusal::Timeout)
        };
        timeout(self.surroundings.settings.deadline, tries)
            .await
            .unwrap_or(Err(Refusal::Timeout))
    }

    /// A game's process: the running one, unless that is known to be dead.
    async fn find(&self, id: GameId, dead: Option<ractor::ActorId>) -> Result<GameRef, Refusal> {
        if let Some(game) = self.registry.get(id)
            && dead != Some(game.id())
        {
            return Ok(game);
        }
        let (found, game) = oneshot::channel();
        let supervisor = &self.supervisors[self.registry.part_of(id)];
        supervisor
            .cast(SupervisorMessage::Find { id, dead, found })
            .map_err(|_| Refusal::Busy)?;
        game.await.unwrap_or(Err(Refusal::Busy))
    }
}
