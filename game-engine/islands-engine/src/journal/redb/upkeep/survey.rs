//! A walk through all games of a file, whatever is wrong with it.

use std::cell::Cell;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use islands_core::{Event, Game, GameId, replay};
use redb::{Database, ReadableDatabase};

use super::super::failure::{Failure, guarded};
use super::super::open::{OpenError, builder};
use super::super::schema::{self, BATCHES, HEADS};
use super::super::store;
use super::super::witness::Witness;
use super::frozen::Frozen;
use crate::journal::{Batch, LoadError};

/// A game that is as it was written, and could have been played.
pub(super) struct Sound {
    pub(super) id: GameId,
    /// The records as they are stored, each with the number of its last event.
    pub(super) rows: Vec<(u64, Vec<u8>)>,
    pub(super) game: Game,
}

/// What is found instead of a game, in a line.
pub(super) enum Problem {
    /// The game is damaged.
    OfGame(String),
    /// No game can be found any more.
    OfFile(String),
}

/// A file that is being gone through, and left as it is. One game at a time is in
/// memory, and the pages that redb needs to repair what it opens.
pub(super) struct Survey {
    path: PathBuf,
    /// Missing when it could not be opened again.
    database: Option<Database>,
    after: Option<GameId>,
}

impl Survey {
    pub(super) fn open(path: &Path) -> Result<Survey, OpenError> {
        let database = open(path).map_err(|failure| refused(path, failure))?;
        Ok(Survey {
            path: path.to_owned(),
            database: Some(database),
            after: None,
        })
    }

    /// What is wrong with the file beside its games: with any page that is in use,
    /// and with the last commits.
    pub(super) fn problems_of_file(&mut self) -> Result<Vec<String>, OpenError> {
        let path = self.path.clone();
        let refused = |failure| refused(&path, failure);
        let mut problems = Vec::new();
        let commits = self.database().and_then(schema::commits).map_err(refused)?;
        let file = Frozen::open(&path).map_err(refused)?;
        if let Err(failure) = Witness::new(Box::new(file)).check(commits) {
            problems.push(failure.to_string());
        }
        let rolled_back = Rc::new(Cell::new(false));
        let mut database = database(&path, &rolled_back).map_err(refused)?;
        match guarded(|| Ok(database.check_integrity()?)) {
            Ok(true) => {}
            Ok(false) => {
                problems.push("the file is damaged: it does not know its free pages".into());
            }
            Err(failure) => problems.push(failure.to_string()),
        }
        close(Some(database));
        if rolled_back.get() {
            problems.push("the last commit is not whole: the one before it counts".into());
        }
        Ok(problems)
    }

    /// The next game, in the order of ids: a sound one, or what is wrong with it.
    pub(super) fn next(&mut self) -> Option<Result<Sound, Problem>> {
        let id = match self.next_id() {
            Ok(id) => id?,
            Err(problem) => return Some(Err(Problem::OfFile(problem))),
        };
        self.after = Some(id);
        Some(self.game(id).map_err(Problem::OfGame))
    }

    /// A game, or what is wrong with it.
    pub(super) fn game(&mut self, id: GameId) -> Result<Sound, String> {
        let mut rows = Vec::new();
        let show = |last, record: &[u8]| rows.push((last, record.to_vec()));
        let loaded = self
            .database()
            .and_then(|database| store::load_and_show(database, id, 0, show));
        let batches = match loaded {
            Ok(batches) => batches.map_err(LoadError::into_text)?,
            Err(failure) => {
                self.reopen();
                return Err(failure.into_load_error(id).into_text());
            }
        };
        let game = folded(batches).map_err(|what| format!("game {id}: {what}"))?;
        Ok(Sound { id, rows, game })
    }

    /// The first game that either table knows after the last one.
    fn next_id(&self) -> Result<Option<GameId>, String> {
        let database = self.database().map_err(|failure| failure.to_string())?;
        let after = self.after;
        let id = after.map(GameId::to_bytes);
        let in_heads = guarded(|| {
            let beyond = id.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
            let heads = database.begin_read()?.open_table(HEADS)?;
            let first = heads.range::<&[u8; 10]>((beyond, Bound::Unbounded))?.next();
            let id = first.transpose()?.map(|(id, _)| *id.value());
            Ok(id.map(GameId::from_bytes))
        });
        let in_batches = guarded(|| {
            let batches = database.begin_read()?.open_table(BATCHES)?;
            schema::first_after(&batches, after)
        });
        // A page gone bad may lead back to where the walk has been.
        let onwards = |id: &GameId| after.is_none_or(|after| after.to_bytes() < id.to_bytes());
        let found = [in_heads, in_batches].map(|found| found.map(|id| id.filter(onwards)));
        match found {
            [Ok(one), Ok(other)] => Ok([one, other]
                .into_iter()
                .flatten()
                .min_by_key(|id| id.to_bytes())),
            [Ok(Some(id)), Err(_)] | [Err(_), Ok(Some(id))] => Ok(Some(id)),
            [Ok(None), Err(failure)] | [Err(failure), _] => {
                Err(format!("the games from here on cannot be found: {failure}"))
            }
        }
    }

    /// A panic inside redb can leave a database that answers nothing any more.
    fn reopen(&mut self) {
        close(self.database.take());
        self.database = open(&self.path).ok();
    }

    fn database(&self) -> Result<&Database, Failure> {
        let shut = || Failure::Shut("the file cannot be opened again".into());
        self.database.as_ref().ok_or_else(shut)
    }
}

impl Drop for Survey {
    fn drop(&mut self) {
        close(self.database.take());
    }
}

/// Closing writes, if only to memory, and what it reads may be damaged.
fn close(database: Option<Database>) {
    if let Some(database) = database {
        let _ = guarded(|| Ok(database.close()?));
    }
}

fn folded(batches: Vec<Batch>) -> Result<Game, String> {
    if batches.first().is_none_or(|first| first.opening.is_none()) {
        return Err(match batches.is_empty() {
            true => "there is no such game".into(),
            false => "the first record has no opening".into(),
        });
    }
    let events: Vec<Event> = batches.into_iter().flat_map(|batch| batch.events).collect();
    replay(&events).map_err(|why| why.to_string())
}

/// The database in a file, with the tables of today.
fn open(path: &Path) -> Result<Database, Failure> {
    let database = database(path, &Rc::default())?;
    schema::prepare(&database)?;
    Ok(database)
}

/// The database in a file, and whether redb went back to an earlier commit.
fn database(path: &Path, rolled_back: &Rc<Cell<bool>>) -> Result<Database, Failure> {
    let file = Frozen::open(path)?;
    let rolled_back = Rc::clone(rolled_back);
    let mut builder = builder();
    builder.set_repair_callback(move |repair| {
        // Of the three passes of a repair the second one tells of that, and only then.
        let second = (0.2..0.5).contains(&repair.progress());
        rolled_back.set(rolled_back.get() || second);
    });
    guarded(|| Ok(builder.create_with_backend(file)?))
}

fn refused(path: &Path, failure: Failure) -> OpenError {
    match failure {
        Failure::Io(error) => OpenError::Io {
            path: path.to_owned(),
            cause: error.to_string(),
        },
        failure => OpenError::new(path, failure),
    }
}
