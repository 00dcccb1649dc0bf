//! Games that are old enough leave the file.

use std::ops::Bound;

use islands_core::GameId;
use redb::{Database, ReadableTable, WriteTransaction};

use super::chain::Chains;
use super::failure::{Failure, guarded};
use super::head::Head;
use super::schema::{HeadBytes, Id, JOURNAL, last_row_in};

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
        let swept = sweep(&transaction, before, after)?;
        if swept.games > 0 {
            transaction.commit()?;
        }
        Ok(swept)
    })
}

fn sweep(
    transaction: &WriteTransaction,
    before: u64,
    after: Option<GameId>,
) -> Result<Swept, redb::Error> {
    let mut chains = Chains::written(transaction)?;
    let mut journal = transaction.open_table(JOURNAL)?;
    // What a row was called is not forgotten: no other is to have its number.
    let last = last_row_in(&journal, &chains.rows)?;
    journal.insert("rows", last)?;
    let (old, next) = old_games(&chains.heads, before, after)?;
    let (mut games, mut removed) = (0, 0);
    for game in old {
        let mut rows = Vec::new();
        let log = chains.load(game, 0, |link| rows.push(link.row))?;
        // One that is not what it was is kept for someone to look at.
        if log.is_err() {
            continue;
        }
        for row in &rows {
            chains.rows.remove(*row)?;
        }
        chains.heads.remove(&game.to_bytes())?;
        chains.firsts.remove(&game.to_bytes())?;
        games += 1;
        removed += rows.len();
        if removed >= ROWS_A_TURN {
            let next = Some(game);
            return Ok(Swept { games, next });
        }
    }
    Ok(Swept { games, next })
}

/// The old games of this turn, and the game after which the next one begins.
fn old_games(
    heads: &impl ReadableTable<Id, HeadBytes>,
    before: u64,
    after: Option<GameId>,
) -> Result<(Vec<GameId>, Option<GameId>), redb::Error> {
    let after = after.map(GameId::to_bytes);
    let beyond = after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
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
}
