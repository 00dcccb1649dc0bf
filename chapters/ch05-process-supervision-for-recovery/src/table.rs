//! A process that keeps its state in a table, which outlives it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use crate::score::{Mailbox, Message, Score};

/// The last state of each process, by name.
#[derive(Clone, Debug, Default)]
pub struct Table(Arc<Mutex<HashMap<String, Score>>>);

impl Table {
    /// Returns the saved state, or the first one.
    pub fn load(&self, name: &str) -> Score {
        let saved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        saved.get(name).copied().unwrap_or_default()
    }

    /// Saves the state.
    pub fn save(&self, name: &str, score: Score) {
        let mut saved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        saved.insert(name.to_owned(), score);
    }
}

/// The process is given up after this many crashes in a row.
pub const MAX_CRASHES: u32 = 1_000;

/// A process, and the count of its crashes.
pub struct Started {
    /// The way to it.
    pub mailbox: Mailbox,
    /// Ends when the process does, with the number of its crashes.
    pub crashes: tokio::task::JoinHandle<u32>,
}

/// Starts a process that is started again after each crash, with the state that was saved last.
pub fn start(name: &str, table: &Table) -> Started {
    let (mailbox, messages) = mpsc::channel(16);
    let (name, table) = (name.to_owned(), table.clone());
    let crashes = tokio::spawn(async move {
        let messages = Arc::new(tokio::sync::Mutex::new(messages));
        let mut crashes = 0;
        while crashes < MAX_CRASHES {
            let process = run(name.clone(), table.clone(), Arc::clone(&messages));
            match tokio::spawn(process).await {
                Ok(()) => break,
                Err(_) => crashes += 1,
            }
        }
        crashes
    });
    Started { mailbox, crashes }
}

/// The process: it loads its score, writes it onto the scoreboard, and saves it after each
/// message.
async fn run(
    name: String,
    table: Table,
    messages: Arc<tokio::sync::Mutex<mpsc::Receiver<Message>>>,
) {
    let mut score = table.load(&name);
    let mut messages = messages.lock().await;
    loop {
        // What the scoreboard shows.
        let _ = score.percent();
        let Some(message) = messages.recv().await else {
            return;
        };
        score = score.after(&message);
        table.save(&name, score);
        if let Message::Get(reply) = message {
            // The caller may have hung up.
            let _ = reply.send(score);
        }
    }
}
