//! Tests of the contract of every journal, and of the durable journal's file.

mod contract;
mod file;
#[cfg(unix)]
mod full;
mod games;
mod golden;
mod kill;
mod opening;
mod tampering;
mod upkeep;
