//! Deletes old games from the file.

use std::ops::Bound;

use islands_core::GameId;
use redb::{Database, ReadableDatabase};

use super::chain::WriteTables;
use super::head::Head;
use super::schema::{HEADS, METADATA, last_row_in};
use super::store;
use super::store_error::{StoreError, catch_redb_panic};
use islands_engine::journal::Forgotten;
use islands_engine::journal::{Cutoff, LastRow};

/// Maximum games that a pass examines, and the number of rows after which it ends.
/// The rows lie far apart, each in a page that is rewritten. Appends wait for a pass,
/// so it should take only some milliseconds.
const GAMES_PER_PASS: usize = 1_000;
const ROWS_PER_PASS: usize = 200;

/// The outcome of one pass of forgetting.
pub(super) struct ForgetPass {
    /// The games that were forgotten.
    pub(super) games: Forgotten,
    /// The game after which the next pass begins; `None` after the last pass.
    pub(super) next: Option<GameId>,
    /// Whether redb failed, so that the file may have to be reopened.
    pub(super) failed: bool,
}

/// Returns the last rows of all games, to determine which games are old.
pub(super) fn last_rows(database: &Database) -> Result<Vec<LastRow>, StoreError> {
    catch_redb_panic(|| {
        let heads = database.begin_read()?.open_table(HEADS)?;
        let mut rows = Vec::new();
        for row in heads.range::<&[u8; 10]>(..)? {
            let (id, head) = row?;
            let head = Head::read(GameId::from_bytes(*id.value()), head.value());
            rows.extend(head.map(Head::last_row));
        }
        Ok(rows)
    })
}

/// Forgets old games with ids above `after`: one pass, one write transaction.
///
/// The pass reads each game before it changes the file. If redb fails on a damaged
/// page, that game is still as it was, and the next pass begins after it. A damaged
/// game is kept for inspection.
pub(super) fn forget(
    database: &Database,
    cutoff: Cutoff,
    after: Option<GameId>,
) -> Result<ForgetPass, StoreError> {
    let OldGames {
        games: old,
        mut next,
    } = find_old_games(database, cutoff, after)?;
    let (mut games, mut rows) = (Vec::new(), Vec::new());
    let (mut read, mut failed) = (0, false);
    let mut forgotten = Forgotten::default();
    for (game, at) in old {
        let mut its_rows = Vec::new();
        let log = store::load_and_visit(database, game, 0, |link| its_rows.push(link.row));
        read += its_rows.len();
        match log {
            Ok(Ok(_)) => {
                games.push(game);
                forgotten.add(at);
                rows.append(&mut its_rows);
            }
            Ok(Err(_)) => {}
            Err(error) => {
                tracing::error!(%game, %error, "an old game cannot be read and is kept");
                failed = true;
            }
        }
        if read >= ROWS_PER_PASS || failed {
            next = Some(game);
            break;
        }
    }
    match remove(database, &games, &rows) {
        Err(error) if !failed => Err(error),
        removed => {
            if removed.is_err() {
                forgotten = Forgotten::default();
            }
            for game in games.iter().filter(|_| forgotten.games > 0) {
                tracing::debug!(%game, "forgot a game");
            }
            Ok(ForgetPass {
                games: forgotten,
                next,
                failed,
            })
        }
    }
}

fn remove(database: &Database, games: &[GameId], rows: &[u64]) -> Result<(), StoreError> {
    if games.is_empty() {
        return Ok(());
    }
    catch_redb_panic(|| {
        let transaction = database.begin_write()?;
        {
            let mut tables = WriteTables::open(&transaction)?;
            let mut metadata = transaction.open_table(METADATA)?;
            // Keep the last row number: a later row must not reuse it.
            let last = last_row_in(&metadata, &tables.rows)?;
            metadata.insert("rows", last)?;
            for row in rows {
                tables.rows.remove(*row)?;
            }
            for game in games {
                tables.heads.remove(&game.to_bytes())?;
                tables.firsts.remove(&game.to_bytes())?;
            }
        }
        Ok(transaction.commit()?)
    })
}

/// The old games of one pass.
struct OldGames {
    /// Old games, each with the time of its last batch.
    games: Vec<(GameId, u64)>,
    /// As in [`ForgetPass`].
    next: Option<GameId>,
}

fn find_old_games(
    database: &Database,
    cutoff: Cutoff,
    after: Option<GameId>,
) -> Result<OldGames, StoreError> {
    catch_redb_panic(|| {
        let after = after.map(GameId::to_bytes);
        let beyond = after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let heads = database.begin_read()?.open_table(HEADS)?;
        let heads = heads.range::<&[u8; 10]>((beyond, Bound::Unbounded))?;
        let mut games = Vec::new();
        for (number, row) in heads.enumerate() {
            let (id, head) = row?;
            let game = GameId::from_bytes(*id.value());
            let last = Head::read(game, head.value()).map(Head::last_row);
            if let Some(last) = last.filter(|last| cutoff.includes(*last)) {
                games.push((game, last.at));
            }
            // Each old game has at least one row, so these fill the pass.
            if number + 1 == GAMES_PER_PASS || games.len() == ROWS_PER_PASS {
                let next = Some(game);
                return Ok(OldGames { games, next });
            }
        }
        Ok(OldGames { games, next: None })
    })
}
