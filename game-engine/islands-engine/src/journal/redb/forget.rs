//! Games that are old enough leave the file.

use std::ops::Bound;

use islands_core::GameId;
use redb::{Database, ReadableDatabase};

use super::chain::Chains;
use super::failure::{Failure, guarded};
use super::head::Head;
use super::schema::{HEADS, JOURNAL, last_row_in};
use super::store;

/// How many games one turn looks at, and after how many rows it ends. They lie far
/// apart, each in a page that is written anew: a turn is to take some milliseconds,
/// in which appends wait.
const GAMES_A_TURN: usize = 1_000;
const ROWS_A_TURN: usize = 200;

/// What one turn of forgetting came to.
pub(super) struct Swept {
    /// How many games were forgotten.
    pub(super) games: usize,
    /// The game after which the next turn begins; `None` after the last turn.
    pub(super) next: Option<GameId>,
    /// Whether redb gave up, and may have to be opened again.
    pub(super) failed: bool,
}

/// Forgets, of the games that come `after` this one, those whose last batch is
/// older than `before`, in milliseconds since 1970. One turn, one transaction.
///
/// The games are read before anything is changed: where the file is damaged so that
/// redb gives up, reading leaves it as it was, and the next turn begins after that
/// game. A game that is not what it was is kept for someone to look at.
pub(super) fn forget(
    database: &Database,
    before: u64,
    after: Option<GameId>,
) -> Result<Swept, Failure> {
    let (old, mut next) = old_games(database, before, after)?;
    let (mut games, mut rows) = (Vec::new(), Vec::new());
    let (mut read, mut failed) = (0, false);
    for game in old {
        let mut its_rows = Vec::new();
        let log = store::load_and_show(database, game, 0, |link| its_rows.push(link.row));
        read += its_rows.len();
        match log {
            Ok(Ok(_)) => {
                games.push(game);
                rows.append(&mut its_rows);
            }
            Ok(Err(_)) => {}
            Err(failure) => {
                tracing::error!(%game, %failure, "an old game cannot be read and is kept");
                failed = true;
            }
        }
        if read >= ROWS_A_TURN || failed {
            next = Some(game);
            break;
        }
    }
    match remove(database, &games, &rows) {
        Err(failure) if !failed => Err(failure),
        removed => Ok(Swept {
            games: removed.map_or(0, |()| games.len()),
            next,
            failed,
        }),
    }
}

fn remove(database: &Database, games: &[GameId], rows: &[u64]) -> Result<(), Failure> {
    if games.is_empty() {
        return Ok(());
    }
    guarded(|| {
        let transaction = database.begin_write()?;
        {
            let mut chains = Chains::written(&transaction)?;
            let mut journal = transaction.open_table(JOURNAL)?;
            // What a row was called is not forgotten: no other is to have its number.
            let last = last_row_in(&journal, &chains.rows)?;
            journal.insert("rows", last)?;
            for row in rows {
                chains.rows.remove(*row)?;
            }
            for game in games {
                chains.heads.remove(&game.to_bytes())?;
                chains.firsts.remove(&game.to_bytes())?;
            }
        }
        Ok(transaction.commit()?)
    })
}

/// The old games of this turn, and the game after which the next one begins.
fn old_games(
    database: &Database,
    before: u64,
    after: Option<GameId>,
) -> Result<(Vec<GameId>, Option<GameId>), Failure> {
    guarded(|| {
        let after = after.map(GameId::to_bytes);
        let beyond = after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let heads = database.begin_read()?.open_table(HEADS)?;
        let heads = heads.range::<&[u8; 10]>((beyond, Bound::Unbounded))?;
        let mut old = Vec::new();
        for (number, row) in heads.enumerate() {
            let (id, head) = row?;
            let game = GameId::from_bytes(*id.value());
            if Head::read(game, head.value()).is_some_and(|head| head.at < before) {
                old.push(game);
            }
            // Each old one has a row at least.
            if number + 1 == GAMES_A_TURN || old.len() == ROWS_A_TURN {
                return Ok((old, Some(game)));
            }
        }
        Ok((old, None))
    })
}
