//! Runs a chapter's walk: a program in steps that shows its own source beside its results.
//!
//! A chapter lists its [`Step`]s in a [`Chapter`] and passes it to [`main`]. Each step is a
//! function of a [`Page`]. It writes prose with [`Page::say`], runs an expression and shows
//! its source with [`show!`], draws with [`Page::draw`], and asks for a prediction with
//! [`Page::choose`] or [`Page::number`] before it shows the answer.
//!
//! On a terminal the walk waits for Enter between steps. In a pipe, or with `--all`, it runs
//! straight through, which is what a test snapshots.
//!
//! ```
//! use walk::{Chapter, Page, Step, show};
//!
//! const CHAPTER: Chapter = Chapter {
//!     package: "ch00",
//!     title: "Chapter 0 · Counting",
//!     question: "How many cells has a board?",
//!     sources: walk::sources!["lib.rs"],
//!     steps: &[Step::new("Ten by ten", "README.md", cells)],
//!     serve: None,
//! };
//!
//! fn cells(page: &mut Page<'_>) -> walk::Result {
//!     page.say("A board has ten rows of ten cells.");
//!     let cells = show!(page, 10 * 10);
//!     page.say(&format!("So {cells} bits are enough for a set of them."));
//!     Ok(())
//! }
//! # assert_eq!(CHAPTER.steps.len(), 1);
//! ```

mod grid;
mod options;
mod page;
mod recording;
mod run;
mod sequence;
mod source;
mod terminal;
mod text;

use std::error::Error;
use std::process::ExitCode;

pub use grid::{beside, grid};
pub use page::{Guess, Page};
pub use recording::recording;
pub use sequence::Sequence;
pub use text::thousands;

/// A chapter's walk.
#[derive(Debug)]
pub struct Chapter {
    /// The name of its package, as in `cargo run -p ch02`.
    pub package: &'static str,
    /// Its number and title.
    pub title: &'static str,
    /// The question that the chapter answers.
    pub question: &'static str,
    /// The files that hold the steps: `sources!["main.rs"]`.
    pub sources: &'static [Source],
    /// Its steps, in order.
    pub steps: &'static [Step],
    /// What the program does on `--serve`, if it can: it serves the lesson until Ctrl-C.
    pub serve: Option<fn() -> Result>,
}

/// A file that holds steps of a walk. [`sources!`] makes it.
#[derive(Debug)]
pub struct Source {
    /// Its path, relative to the file that lists it.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// One step of a walk.
#[derive(Debug)]
pub struct Step {
    title: &'static str,
    read: &'static str,
    run: fn(&mut Page<'_>) -> Result,
}

impl Step {
    /// Returns a step with this heading. `read` says where to read about it again after a wrong
    /// prediction.
    pub const fn new(
        title: &'static str,
        read: &'static str,
        run: fn(&mut Page<'_>) -> Result,
    ) -> Step {
        Step { title, read, run }
    }
}

/// The result of a step. An error ends the walk and is shown with the step's number.
pub type Result = std::result::Result<(), Box<dyn Error>>;

/// Runs the walk as the command line asks. `--help` lists the options.
pub fn main(chapter: &Chapter) -> ExitCode {
    match run::run(chapter) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", chapter.package);
            ExitCode::FAILURE
        }
    }
}

/// Lists the files that hold the steps of a walk. Their paths are relative to the file that has
/// the list.
#[macro_export]
macro_rules! sources {
    ($($path:literal),+ $(,)?) => {
        &[$($crate::Source { path: $path, text: include_str!($path) }),+]
    };
}

/// Shows the source of an expression, evaluates it, shows the result, and returns it.
///
/// The first argument is the [`Page`]. The source is the text of the file, one of the chapter's
/// [`sources!`], from the line of this call on, comments included. A block is shown without its braces.
#[macro_export]
macro_rules! show {
    ($page:expr, $shown:expr $(,)?) => {{
        $page.source(file!(), line!());
        let shown = $shown;
        $page.result(&shown);
        shown
    }};
}

/// Shows the source of an expression, evaluates it, and returns it. The result is not shown:
/// use it where a drawing shows it better.
#[macro_export]
macro_rules! run {
    ($page:expr, $shown:expr $(,)?) => {{
        $page.source(file!(), line!());
        $page.gap();
        $shown
    }};
}
