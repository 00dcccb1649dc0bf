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
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);

/// Interval of checks for silent workers.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Bound of the queue of messages from the workers.
const QUEUE_CAPACITY: usize = 1_024;

/// All workers; dropping the pool kills them.
pub(crate) struct WorkerPool {
    workers: Vec<Worker>,
    outputs: mpsc::Receiver<(usize, WorkerOutput)>,
    output_sender: mpsc::Sender<(usize, WorkerOutput)>,
}

struct Worker {
    process: Child,
    stdin: ChildStdin,
    last_message_at: Instant,
}

enum WorkerOutput {
    Message(Box<FromWorker>),
    /// A line that is not a message.
    Malformed(String),
    Eof,
}

impl WorkerPool {
    /// Starts a worker for each job.
    ///
    /// # Errors
    /// If a worker cannot be started.
    pub(crate) fn start(jobs: impl Iterator<Item = Job>) -> Result<WorkerPool> {
        let (output_sender, outputs) = mpsc::channel(QUEUE_CAPACITY);
        let mut pool = WorkerPool {
            workers: Vec::new(),
            outputs,
            output_sender,
        };
        for job in jobs {
            pool.add(&ToWorker::Job(Box::new(job)))?;
        }
        Ok(pool)
    }

    pub(crate) fn len(&self) -> usize {
        self.workers.len()
    }

    /// Sends an order to one worker.
    ///
    /// # Errors
    /// If the worker has ended.
    pub(crate) fn send(&mut self, worker: usize, order: &ToWorker) -> Result<()> {
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        match self.workers[worker].stdin.write_all(&line) {
            Ok(()) => Ok(()),
            Err(_) => bail!(self.exit_reason(worker)),
        }
    }

    /// Sends an order to all workers.
    ///
    /// # Errors
    /// If a worker has ended.
    pub(crate) fn send_all(&mut self, order: &ToWorker) -> Result<()> {
        (0..self.len()).try_for_each(|worker| self.send(worker, order))
    }

    /// Returns the next message and the index of the worker that sent it.
    ///
    /// # Errors
    /// If a worker has ended, gives up, has fallen silent, or writes a line that is not a message.
    pub(crate) async fn receive(&mut self) -> Result<(usize, FromWorker)> {
        let (worker, output) = loop {
            self.check_silence()?;
            if let Ok(output) = timeout(CHECK_INTERVAL, self.outputs.recv()).await {
                break output.context("there are no workers")?;
            }
        };
        self.workers[worker].last_message_at = Instant::now();
        match output {
            WorkerOutput::Message(message) => match *message {
                FromWorker::Failed(reason) => bail!("worker {worker}: {reason}"),
                message => Ok((worker, message)),
            },
            WorkerOutput::Malformed(reason) => bail!("worker {worker} is not understood: {reason}"),
            WorkerOutput::Eof => bail!(self.exit_reason(worker)),
        }
    }

    /// Checks that no worker has fallen silent.
    ///
    /// # Errors
    /// If a worker has.
    pub(crate) fn check_silence(&self) -> Result<()> {
        let silent = |worker: &Worker| worker.last_message_at.elapsed() > SILENCE_TIMEOUT;
        match self.workers.iter().position(silent) {
            Some(worker) => bail!("worker {worker} has said nothing for {SILENCE_TIMEOUT:?}"),
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
        let (stdin, stdout) = (process.stdin.take(), process.stdout.take());
        let (stdin, stdout) = stdin.zip(stdout).context("the worker has no pipes")?;
        let worker = self.workers.len();
        self.workers.push(Worker {
            process,
            stdin,
            last_message_at: Instant::now(),
        });
        let output_sender = self.output_sender.clone();
        thread::Builder::new()
            .name(format!("worker {worker}"))
            .spawn(move || read_output(worker, stdout, &output_sender))
            .context("no thread to listen")?;
        self.send(worker, job)
    }

    fn exit_reason(&mut self, worker: usize) -> String {
        match self.workers[worker].process.wait() {
            Ok(status) => format!("worker {worker} has died: {status}"),
            Err(error) => format!("worker {worker} is gone: {error}"),
        }
    }
}

impl Drop for WorkerPool {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            // The worker may have ended by itself.
            let _ = worker.process.kill();
            let _ = worker.process.wait();
        }
    }
}

fn read_output(
    worker: usize,
    stdout: ChildStdout,
    output_sender: &mpsc::Sender<(usize, WorkerOutput)>,
) {
    for line in BufReader::new(stdout).lines() {
        let parsed = line.map_err(|error| error.to_string()).and_then(|line| {
            let message = serde_json::from_str(&line);
            message.map_err(|error| error.to_string())
        });
        let output = match parsed {
            Ok(message) => WorkerOutput::Message(Box::new(message)),
            Err(reason) => WorkerOutput::Malformed(reason),
        };
        if output_sender.blocking_send((worker, output)).is_err() {
            return;
        }
    }
    // The receiver is gone once the run is over.
    let _ = output_sender.blocking_send((worker, WorkerOutput::Eof));
}
