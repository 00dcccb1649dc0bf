//! Written by `cargo x generate`; changes here are lost.
//!
//! The learner writes `answers.txt`.
