//! Measures the channel layer against a bare server of the same frames: `cargo x bench wire`.
//!
//! `cargo x bench wire SECTION…` measures some sections alone and writes nothing; `--hold SECONDS`
//! shortens the longest of them.
//!
//! The server has a core of its own and the crowd has another. Most figures are medians of rounds in
//! which the two servers take turns, since other load on this machine comes and goes.

mod rows;
mod runs;
mod testbed;

use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};

use crate::document::{self, WIRE};
use crate::machine;
use crate::row::Row;

use self::rows::SECTIONS;
use self::testbed::Testbed;

/// Default seconds for which the section `held` holds its connections.
const HOLD_SECONDS: u64 = 600;

/// Measures all sections and writes them; sections that are named are only printed.
///
/// # Errors
/// If a program cannot be built or fails, or a report lacks a number.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let Options { sections, hold } = options(args.iter().cloned())?;
    let testbed = Testbed::build(hold)?;
    let mut rows = Vec::new();
    for (name, measure) in SECTIONS {
        if sections.is_empty() || sections.iter().any(|section| section == name) {
            rows.extend(measure(&testbed)?);
        }
    }
    if sections.is_empty() {
        return write_section(&rows);
    }
    rows.iter().for_each(|row| print!("{}", row.line()));
    Ok(())
}

struct Options {
    sections: Vec<String>,
    hold: u64,
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options> {
    let mut options = Options {
        sections: Vec::new(),
        hold: HOLD_SECONDS,
    };
    let names = SECTIONS.map(|(name, _)| name);
    while let Some(argument) = arguments.next() {
        if argument == "--hold" {
            let seconds = arguments.next().and_then(|seconds| seconds.parse().ok());
            options.hold = seconds.context("--hold takes a number of seconds")?;
        } else {
            let known = names.contains(&&*argument);
            let names = names.join(", ");
            ensure!(
                known,
                "there is no section `{argument}` of the wire: they are {names}"
            );
            options.sections.push(argument);
        }
    }
    Ok(options)
}

fn write_section(rows: &[Row]) -> Result<()> {
    let mut text = String::from(WIRE);
    write!(
        text,
        "\nWritten by `cargo x bench wire`.\n\n{}\n",
        machine::description()
    )?;
    text +=
        "The server runs on one core, the load generator on another. The bare server exchanges\n";
    text +=
        "the same frames over the same WebSocket library and does nothing else. Most figures are\n";
    text += "medians of alternating rounds; idle, held and memory are single runs.\n\n";
    text += "| what | measured | aim | | command |\n| --- | ---: | ---: | --- | --- |\n";
    text.extend(rows.iter().map(Row::line));
    for (name, what) in testbed::PLOTS {
        write!(text, "\n{what}, ours and bare:\n\n")?;
        for kind in testbed::KINDS {
            writeln!(text, "![{what}, {kind}](benchmarks/{name}-{kind}.svg)")?;
        }
    }
    document::write_section(WIRE, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_sections_run_alone_and_no_name_runs_all() {
        let crowd_args = |words: &str| options(words.split_whitespace().map(str::to_owned));
        let whole = crowd_args("").unwrap();
        assert_eq!((whole.sections.len(), whole.hold), (0, HOLD_SECONDS));
        let some = crowd_args("echo --hold 20 held").unwrap();
        assert_eq!(
            (some.sections, some.hold),
            (vec!["echo".into(), "held".into()], 20)
        );
        assert!(crowd_args("--hold").is_err() && crowd_args("--hold x").is_err());
        let error = crowd_args("ehco").err().unwrap().to_string();
        assert!(error.contains("they are idle, joins, echo"), "{error}");
    }
}
