//! Numbers that another process, or another run of this one, does not draw as well. They keep
//! things apart, and no secrets.

use std::hash::{BuildHasher, RandomState};

/// Any number: the standard library's hashers begin with random keys.
pub(crate) fn number() -> u64 {
    RandomState::new().hash_one(())
}
