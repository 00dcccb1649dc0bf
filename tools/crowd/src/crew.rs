//! The worker processes, each this program started again.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::job::Job;
use crate::message::{FromWorker, ToWorker};

/// Silence after which a worker counts as failed. Workers report more often than this.
const SILENCE: Duration = Duration::from_secs(30);

/// Interval of checks for silent workers.
const GLANCE: Duration = Duration::from_secs(1);

/// Bound of the queue of messages from the workers.
const WAITING: usize = 1_024;

/// All workers; dropping the crew kills them.
pub(crate) struct Crew {
    workers: Vec<Worker>,
    heard: mpsc::Receiver<(usize, Heard)>,
    hear: mpsc::Sender<(usize, Heard)>,
}

struct Worker {
    process: Child,
    orders: ChildStdin,
    last_heard: Instant,
}

enum Heard {
    Said(Box<FromWorker>),
    /// A line that is not a message.
    Nonsense(String),
    End,
}

impl Crew {
    /// Starts a worker for each job.
    ///
    /// # Errors
    /// If a worker cannot be started.
    pub(crate) fn start(jobs: impl Iterator<Item = Job>) -> Result<Crew> {
        let (hear, heard) = mpsc::channel(WAITING);
        let mut crew = Crew {
            workers: Vec::new(),
            heard,
            hear,
        };
        for job in jobs {
            crew.add(&ToWorker::Job(Box::new(job)))?;
        }
        Ok(crew)
    }

    pub(crate) fn len(&self) -> usize {
        self.workers.len()
    }

    /// Sends an order to one worker.
    ///
    /// # Errors
    /// If the worker has ended.
    pub(crate) fn tell(&mut self, worker: usize, order: &ToWorker) -> Result<()> {
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        match self.workers[worker].orders.write_all(&line) {
            Ok(()) => Ok(()),
            Err(_) => bail!(self.end_of(worker)),
        }
    }

    /// Sends an order to all workers.
    ///
    /// # Errors
    /// If a worker has ended.
    pub(crate) fn tell_all(&mut self, order: &ToWorker) -> Result<()> {
        (0..self.len()).try_for_each(|worker| self.tell(worker, order))
    }

    /// Returns the next message and the index of the worker that sent it.
    ///
    /// # Errors
    /// If a worker has ended, gives up, has fallen silent, or writes a line that is not a message.
    pub(crate) async fn hear(&mut self) -> Result<(usize, FromWorker)> {
        let (worker, heard) = loop {
            self.check()?;
            if let Ok(heard) = timeout(GLANCE, self.heard.recv()).await {
                break heard.context("there are no workers")?;
            }
        };
        self.workers[worker].last_heard = Instant::now();
        match heard {
            Heard::Said(said) => match *said {
                FromWorker::Failed(why) => bail!("worker {worker}: {why}"),
                said => Ok((worker, said)),
            },
            Heard::Nonsense(why) => bail!("worker {worker} is not understood: {why}"),
            Heard::End => bail!(self.end_of(worker)),
        }
    }

    /// Checks that no worker has fallen silent.
    ///
    /// # Errors
    /// If a worker has.
    pub(crate) fn check(&self) -> Result<()> {
        let silent = |worker: &Worker| worker.last_heard.elapsed() > SILENCE;
        match self.workers.iter().position(silent) {
            Some(worker) => bail!("worker {worker} has said nothing for {SILENCE:?}"),
            None => Ok(()),
        }
    }

    fn add(&mut self, job: &ToWorker) -> Result<()> {
        let program = std::env::current_exe().context("cannot find this executable")?;
        let mut command = Command::new(program);
        command
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        // A process group of its own keeps Ctrl-C from the worker; this program ends its workers.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn().context("a worker cannot be started")?;
        let (orders, said) = (process.stdin.take(), process.stdout.take());
        let (orders, said) = orders.zip(said).context("the worker has no pipes")?;
        let worker = self.workers.len();
        self.workers.push(Worker {
            process,
            orders,
            last_heard: Instant::now(),
        });
        let hear = self.hear.clone();
        thread::Builder::new()
            .name(format!("worker {worker}"))
            .spawn(move || listen(worker, said, &hear))
            .context("no thread to listen")?;
        self.tell(worker, job)
    }

    fn end_of(&mut self, worker: usize) -> String {
        match self.workers[worker].process.wait() {
            Ok(status) => format!("worker {worker} has died: {status}"),
            Err(error) => format!("worker {worker} is gone: {error}"),
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            // The worker may have ended by itself.
            let _ = worker.process.kill();
            let _ = worker.process.wait();
        }
    }
}

fn listen(worker: usize, said: ChildStdout, hear: &mpsc::Sender<(usize, Heard)>) {
    for line in BufReader::new(said).lines() {
        let read = line.map_err(|error| error.to_string()).and_then(|line| {
            let said = serde_json::from_str(&line);
            said.map_err(|error| error.to_string())
        });
        let heard = match read {
            Ok(said) => Heard::Said(Box::new(said)),
            Err(why) => Heard::Nonsense(why),
        };
        if hear.blocking_send((worker, heard)).is_err() {
            return;
        }
    }
    // The receiver is gone once the run is over.
    let _ = hear.blocking_send((worker, Heard::End));
}
