//! A loop that starts a process again when it has crashed.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use crate::score::{Mailbox, Message, Score};

/// The mailbox belongs to the loop, so that it outlives the process.
type Messages = Arc<Mutex<mpsc::Receiver<Message>>>;

/// Starts the loop, which starts the process. It ends when the last mailbox is dropped.
pub fn start() -> Mailbox {
    let (mailbox, messages) = mpsc::channel(16);
    tokio::spawn(restart(Arc::new(Mutex::new(messages))));
    mailbox
}

async fn restart(messages: Messages) {
    // `Err` means that the task has panicked.
    while tokio::spawn(run(Arc::clone(&messages))).await.is_err() {}
}

/// The process: its score is a local variable, and begins at nothing.
async fn run(messages: Messages) {
    let mut score = Score::default();
    let mut messages = messages.lock().await;
    while let Some(message) = messages.recv().await {
        score = score.after(&message);
        if let Message::Get(reply) = message {
            // The caller may have hung up.
            let _ = reply.send(score);
        }
    }
}
