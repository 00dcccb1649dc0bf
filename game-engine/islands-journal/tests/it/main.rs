//! Tests of the durable journal: the contract of journals, and its file.

mod file;
#[cfg(unix)]
mod full;
mod golden;
mod journal_contract;
mod kill;
mod maintenance;
mod open_errors;
mod tampering;
