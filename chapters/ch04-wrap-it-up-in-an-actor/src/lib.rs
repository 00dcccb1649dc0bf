//! Chapter 4's lesson: four ways to keep a game in memory between two commands.
//!
//! [`mutex`] has one lock for all games, [`locks`] a lock for each. [`by_hand`] is an actor made
//! of a task and a channel, [`on_ractor`] the same on an actor library. [`calls_itself`] is an
//! actor that waits for itself. They store their events on a [`disk`] that is slow on demand.
//! The product's own way is `islands-engine`; `tests/lesson.rs` compares.

pub mod by_hand;
pub mod calls_itself;
pub mod disk;
pub mod games;
pub mod locks;
pub mod mutex;
pub mod on_ractor;
