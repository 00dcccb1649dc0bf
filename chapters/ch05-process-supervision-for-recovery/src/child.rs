//! A program of its own that plays until it is killed: this walk, started once more.
//!
//! It prints a line for each move that the game has acknowledged. The parent reads the lines,
//! kills the program, and looks at what is left.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;
use std::{fs, io, thread};

use islands_core::{Coordinate, GameId, Player};
use islands_engine::journal::{Journal, MemoryJournal};
use islands_engine::{Games, Settings};
use islands_journal::RedbJournal;

use crate::system::battle;

/// The argument with which the walk starts itself as a child.
const CHILD: &str = "--play-until-killed";

/// If this program was started as a child, plays until it is killed.
pub(crate) fn run_if_child() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|it| it == CHILD) {
        let file = arguments.next().map(PathBuf::from);
        if let Err(error) = play(file.as_deref()) {
            eprintln!("{error}");
        }
        std::process::exit(1);
    }
}

/// Plays games one after the other, with a journal in this file or in memory.
fn play(file: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let journal: Arc<dyn Journal> = match file {
        Some(file) => Arc::new(RedbJournal::open(file)?),
        None => Arc::new(MemoryJournal::new()),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()?;
    runtime.block_on(async {
        let games = Games::start(Settings::default(), journal).await?;
        loop {
            let game = battle(&games, "Ada").await?;
            for cell in Coordinate::all().take(50) {
                for by in Player::BOTH {
                    let (row, col) = (cell.row().into(), cell.col().into());
                    let guess = islands_core::Command::GuessCoordinate { row, col };
                    let accepted = games.command(game, by, guess, None).await?;
                    // Without a reader this fails, and the program ends.
                    writeln!(io::stdout(), "{game} {}", accepted.seq)?;
                }
            }
        }
    })
}

/// What a child had acknowledged when it was killed.
pub(crate) struct Killed {
    /// The last game, and the number of its last acknowledged event.
    pub(crate) game: GameId,
    pub(crate) acknowledged: u64,
}

/// Starts a child, kills it with SIGKILL after this many moves, and returns what it had
/// acknowledged until then. SIGKILL cannot be handled: the program gets no chance to save
/// anything.
pub(crate) fn kill_after(moves: usize, file: Option<&Path>) -> Result<Killed, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg(CHILD)
        .args(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let stdout = {
        let mut left = left_behind();
        let mut child = command.spawn()?;
        let stdout = child.stdout.take();
        left.child = Some(child);
        stdout.ok_or("the child has no output")?
    };
    let mut lines = BufReader::new(stdout).lines();
    let mut last = None;
    for line in lines.by_ref().take(moves) {
        last = Some(line?);
    }
    left_behind().end_child();
    // What it had written before it died is an acknowledgement as well.
    for line in lines {
        last = Some(line?);
    }
    let last = last.ok_or("the child has acknowledged nothing")?;
    let (game, seq) = last
        .split_once(' ')
        .ok_or("a line has a game and a number")?;
    Ok(Killed {
        game: game.parse()?,
        acknowledged: seq.parse()?,
    })
}

/// What a walk that is interrupted would leave behind.
struct LeftBehind {
    child: Option<Child>,
    folders: Vec<PathBuf>,
}

static LEFT_BEHIND: Mutex<LeftBehind> = Mutex::new(LeftBehind {
    child: None,
    folders: Vec::new(),
});

fn left_behind() -> MutexGuard<'static, LeftBehind> {
    LEFT_BEHIND.lock().unwrap_or_else(PoisonError::into_inner)
}

impl LeftBehind {
    fn end_child(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn remove_folders(&self) {
        for folder in &self.folders {
            // A file may be created while the folder is removed; then it is removed again.
            for _ in 0..50 {
                if fs::remove_dir_all(folder).is_ok() || !folder.exists() {
                    break;
                }
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// A folder for a journal, which is removed at the end, also if the walk is interrupted.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> io::Result<Folder> {
        clean_up_when_interrupted()?;
        // An interrupt waits for the lock, and then finds the folder.
        let mut left = left_behind();
        let folder = tempfile::tempdir()?;
        left.folders.push(folder.path().to_owned());
        Ok(Folder(folder))
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.path().join("games.redb")
    }
}

/// Makes Ctrl-C end the child and remove the folders before it ends this program. When this
/// returns, it is so.
fn clean_up_when_interrupted() -> io::Result<()> {
    static ONCE: Once = Once::new();
    let mut done = Ok(());
    ONCE.call_once(|| {
        let (sender, ready) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = match runtime.enable_io().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(sender.send(Err(error))),
            };
            runtime.block_on(async {
                let interrupted = tokio::signal::ctrl_c();
                tokio::pin!(interrupted);
                // The first poll installs the handler.
                tokio::select! {
                    biased;
                    _ = &mut interrupted => {}
                    () = std::future::ready(()) => {
                        let _ = sender.send(Ok(()));
                        let _ = interrupted.await;
                    }
                }
            });
            let mut left = left_behind();
            left.end_child();
            left.remove_folders();
            std::process::exit(130);
        });
        done = ready.recv().unwrap_or(Ok(()));
    });
    done
}
