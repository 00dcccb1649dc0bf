//! How long a stranger waits for the first `cargo run`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::shell;

/// A build from nothing: how long it took, and what took longest.
pub(crate) struct CleanBuild {
    pub(crate) took: Duration,
    /// Packages with the seconds that the compiler spent on them, the slowest
    /// first. They overlap, since several are compiled at a time.
    pub(crate) slowest: Vec<(String, f64)>,
}

/// Builds what `cargo run` builds, into an empty folder that is removed again.
/// Sources that are not there yet are fetched before the clock starts.
pub(crate) fn measure() -> Result<CleanBuild> {
    let cargo = shell::cargo();
    shell::run(&cargo, &["fetch", "--quiet"])?;
    let target = std::env::temp_dir().join(format!("clean-build-{}", std::process::id()));
    let start = Instant::now();
    let built = shell::succeed(
        shell::command(&cargo, &["build", "--timings", "--offline", "--quiet"])
            .env("CARGO_TARGET_DIR", &target),
    );
    let took = start.elapsed();
    let slowest = built.and_then(|()| report(&target));
    fs::remove_dir_all(&target).ok();
    let slowest = slowest?;
    Ok(CleanBuild { took, slowest })
}

/// What cargo's report says of each package.
fn report(target: &Path) -> Result<Vec<(String, f64)>> {
    let file = target.join("cargo-timings/cargo-timing.html");
    let page = fs::read_to_string(&file).with_context(|| format!("no {}", file.display()))?;
    let slowest = durations(&page);
    anyhow::ensure!(!slowest.is_empty(), "cargo's report has another form now");
    Ok(slowest)
}

/// The page holds its data as JSON, a field on a line. A package is there once
/// for each time that the compiler was started for it.
fn durations(page: &str) -> Vec<(String, f64)> {
    let data = page
        .split_once("const UNIT_DATA = [")
        .map_or("", |(_, data)| data);
    let mut packages: BTreeMap<&str, f64> = BTreeMap::new();
    let mut package = "";
    for line in data.lines().take_while(|line| !line.starts_with("];")) {
        let Some((name, value)) = line.trim().split_once(": ") else {
            continue;
        };
        let value = value.trim_end_matches(',').trim_matches('"');
        match name {
            "\"name\"" => package = value,
            "\"duration\"" => *packages.entry(package).or_default() += value.parse().unwrap_or(0.0),
            _ => {}
        }
    }
    let mut slowest: Vec<(String, f64)> = packages
        .into_iter()
        .map(|(name, seconds)| (name.to_string(), seconds))
        .collect();
    slowest.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    slowest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_summed_by_package_the_slowest_first() {
        let page = "
const UNIT_DATA = [
  {
    \"name\": \"quick\",
    \"duration\": 0.5,
  },
  {
    \"name\": \"slow\",
    \"duration\": 2.0
  },
  {
    \"name\": \"quick\",
    \"duration\": 0.25
  }
];
const name = { \"name\": \"not one\", }
";
        let expected = [("slow".to_string(), 2.0), ("quick".to_string(), 0.75)];
        assert_eq!(durations(page), expected);
        assert_eq!(durations("<html>"), []);
    }
}
