//! The judge: it runs an exercise's cases and compares the lines.
//!
//! Every exercise is judged the same way. Its package has a library, which holds the learner's
//! module, and a program, the *probe*, which reads commands and writes answers. A case is a
//! list of commands. The judge builds the probe, runs it once a case, and compares what it
//! writes with the recorded transcript of the solution. So the learner's code runs in a
//! process of its own, with a time limit, and nothing of it decides about a verdict.
//!
//! - [`Course`] reads `course.toml`, the list of [`Exercise`]s.
//! - [`Transcript`] is a text: cases, commands and answers.
//! - [`Builder`] builds probes, in a target folder of this checkout.
//! - [`probe::run`] runs one on the commands of a case.
//! - [`Judge`] compares, and returns a [`Verdict`] for each case; [`mistake`] recognizes a wrong
//!   version by its transcript.
//!
//! A verdict is data. `cargo x check` shows it to a learner, `cargo test -p exercises` grades
//! with it.

mod builder;
mod course;
mod judge;
pub mod mistake;
mod points;
pub mod probe;
mod show;
mod transcript;

pub use builder::{BuildError, Builder, Built, root};
pub use course::{Course, CourseError, Exercise, Kind};
pub use judge::{Judge, Outcome, Verdict};
pub use points::Points;
pub use transcript::{Case, Step, Transcript, TranscriptError};
