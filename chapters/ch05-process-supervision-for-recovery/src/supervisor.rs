//! A supervisor of many processes, by hand.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use crate::score::{self, Mailbox};

/// Maximum restarts within [`WITHIN`].
pub const MAX_RESTARTS: usize = 3;
/// The window of [`MAX_RESTARTS`].
pub const WITHIN: Duration = Duration::from_secs(5);

/// What to do about a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Start the process again.
    Restart,
    /// Leave it down. The others go on.
    GiveUp,
    /// End the supervisor, and every process with it.
    End,
}

/// Decides about crashes.
pub trait Budget: Default + Send + 'static {
    /// Records a crash of the process with this name, which ran as this task, and decides.
    fn crashed(&mut self, name: &str, task: Id, now: Instant) -> Decision;
}

/// What a caller can ask of the supervisor.
enum Request {
    /// The mailbox of a process, unless it has been given up.
    Find(String, oneshot::Sender<Option<Mailbox>>),
    /// The names of the running processes.
    Running(oneshot::Sender<Vec<String>>),
}

/// The way to a supervisor, which ends with its last handle.
#[derive(Clone)]
pub struct Handle {
    requests: mpsc::Sender<Request>,
}

/// Starts a supervisor with a process for each name.
pub fn start<B: Budget>(names: &[&str]) -> Handle {
    let (requests, inbox) = mpsc::channel(16);
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    tokio::spawn(async move {
        let mut supervisor = Supervisor::<B>::default();
        for name in names {
            supervisor.start(name);
        }
        supervisor.supervise(inbox).await;
    });
    Handle { requests }
}

impl Handle {
    /// Returns the mailbox of a process, unless it has been given up.
    pub async fn find(&self, name: &str) -> Option<Mailbox> {
        self.ask(|reply| Request::Find(name.to_owned(), reply))
            .await?
    }

    /// Returns the names of the running processes, in alphabetical order. There are none if the
    /// supervisor has ended.
    pub async fn running(&self) -> Vec<String> {
        self.ask(Request::Running).await.unwrap_or_default()
    }

    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).await.ok()?;
        answer.await.ok()
    }
}

/// The running processes.
#[derive(Default)]
struct Supervisor<B> {
    tasks: JoinSet<()>,
    names: HashMap<Id, String>,
    mailboxes: HashMap<String, Mailbox>,
    budget: B,
}

impl<B: Budget> Supervisor<B> {
    fn start(&mut self, name: String) {
        let (mailbox, messages) = mpsc::channel(16);
        let task = self.tasks.spawn(score::run(messages));
        self.names.insert(task.id(), name.clone());
        self.mailboxes.insert(name, mailbox);
    }

    /// Answers requests and handles the ends of processes, until the last handle is gone.
    async fn supervise(mut self, mut inbox: mpsc::Receiver<Request>) {
        loop {
            tokio::select! {
                request = inbox.recv() => match request {
                    None => return,
                    Some(Request::Find(name, reply)) => {
                        // The caller may have hung up.
                        let _ = reply.send(self.mailboxes.get(&name).cloned());
                    }
                    Some(Request::Running(reply)) => {
                        let mut names: Vec<String> = self.mailboxes.keys().cloned().collect();
                        names.sort();
                        let _ = reply.send(names);
                    }
                },
                Some(ended) = self.tasks.join_next_with_id() => {
                    if let Err(crash) = ended
                        && self.crashed(crash.id()) == Decision::End
                    {
                        return;
                    }
                }
            }
        }
    }

    /// Does what the budget decides about a process that has crashed. When the supervisor ends,
    /// its set of tasks is dropped, which ends them all.
    fn crashed(&mut self, task: Id) -> Decision {
        let Some(name) = self.names.remove(&task) else {
            return Decision::GiveUp;
        };
        self.mailboxes.remove(&name);
        let decision = self.budget.crashed(&name, task, Instant::now());
        if decision == Decision::Restart {
            self.start(name);
        }
        decision
    }
}
