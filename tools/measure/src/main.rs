//! Measures everything in BENCHMARKS.md, and writes it: `cargo x bench`.
//!
//! Without an argument it runs the benches of all crates, measures the size of the page,
//! and times a clean build. With `wire` it measures the channel layer against a bare server
//! (see [`wire`]), with `learner` what a learner
//! waits for (see [`learner`]), with `walks` the figures that the walks show (see [`walks`]).

mod clean_build;
mod document;
mod learner;
mod machine;
mod page_size;
mod row;
mod shell;
mod table;
mod walks;
mod wire;

use std::process::ExitCode;

use anyhow::{Result, bail};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match measure(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo x bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(args: &[String]) -> Result<()> {
    match args.split_first() {
        None => table::run(),
        Some((what, rest)) if what == "wire" => wire::run(rest),
        Some((what, [])) if what == "learner" => learner::run(),
        Some((what, [])) if what == "walks" => walks::run(),
        Some((other, _)) => {
            bail!("there is no bench `{other}`: it is `learner`, `walks`, `wire`, or nothing")
        }
    }
}
