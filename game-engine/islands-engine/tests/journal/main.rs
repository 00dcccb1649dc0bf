//! What every journal promises, and what the file of the durable one does.

mod contract;
mod file;
mod first_version;
#[cfg(unix)]
mod full;
mod games;
mod kill;
mod opening;
mod tampering;
mod upgrade;
mod upkeep;
