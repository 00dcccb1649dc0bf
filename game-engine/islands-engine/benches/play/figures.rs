//! Figures: what is made of many measurements, and how it is told.

use std::fs;

use super::Outcome;

/// Tells of a figure, and of what we aim at.
pub fn tell(name: &str, unit: &str, value: f64, aim: impl Into<Option<f64>>) {
    let aim = aim
        .into()
        .map_or(String::new(), |aim| format!(r#","aim":{aim}"#));
    println!(r#"{{"name":"{name}","unit":"{unit}","value":{value:.3}{aim}}}"#);
}

/// The value in the middle.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value below which this share of the others lies, such as 0.99.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (share * sorted.len() as f64) as usize;
    sorted[place.min(sorted.len() - 1)]
}

/// How much of this process is in memory.
pub fn resident_bytes() -> Outcome<u64> {
    let statm = fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split(' ').nth(1).ok_or("no resident pages")?;
    Ok(pages.parse::<u64>()? * 4096)
}
