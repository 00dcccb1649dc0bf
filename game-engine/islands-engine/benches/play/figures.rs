//! Figures: statistics of measurements, printed as lines of JSON.

use std::fs;

use super::Outcome;

/// Prints a figure and its target as a line of JSON.
pub fn print_figure(name: &str, unit: &str, value: f64, target: impl Into<Option<f64>>) {
    let target = target
        .into()
        .map_or(String::new(), |target| format!(r#","aim":{target}"#));
    println!(r#"{{"name":"{name}","unit":"{unit}","value":{value:.3}{target}}}"#);
}

/// Returns the median.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// Returns the quantile for a share, such as 0.99.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (share * sorted.len() as f64) as usize;
    sorted[place.min(sorted.len() - 1)]
}

/// Returns the resident set size of this process.
pub fn resident_bytes() -> Outcome<u64> {
    let statm = fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split(' ').nth(1).ok_or("no resident pages")?;
    Ok(pages.parse::<u64>()? * 4096)
}
