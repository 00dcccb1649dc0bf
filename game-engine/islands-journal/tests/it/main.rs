//! What every journal promises, and what the file of the durable one does.

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
