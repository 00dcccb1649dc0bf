//! Finds items in Rust source by their path, and makes exercises of them.
//!
//! [`Source`] finds, quotes and rewrites items. [`package`] writes the package of an exercise:
//! the modules of a crate of the product, with the learner's in place of one. [`versions`] makes
//! the solution and the wrong versions of that module.

mod additions;
mod library;
mod manifest;
pub mod package;
mod source;
pub mod versions;

pub use source::{FindError, Source};
