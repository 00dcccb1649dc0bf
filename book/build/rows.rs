//! Takes rows out of the tables of a Markdown file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Returns a table with the header of the file's first table, and the first row for each name.
///
/// # Errors
/// If the file cannot be read, or no row begins with a name.
pub(crate) fn of_file<'a>(path: &Path, names: impl Iterator<Item = &'a str>) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    let of_table = |text: &str| rows(text, names);
    of_table(&text).with_context(|| format!("{}", path.display()))
}

fn rows<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Result<String> {
    let mut lines = text.lines().filter(|line| line.starts_with('|'));
    let header: Vec<&str> = lines.by_ref().take(2).collect();
    let lines: Vec<&str> = lines.collect();
    let mut table = header.join("\n");
    for name in names {
        let start = format!("| {name} |");
        let row = lines.iter().find(|line| line.starts_with(&start));
        table.push('\n');
        table += row.with_context(|| format!("no row begins with `{name}`"))?;
    }
    Ok(table + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_its_first_cell() {
        let text = "# A\n\n| what | value |\n| --- | --- |\n| one | 1 |\n| two | 2 |\n";
        let table = rows(text, ["two"].into_iter()).expect("a table");
        assert_eq!(table, "| what | value |\n| --- | --- |\n| two | 2 |\n");
        let error = rows(text, ["three"].into_iter()).expect_err("an error");
        assert_eq!(error.to_string(), "no row begins with `three`");
    }
}
