//! Chapter 2's lesson: the same data modelled in ways that the product does not use.
//!
//! [`tables`] holds the game as rows of a database. [`hash_board`] holds a board as sets of
//! pairs. [`moving`] has an overlap check with a bug that looks right. [`count`] counts all
//! boards. `tests/lesson.rs` plays them against the product, `islands-core`.

pub mod count;
pub mod hash_board;
pub mod moving;
pub mod tables;
