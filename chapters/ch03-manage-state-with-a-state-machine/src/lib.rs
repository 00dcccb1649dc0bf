//! Chapter 3's lesson: two other ways to hold the state of a game.
//!
//! [`flags`] has six booleans and a bug. [`typestate`] has a type for each state. The product's
//! own way, an enum with data, is `State` in `islands-core/src/rules.rs`; `tests/lesson.rs`
//! compares.

pub mod flags;
pub mod typestate;
