//! Random numbers that differ between processes and between runs. They keep identifiers apart, and
//! must not serve as secrets.

use std::hash::{BuildHasher, RandomState};

/// Returns a random number, taken from the random keys of the standard library's hashers.
pub(crate) fn number() -> u64 {
    RandomState::new().hash_one(())
}
