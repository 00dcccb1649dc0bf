//! Tests of the process layer's rules: under any injected fault no acknowledged
//! command is lost, none is carried out twice, and no other game notices.

#![allow(clippy::unwrap_used, reason = "in a test it is an assertion")]

mod back_pressure;
mod bots;
mod commands;
mod crashes;
mod crowds;
mod fixture;
mod idle;
mod journal_contract;
mod lifecycle;
mod operating;
mod rematch;
mod subscriptions;
