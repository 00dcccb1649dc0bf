//! The score of a game, kept by a process that has two bugs.

use tokio::sync::{mpsc, oneshot};

/// Guesses, and how many of them were hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// All guesses.
    pub guesses: u32,
    /// Those that hit.
    pub hits: u32,
}

/// What the process can be sent.
#[derive(Debug)]
pub enum Message {
    /// A guess was made.
    Guessed {
        /// Whether it hit.
        hit: bool,
    },
    /// Begin again. This has the first bug: it clears the guesses and keeps the hits.
    NewRound,
    /// The second bug: this message makes the process panic.
    Crash,
    /// The score.
    Get(oneshot::Sender<Score>),
}

/// The way to a process.
pub type Mailbox = mpsc::Sender<Message>;

impl Score {
    /// Returns the score after a message.
    #[must_use]
    pub fn after(mut self, message: &Message) -> Score {
        match message {
            Message::Guessed { hit } => {
                self.guesses += 1;
                self.hits += u32::from(*hit);
            }
            Message::NewRound => self.guesses = 0,
            Message::Crash => panic!("a bug"),
            Message::Get(_) => {}
        }
        self
    }

    /// Returns the share of hits, in percent.
    ///
    /// # Panics
    /// If there are hits and no guesses, which the first bug makes possible.
    pub fn percent(self) -> u32 {
        match self {
            Score {
                guesses: 0,
                hits: 0,
            } => 0,
            Score { guesses, hits } => hits * 100 / guesses,
        }
    }
}

/// Starts a process that nothing restarts. It ends with its last mailbox, or with a panic.
pub fn start() -> Mailbox {
    let (mailbox, messages) = mpsc::channel(16);
    tokio::spawn(run(messages));
    mailbox
}

/// The process: its score is a local variable, and begins at nothing.
pub async fn run(mut messages: mpsc::Receiver<Message>) {
    let mut score = Score::default();
    while let Some(message) = messages.recv().await {
        score = score.after(&message);
        if let Message::Get(reply) = message {
            // The caller may have hung up.
            let _ = reply.send(score);
        }
    }
}

/// Asks a process for its score. `None` if the process ended with the question in its hands.
pub async fn ask(mailbox: &Mailbox) -> Option<Score> {
    let (reply, answer) = oneshot::channel();
    mailbox.send(Message::Get(reply)).await.ok()?;
    answer.await.ok()
}
