//! The durable journal keeps the contract of journals.

use islands_journal::RedbJournal;
use tempfile::TempDir;

islands_engine::journal_contract!(journal_in_new_folder());

fn journal_in_new_folder() -> (RedbJournal, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = RedbJournal::open(folder.path().join("journal.redb"));
    (journal.expect("a journal"), folder)
}
