//! Changes a journal's file directly, without the journal.

use std::path::Path;

use islands_core::GameId;
use redb::{Database, ReadableTable, Table, TableDefinition, WriteTransaction};

/// The tables in the file. A row holds the number of the game's previous row, and a
/// record.
pub(crate) const ROWS: TableDefinition<u64, (u64, &[u8])> = TableDefinition::new("rows");
pub(crate) const HEADS: TableDefinition<&[u8; 10], &[u8; 28]> = TableDefinition::new("heads");
pub(crate) const FIRSTS: TableDefinition<&[u8; 10], u64> = TableDefinition::new("firsts");

/// Runs `change` in one transaction.
pub(crate) fn change(path: &Path, change: impl FnOnce(&WriteTransaction)) {
    let database = Database::open(path).expect("a database");
    let transaction = database.begin_write().expect("a transaction");
    change(&transaction);
    transaction.commit().expect("a commit");
}

/// Runs `with` on the tables, in one transaction.
pub(crate) fn tamper(path: &Path, with: impl FnOnce(&mut Tables<'_>)) {
    change(path, |transaction| {
        with(&mut Tables {
            rows: transaction.open_table(ROWS).expect("a table"),
            heads: transaction.open_table(HEADS).expect("a table"),
            firsts: transaction.open_table(FIRSTS).expect("a table"),
        });
    });
}

/// The tables of all games, open for changes.
pub(crate) struct Tables<'t> {
    pub(crate) rows: Table<'t, u64, (u64, &'static [u8])>,
    pub(crate) heads: Table<'t, &'static [u8; 10], &'static [u8; 28]>,
    pub(crate) firsts: Table<'t, &'static [u8; 10], u64>,
}

impl Tables<'_> {
    /// Returns the number of the row that lies `count` rows before the game's last one.
    pub(crate) fn back(&self, game: GameId, count: usize) -> u64 {
        let head = self.head(game);
        let mut row = u64::from_le_bytes(head[16..24].try_into().expect("8 bytes"));
        for _ in 0..count {
            row = self.row(row).0;
        }
        row
    }

    /// Returns the head of a game.
    pub(crate) fn head(&self, game: GameId) -> [u8; 28] {
        let head = self.heads.get(&game.to_bytes()).expect("a table");
        *head.expect("a head").value()
    }

    /// Returns the content of a row.
    pub(crate) fn row(&self, number: u64) -> (u64, Vec<u8>) {
        let row = self.rows.get(number).expect("a table").expect("a row");
        let (before, record) = row.value();
        (before, record.to_vec())
    }

    /// Gives a row another record.
    pub(crate) fn replace(&mut self, number: u64, record: &[u8]) {
        let (before, _) = self.row(number);
        self.rows
            .insert(number, (before, record))
            .expect("a change");
    }

    /// Flips a bit of the record in a row.
    pub(crate) fn flip(&mut self, number: u64) {
        let (_, mut record) = self.row(number);
        record[20] ^= 4;
        self.replace(number, &record);
    }

    /// Gives a game another head.
    pub(crate) fn change_head(&mut self, game: GameId, change: impl FnOnce(&mut [u8; 28])) {
        let mut head = self.head(game);
        change(&mut head);
        self.heads
            .insert(&game.to_bytes(), &head)
            .expect("a change");
    }
}
