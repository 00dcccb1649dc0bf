//! Formats numbers for people.

/// Formats a number with commas between the thousands.
pub(crate) fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_separate_thousands() {
        let found = [0, 999, 1_000, 1_234_567].map(with_commas);
        assert_eq!(found, ["0", "999", "1,000", "1,234,567"]);
    }
}
