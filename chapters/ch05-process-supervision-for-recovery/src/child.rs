//! A program of its own that plays until it is killed: this walk, started once more.
//!
//! It prints a line for each move that the game has acknowledged. The parent reads the lines,
//! kills the program, and looks at what is left.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
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
    let mut child = command.spawn()?;
    let stdout = child.stdout.take().ok_or("the child has no output")?;
    let mut lines = BufReader::new(stdout).lines();
    let mut last = None;
    for line in lines.by_ref().take(moves) {
        last = Some(line?);
    }
    child.kill()?;
    // What it had written before it died is an acknowledgement as well.
    for line in lines {
        last = Some(line?);
    }
    child.wait()?;
    let last = last.ok_or("the child has acknowledged nothing")?;
    let (game, seq) = last
        .split_once(' ')
        .ok_or("a line has a game and a number")?;
    Ok(Killed {
        game: game.parse()?,
        acknowledged: seq.parse()?,
    })
}

/// A folder for a journal, which is removed at the end, also if the walk is interrupted.
pub(crate) struct Folder(tempfile::TempDir);

/// The folders to remove on Ctrl-C.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

impl Folder {
    pub(crate) fn new() -> io::Result<Folder> {
        let folder = tempfile::tempdir()?;
        let mut folders = FOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
        if folders.is_empty() {
            thread::spawn(remove_on_interrupt);
        }
        folders.push(folder.path().to_owned());
        Ok(Folder(folder))
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.path().join("games.redb")
    }
}

/// Waits for Ctrl-C, and then ends the program as it would have ended without this.
fn remove_on_interrupt() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let Ok(runtime) = runtime else { return };
    if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
        let folders = FOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
        for folder in folders.iter() {
            // Perhaps it is removed already.
            let _ = fs::remove_dir_all(folder);
        }
        std::process::exit(130);
    }
}
