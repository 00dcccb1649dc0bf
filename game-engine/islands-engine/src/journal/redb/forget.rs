//! Games that are old enough leave the file.

use std::ops::Bound;

use islands_core::GameId;
use redb::{Database, ReadableTable, WriteTransaction};

use super::failure::{Failure, guarded};
use super::head::Head;
use super::schema::{BATCHES, HEADS, of};
use crate::journal::record::{self, Place};

/// How many games one turn looks at: some milliseconds, in which appends wait.
const GAMES_A_TURN: usize = 200;

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
    let mut heads = transaction.open_table(HEADS)?;
    let mut batches = transaction.open_table(BATCHES)?;
    let after = after.map(GameId::to_bytes);
    let beyond = after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut old = Vec::new();
    let mut next = None;
    for (number, row) in heads
        .range::<&[u8; 10]>((beyond, Bound::Unbounded))?
        .enumerate()
    {
        let (id, head) = row?;
        let game = GameId::from_bytes(*id.value());
        if let Some(head) = Head::read(game, head.value()).filter(|head| head.at < before) {
            old.push((game, head.last));
        }
        if number + 1 == GAMES_A_TURN {
            next = Some(game);
            break;
        }
    }
    let mut games = 0;
    for (game, last) in old {
        let id = game.to_bytes();
        // A last batch that is not what it was is kept for someone to look at.
        let sound = batches
            .get((&id, last))?
            .is_some_and(|record| record::decode(Place { game, last }, record.value()).is_ok());
        if sound {
            batches.retain_in(of(&id, 0), |_, _| false)?;
            heads.remove(&id)?;
            games += 1;
        }
    }
    Ok(Swept { games, next })
}
