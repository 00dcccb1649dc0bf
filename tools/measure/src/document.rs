//! BENCHMARKS.md: a first part, and sections that other commands write.

use std::fs;

use anyhow::Result;

use crate::shell;

/// The headings of the sections, in their order in the file. Each is written by a command of
/// its own; the first part, before them, by `cargo x bench`.
const SECTIONS: [&str; 2] = [LEARNER, WIRE];

/// The section of `cargo x bench learner`.
pub(crate) const LEARNER: &str = "\n## The learner's commands\n";
/// The section of `cargo x bench wire`.
pub(crate) const WIRE: &str = "\n## The wire\n";

/// Writes the part before the sections, which stay.
pub(crate) fn write_first_part(text: &str) -> Result<()> {
    write(0, text)
}

/// Writes the section with this heading. The other parts stay.
pub(crate) fn write_section(heading: &str, text: &str) -> Result<()> {
    let section = SECTIONS.iter().position(|section| *section == heading);
    write(section.map_or(0, |section| section + 1), text)
}

fn write(part: usize, text: &str) -> Result<()> {
    let path = shell::root().join("BENCHMARKS.md");
    let document = fs::read_to_string(&path).unwrap_or_default();
    fs::write(path, replaced(&document, part, text))?;
    println!("{text}");
    Ok(())
}

/// Returns the document with one of its parts replaced. A section includes its heading.
fn replaced(document: &str, part: usize, text: &str) -> String {
    let mut parts = vec![String::new(); SECTIONS.len() + 1];
    let mut rest = document;
    for (number, heading) in SECTIONS.iter().enumerate().rev() {
        if let Some(start) = rest.find(heading) {
            parts[number + 1] = rest[start..].to_owned();
            rest = &rest[..start];
        }
    }
    parts[0] = rest.to_owned();
    parts[part] = text.to_owned();
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.map(|part| format!("{}\n", part.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_is_replaced_and_the_others_stay() {
        let first = "# Benchmarks\n\n1\n";
        let wire = format!("{WIRE}\n2\n");
        let learner = format!("{LEARNER}\n3\n");
        assert_eq!(replaced("", 0, first), first);
        let document = replaced(first, 2, &wire);
        assert_eq!(document, format!("{first}{wire}"));
        let document = replaced(&document, 1, &learner);
        assert_eq!(document, format!("{first}{learner}{wire}"));
        assert_eq!(replaced(&document, 0, "4"), format!("4\n{learner}{wire}"));
    }
}
