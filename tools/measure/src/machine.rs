//! Describes the machine that the measurements ran on.

use std::fs;
use std::thread::available_parallelism;

use crate::shell;

/// Lists what a measurement depends on, one line each.
pub(crate) fn description() -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let facts = [
        ("Date", output("date", &["-u", "+%Y-%m-%d"])),
        (
            "Processor",
            fact("/proc/cpuinfo", "model name").map(|name| format!("{name}, {cores} cores")),
        ),
        ("Memory", fact("/proc/meminfo", "MemTotal")),
        ("Kernel", output("uname", &["-sr"])),
        ("Compiler", output("rustc", &["--version"])),
    ];
    let lines =
        facts.map(|(name, fact)| format!("- {name}: {}\n", fact.unwrap_or("unknown".into())));
    lines.concat()
}

fn output(program: &str, args: &[&str]) -> Option<String> {
    shell::output(program, args).ok()
}

/// Returns the first value of `name` in a file of `name : value` lines.
fn fact(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = pairs.find(|(key, _)| key.trim() == name)?;
    Some(value.trim().to_string())
}
