//! The rows of the journal, and each thing that is done with them in one
//! transaction.

use std::ops::{Bound, RangeInclusive};

use islands_core::GameId;
use redb::{
    Database, ReadableDatabase, ReadableTable, Table, TableDefinition, TableError, TableHandle,
    WriteTransaction,
};

use super::failure::{Failure, guarded};
use crate::journal::record::{self, Place};
use crate::journal::{AppendError, Batch, LoadError, to_millis};

/// Where a record lies: the ten bytes of the game's id, then the number of the
/// batch's last event.
type Key = (&'static [u8; 10], u64);

/// The records of all batches.
const BATCHES: TableDefinition<Key, &[u8]> = TableDefinition::new("batches");

/// What is known of the file itself, by name.
const JOURNAL: TableDefinition<&str, u64> = TableDefinition::new("journal");

/// The version of these two tables: the newest that can be read, and the one that
/// is written.
pub(super) const SCHEMA: u64 = 1;

/// How many games one turn of forgetting looks at: some milliseconds, in which
/// appends wait.
const GAMES_A_TURN: usize = 200;

/// A record and what it is appended to.
pub(super) struct Row {
    pub(super) place: Place,
    /// The number of the game's last event before it.
    pub(super) expected: u64,
    pub(super) record: Vec<u8>,
}

/// What one turn of forgetting came to.
pub(super) struct Swept {
    /// How many games were forgotten.
    pub(super) games: usize,
    /// The game after which the next turn begins; `None` after the last turn.
    pub(super) next: Option<GameId>,
}

/// Makes sure that this is a journal, or makes it one. It writes even if there is
/// nothing to change: a file that can be read, but not written, is found out now.
pub(super) fn prepare(database: &Database) -> Result<(), Failure> {
    let schema = guarded(|| {
        let transaction = database.begin_read()?;
        match transaction.open_table(JOURNAL) {
            Ok(journal) => Ok(journal.get("schema")?.map(|schema| schema.value())),
            Err(TableError::TableDoesNotExist(_)) => match transaction.list_tables()?.next() {
                None => Ok(None),
                Some(table) => Err(redb::Error::TableExists(table.name().into())),
            },
            Err(error) => Err(error.into()),
        }
    })?;
    match schema {
        None | Some(SCHEMA) => {}
        Some(other) => return Err(Failure::OtherVersion(other.to_string())),
    }
    guarded(|| {
        let transaction = database.begin_write()?;
        transaction.open_table(BATCHES)?;
        transaction.open_table(JOURNAL)?.insert("schema", SCHEMA)?;
        Ok(transaction.commit()?)
    })
}

/// Whether a transaction can be begun: not after an input or output error, nor
/// after a panic that left something locked.
pub(super) fn probe(database: &Database) -> Result<(), Failure> {
    guarded(|| Ok(database.begin_write()?.abort()?))
}

/// Appends a group of rows in one transaction that is on the disk when it
/// answers: for each row, whether it is there. A row sees those before it.
///
/// # Errors
/// When no row of the group is there, or when none or all of them are.
pub(super) fn append(
    database: &Database,
    group: &[Row],
) -> Result<Vec<Result<(), AppendError>>, AppendError> {
    let mut committing = false;
    let appended = guarded(|| {
        let transaction = database.begin_write()?;
        let answers = add(&transaction, group)?;
        if answers.iter().any(Result::is_ok) {
            committing = true;
            transaction.commit()?;
        }
        Ok(answers)
    });
    appended.map_err(|failure| {
        let why = failure.to_string();
        if committing {
            AppendError::Unknown(why)
        } else {
            AppendError::Unavailable(why)
        }
    })
}

fn add(
    transaction: &WriteTransaction,
    group: &[Row],
) -> Result<Vec<Result<(), AppendError>>, redb::Error> {
    let mut batches = transaction.open_table(BATCHES)?;
    let mut answers = Vec::with_capacity(group.len());
    for row in group {
        let Place { game, last } = row.place;
        let head = batches
            .range(of(&game.to_bytes(), 0))?
            .next_back()
            .transpose()?;
        let actual = head.map_or(0, |(key, _)| key.value().1);
        answers.push(if actual == row.expected {
            batches.insert((&game.to_bytes(), last), row.record.as_slice())?;
            Ok(())
        } else {
            Err(AppendError::Conflict { actual })
        });
    }
    Ok(answers)
}

/// The records of a game that hold an event with a number above `after`, each
/// with the number of its last event.
pub(super) fn rows(
    database: &Database,
    game: GameId,
    after: u64,
) -> Result<Vec<(u64, Vec<u8>)>, Failure> {
    let Some(first) = after.checked_add(1) else {
        return Ok(Vec::new());
    };
    guarded(|| {
        let batches = database.begin_read()?.open_table(BATCHES)?;
        let rows = batches.range(of(&game.to_bytes(), first))?.map(|row| {
            let (key, record) = row?;
            Ok((key.value().1, record.value().to_vec()))
        });
        rows.collect()
    })
}

/// The batches in these records, which have to follow one another without a hole
/// in the numbers of their events; the first may begin at or before `after`.
pub(super) fn batches(
    game: GameId,
    after: u64,
    rows: &[(u64, Vec<u8>)],
) -> Result<Vec<Batch>, LoadError> {
    let mut batches = Vec::with_capacity(rows.len());
    let mut known = after;
    for (last, record) in rows {
        let place = Place { game, last: *last };
        let batch = record::decode(place, record)?;
        let before = last.checked_sub(batch.events.len() as u64);
        let follows = match before {
            Some(before) if batches.is_empty() => before <= known,
            Some(before) => before == known,
            None => false,
        };
        if !follows {
            let what = format!("what is before it does not end with event {known}");
            return Err(place.damaged(&what));
        }
        known = *last;
        batches.push(batch);
    }
    Ok(batches)
}

/// The places of a game from the event with this number on.
fn of(game: &[u8; 10], first: u64) -> RangeInclusive<(&[u8; 10], u64)> {
    (game, first)..=(game, u64::MAX)
}

/// Forgets, of the games that come `after` this one, those whose last batch is
/// older than `before`, in milliseconds since 1970. One turn, one transaction.
pub(super) fn forget(
    database: &Database,
    before: u64,
    after: Option<GameId>,
) -> Result<Swept, Failure> {
    guarded(|| {
        let transaction = database.begin_write()?;
        let swept = sweep(&mut transaction.open_table(BATCHES)?, before, after)?;
        if swept.games > 0 {
            transaction.commit()?;
        }
        Ok(swept)
    })
}

fn sweep(
    batches: &mut Table<'_, Key, &'static [u8]>,
    before: u64,
    after: Option<GameId>,
) -> Result<Swept, redb::Error> {
    let mut games = 0;
    let mut next = after;
    for _ in 0..GAMES_A_TURN {
        let Some(game) = game_after(batches, next)? else {
            return Ok(Swept { games, next: None });
        };
        let head = batches
            .range(of(&game.to_bytes(), 0))?
            .next_back()
            .transpose()?;
        let at = head.and_then(|(key, record)| {
            let last = key.value().1;
            let batch = record::decode(Place { game, last }, record.value());
            batch.ok().map(|batch| to_millis(batch.at))
        });
        if at.is_some_and(|at| at < before) {
            batches.retain_in(of(&game.to_bytes(), 0), |_, _| false)?;
            games += 1;
        }
        next = Some(game);
    }
    Ok(Swept { games, next })
}

fn game_after(
    batches: &Table<'_, Key, &'static [u8]>,
    game: Option<GameId>,
) -> Result<Option<GameId>, redb::Error> {
    let game = game.map(GameId::to_bytes);
    let beyond = game
        .as_ref()
        .map_or(Bound::Unbounded, |game| Bound::Excluded((game, u64::MAX)));
    let first = batches.range((beyond, Bound::Unbounded))?.next();
    let key = first.transpose()?.map(|(key, _)| *key.value().0);
    Ok(key.map(GameId::from_bytes))
}
