//! Scans all games of a file, damaged or not.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use islands_core::{Event, Game, GameId, replay};
use redb::{Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition};

use super::super::chain::Link;
use super::super::head::Head;
use super::super::open::builder;
use super::super::open_error::OpenError;
use super::super::schema::{self, FIRSTS, HEADS, Id, ROWS};
use super::super::store;
use super::super::store_error::{StoreError, catch_redb_panic};
use super::super::watermark::Watermark;
use super::copy_on_write::CopyOnWriteBackend;
use islands_engine::journal::{Batch, LoadError};

/// A game that is undamaged, and that the rules allow.
pub(super) struct IntactGame {
    pub(super) id: GameId,
    /// The records as they are stored, each with the number of its last event.
    pub(super) rows: Vec<(u64, Vec<u8>)>,
    pub(super) game: Game,
}

/// A problem found in the place of a game, as one line of text.
pub(super) enum Problem {
    /// The game is damaged.
    OfGame(String),
    /// No further game can be found.
    OfFile(String),
}

/// A read-only scan of a file, game by game. Holds one game at a time in memory, and the pages
/// that redb changes to repair the file.
pub(super) struct JournalScanner {
    path: PathBuf,
    /// `None` if it could not be opened again.
    database: Option<Database>,
    after: Option<GameId>,
    /// Games whose head is outdated: a row follows the row that it names.
    outdated: HashSet<GameId>,
}

impl JournalScanner {
    pub(super) fn open(path: &Path) -> Result<JournalScanner, OpenError> {
        let database = open(path).map_err(|error| to_open_error(path, error))?;
        let mut scanner = JournalScanner {
            path: path.to_owned(),
            database: Some(database),
            after: None,
            outdated: HashSet::new(),
        };
        // An unreadable table shows when its games are read.
        match scanner.database().and_then(outdated) {
            Ok(games) => scanner.outdated = games,
            Err(_) => scanner.reopen(),
        }
        Ok(scanner)
    }

    /// Returns the problems of the file as a whole: damaged pages in use, and missing
    /// last rows.
    pub(super) fn file_problems(&mut self) -> Result<Vec<String>, OpenError> {
        let rolled_back = Rc::new(Cell::new(false));
        let problems = database(&self.path, &rolled_back).and_then(|mut database| {
            let problems = problems(&self.path, &mut database);
            close(database);
            problems
        });
        let mut problems = problems.map_err(|error| to_open_error(&self.path, error))?;
        if rolled_back.get() {
            problems.push("the last commit is not whole: the one before it counts".into());
        }
        Ok(problems)
    }

    /// Returns the next game in the order of ids, or what is wrong with it.
    pub(super) fn next(&mut self) -> Option<Result<IntactGame, Problem>> {
        let id = match self.next_id() {
            Ok(id) => id?,
            Err(problem) => return Some(Err(Problem::OfFile(problem))),
        };
        self.after = Some(id);
        Some(self.game(id).map_err(Problem::OfGame))
    }

    /// Reads a game, or says what is wrong with it.
    pub(super) fn game(&mut self, id: GameId) -> Result<IntactGame, String> {
        if self.outdated.contains(&id) {
            return Err(format!("game {id}: its head is outdated: rows follow it"));
        }
        let mut rows = Vec::new();
        let visit = |link: Link<'_>| rows.push((link.last, link.record.to_vec()));
        let loaded = self
            .database()
            .and_then(|database| store::load_and_visit(database, id, 0, visit));
        let batches = match loaded {
            Ok(batches) => batches.map_err(LoadError::into_text)?,
            Err(error) => {
                self.reopen();
                return Err(error.into_load_error(id).into_text());
            }
        };
        rows.reverse();
        let game = replay_batches(batches).map_err(|what| format!("game {id}: {what}"))?;
        Ok(IntactGame { id, rows, game })
    }

    /// Returns the next id that one of the tables of heads and first rows holds.
    fn next_id(&mut self) -> Result<Option<GameId>, String> {
        let after = self.after;
        let in_heads = self.database().and_then(|it| first_after(it, HEADS, after));
        if in_heads.is_err() {
            self.reopen();
        }
        let in_firsts = self
            .database()
            .and_then(|it| first_after(it, FIRSTS, after));
        if in_firsts.is_err() {
            self.reopen();
        }
        // A damaged page may lead back to games already visited.
        let onwards = |id: &GameId| after.is_none_or(|after| after.to_bytes() < id.to_bytes());
        let found = [in_heads, in_firsts].map(|found| found.map(|id| id.filter(onwards)));
        match found {
            [Ok(one), Ok(other)] => Ok([one, other]
                .into_iter()
                .flatten()
                .min_by_key(|id| id.to_bytes())),
            [Ok(Some(id)), Err(_)] | [Err(_), Ok(Some(id))] => Ok(Some(id)),
            [Ok(None), Err(error)] | [Err(error), _] => {
                Err(format!("the games from here on cannot be found: {error}"))
            }
        }
    }

    /// Returns the number of all rows, including rows that belong to no game.
    pub(super) fn rows(&self) -> Result<u64, StoreError> {
        let database = self.database()?;
        catch_redb_panic(|| Ok(database.begin_read()?.open_table(ROWS)?.len()?))
    }

    /// Reopens the file: a panic inside redb can leave the database unusable.
    fn reopen(&mut self) {
        self.close_database();
        self.database = open(&self.path).ok();
    }

    fn close_database(&mut self) {
        if let Some(database) = self.database.take() {
            close(database);
        }
    }

    fn database(&self) -> Result<&Database, StoreError> {
        let closed = || StoreError::Closed("the file cannot be opened again".into());
        self.database.as_ref().ok_or_else(closed)
    }
}

impl Drop for JournalScanner {
    fn drop(&mut self) {
        self.close_database();
    }
}

/// Closes a database. It may be damaged, so closing may fail; only memory is written.
fn close(database: Database) {
    let _ = catch_redb_panic(|| Ok(database.close()?));
}

/// Returns the problems that its watermark and its pages show.
fn problems(path: &Path, database: &mut Database) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    let row = schema::last_row(database)?;
    let file = CopyOnWriteBackend::open(path)?;
    if let Err(error) = Watermark::new(Box::new(file)).check(row) {
        problems.push(error.to_string());
    }
    match catch_redb_panic(|| Ok(database.check_integrity()?)) {
        Ok(true) => {}
        Ok(false) => problems.push("the file is damaged: it does not know its free pages".into()),
        Err(error) => problems.push(error.to_string()),
    }
    Ok(problems)
}

/// Returns the games whose head names a row that another row follows.
fn outdated(database: &Database) -> Result<HashSet<GameId>, StoreError> {
    catch_redb_panic(|| {
        let transaction = database.begin_read()?;
        let mut last_rows = HashMap::new();
        for head in transaction.open_table(HEADS)?.iter()? {
            let (id, head) = head?;
            let game = GameId::from_bytes(*id.value());
            if let Some(head) = Head::read(game, head.value()) {
                last_rows.insert(head.row, game);
            }
        }
        let mut outdated = HashSet::new();
        for row in transaction.open_table(ROWS)?.iter()? {
            let (before, _) = row?.1.value();
            outdated.extend(last_rows.get(&before));
        }
        Ok(outdated)
    })
}

/// Returns the first game in `table` with an id above `after`, or of all for `None`.
fn first_after<V: redb::Value>(
    database: &Database,
    table: TableDefinition<Id, V>,
    after: Option<GameId>,
) -> Result<Option<GameId>, StoreError> {
    catch_redb_panic(|| {
        let after = after.map(GameId::to_bytes);
        let beyond = after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let games = database.begin_read()?.open_table(table)?;
        let first = games.range::<&[u8; 10]>((beyond, Bound::Unbounded))?.next();
        let id = first.transpose()?.map(|(id, _)| *id.value());
        Ok(id.map(GameId::from_bytes))
    })
}

fn replay_batches(batches: Vec<Batch>) -> Result<Game, String> {
    if batches.first().is_none_or(|first| first.config.is_none()) {
        return Err(match batches.is_empty() {
            true => "there is no such game".into(),
            false => "the first record has no opening".into(),
        });
    }
    let events: Vec<Event> = batches.into_iter().flat_map(|batch| batch.events).collect();
    replay(&events).map_err(|why| why.to_string())
}

/// Opens the database in a file, and creates the tables in memory if there are none.
fn open(path: &Path) -> Result<Database, StoreError> {
    let database = database(path, &Rc::default())?;
    match schema::create_tables(&database) {
        Ok(()) => Ok(database),
        Err(error) => {
            close(database);
            Err(error)
        }
    }
}

/// Opens the database in a file, and notes whether redb rolled back to an older commit.
fn database(path: &Path, rolled_back: &Rc<Cell<bool>>) -> Result<Database, StoreError> {
    let file = CopyOnWriteBackend::open(path)?;
    let rolled_back = Rc::clone(rolled_back);
    let mut builder = builder();
    builder.set_repair_callback(move |repair| {
        // redb reports this progress (0.3) only when it rolls back.
        let second = (0.2..0.5).contains(&repair.progress());
        rolled_back.set(rolled_back.get() || second);
    });
    catch_redb_panic(|| Ok(builder.create_with_backend(file)?))
}

/// Converts an error. An I/O error keeps the system's words, since advice about creating
/// or writing a file does not apply here.
fn to_open_error(path: &Path, error: StoreError) -> OpenError {
    let error = match error {
        StoreError::Io(error) => StoreError::Closed(error.to_string()),
        error => error,
    };
    OpenError::new(path, error)
}
