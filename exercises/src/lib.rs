//! The judge: it runs an exercise's cases and compares the lines.
//!
//! Every exercise is judged the same way. Its package has a library, which holds the learner's
//! module, and a program, the *probe*, which reads commands and writes answers. A case is a
//! list of commands. The judge builds the probe, runs it once per case, and compares what it
//! writes with the recorded transcript of the solution. So the learner's code runs in a
//! process of its own, with a time limit. It is not confined in any other way: it runs as the
//! user that grades. Where a learner answers questions, the answers are compared in the same
//! way. Where a learner writes a script, it is played on a right game and on broken ones.
//!
//! - [`Course`] reads `course.toml`, the list of [`Exercise`]s.
//! - [`Transcript`] is a text: cases, commands and answers.
//! - [`Builder`] builds probes, in a target folder of this checkout.
//! - [`Subject`] runs a probe, looks up a learner's [`Answers`], or plays a [`Script`], for a
//!   case.
//! - [`Judge`] compares, and returns a [`Verdict`] for each case; [`mistake`] recognizes a wrong
//!   version by its transcript.
//!
//! A verdict is data. `cargo x check` shows it to a learner, `cargo test -p exercises` grades
//! with it.

mod answers;
mod builder;
mod course;
mod exercise;
mod judge;
pub mod mistake;
mod points;
pub mod probe;
mod script;
mod show;
mod subject;
mod transcript;
mod written;

pub use answers::{Answers, AnswersError};
pub use builder::{BuildError, Builder, Built, root};
pub use course::{Course, CourseError};
pub use exercise::{Exercise, Kind};
pub use judge::{Judge, Outcome, Verdict};
pub use points::Points;
pub use script::{Play, Script, ScriptError};
pub use subject::{Games, Subject, Subjects, games, subjects};
pub use transcript::{Case, Step, Transcript, TranscriptError};
