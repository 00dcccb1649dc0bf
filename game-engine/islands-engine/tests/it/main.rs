//! The process layer by its rules: whatever is injected, nothing that was
//! acknowledged is lost, nothing happens twice, and no other game notices.

#![allow(clippy::unwrap_used, reason = "in a test it is an assertion")]

mod back_pressure;
mod bots;
mod commands;
mod crashes;
mod crowds;
mod idle;
mod opening;
mod operating;
mod play;
mod rematch;
mod subscriptions;
