//! An actor by hand: a task that owns the game, and a channel of messages to it.

use islands_core::{Command, Event, Facts, Game, Player, Rejection, StateName, decide};
use tokio::sync::{mpsc, oneshot};

use crate::disk::Disk;
use crate::games::battle;

/// The result of a command.
pub type Played = Result<Vec<Event>, Rejection>;

/// What the task can be asked. Each message holds the sender of its answer.
enum Message {
    Play {
        by: Player,
        command: Command,
        reply: oneshot::Sender<Played>,
    },
    State {
        reply: oneshot::Sender<StateName>,
    },
}

/// The way to a game's task. Clones lead to the same task, which ends when the last is dropped.
#[derive(Clone)]
pub struct GameHandle {
    mailbox: mpsc::Sender<Message>,
}

/// The error when the task of the game has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// Maximum messages that wait in the mailbox. A caller of a full one waits until there is room.
const MAILBOX: usize = 16;

/// Starts the task of a game. Call it within a runtime.
pub fn start(name: &str, disk: Disk) -> GameHandle {
    let (mailbox, messages) = mpsc::channel(MAILBOX);
    tokio::spawn(run(name.to_owned(), battle(), disk, messages));
    GameHandle { mailbox }
}

/// Handles one message after the other, until the last handle is gone.
async fn run(name: String, mut game: Game, disk: Disk, mut messages: mpsc::Receiver<Message>) {
    your_code!(name, game, disk, messages)
}

impl GameHandle {
    /// Carries out a command.
    ///
    /// # Errors
    /// [`Stopped`] if the task has ended. The answer itself may be a rejection.
    pub async fn play(&self, by: Player, command: Command) -> Result<Played, Stopped> {
        self.call(|reply| Message::Play { by, command, reply })
            .await
    }

    /// Returns the name of the game's state.
    ///
    /// # Errors
    /// [`Stopped`] if the task has ended.
    pub async fn state(&self) -> Result<StateName, Stopped> {
        self.call(|reply| Message::State { reply }).await
    }

    /// Sends a message and waits for its answer.
    async fn call<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> Result<T, Stopped> {
        your_code!(self, message)
    }
}
