//! The journal in memory keeps the contract of journals.

use islands_engine::journal::MemoryJournal;

islands_engine::journal_contract!((MemoryJournal::new(), ()));
