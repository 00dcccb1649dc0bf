//! Measures the first `cargo run` of a fresh checkout.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::shell;

/// The time of a clean build, and its slowest packages.
pub(crate) struct CleanBuild {
    pub(crate) took: Duration,
    /// Packages with the seconds that the compiler spent on each, the slowest
    /// first. The times overlap, since several packages are compiled at a time.
    pub(crate) slowest: Vec<(String, f64)>,
}

/// Builds what `cargo run` builds, into an empty folder that it removes again.
/// Missing sources are fetched before the clock starts.
pub(crate) fn measure() -> Result<CleanBuild> {
    let cargo = shell::cargo();
    shell::run(&cargo, &["fetch", "--quiet"])?;
    let target = std::env::temp_dir().join(format!("clean-build-{}", std::process::id()));
    let start = Instant::now();
    let built = shell::check_success(
        shell::command(&cargo, &["build", "--timings", "--offline", "--quiet"])
            .env("CARGO_TARGET_DIR", &target),
    );
    let took = start.elapsed();
    let slowest = built.and_then(|()| report(&target));
    fs::remove_dir_all(&target).ok();
    let slowest = slowest?;
    Ok(CleanBuild { took, slowest })
}

/// Reads the time of each package from cargo's report.
fn report(target: &Path) -> Result<Vec<(String, f64)>> {
    let file = target.join("cargo-timings/cargo-timing.html");
    let page = fs::read_to_string(&file).with_context(|| format!("no {}", file.display()))?;
    let slowest = durations(&page);
    anyhow::ensure!(!slowest.is_empty(), "cargo's report has another form now");
    Ok(slowest)
}

/// Sums the durations of each package. The page holds its data as JSON, one field
/// a line, with one object for each run of the compiler.
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
