//! Takes a step's code, results and drawings out of a walk's recorded output.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Returns the step of this chapter's walk as a block of text that can be opened. Its prose is
/// left out: the page has its own.
///
/// # Errors
/// If there is no such chapter, recording, step or measured figure.
pub(crate) fn step(root: &Path, chapter: &str, step: &str) -> Result<String> {
    let shown = shown(root, chapter, step)?;
    // Folded, so that a reader can make a prediction first.
    Ok(format!(
        "<details><summary>What step {step} shows</summary>\n\n```text\n{shown}\n```\n\n</details>\n"
    ))
}

/// Returns what the step draws: the paragraphs with lines or bars in them.
///
/// # Errors
/// If there is no such chapter, recording, step or measured figure.
pub(crate) fn drawing(root: &Path, chapter: &str, step: &str) -> Result<String> {
    let shown = shown(root, chapter, step)?;
    let paragraphs = shown.split("\n\n");
    let drawn = paragraphs.filter(|paragraph| paragraph.contains(['─', '│', '█']));
    Ok(drawn.collect::<Vec<_>>().join("\n\n"))
}

/// Returns the step's code, results and drawings, with the measured figures filled in.
fn shown(root: &Path, chapter: &str, step: &str) -> Result<String> {
    let folder = chapter_folder(root, chapter)?;
    let recorded = recording(&folder)?;
    let shown = of_step(&recorded, step);
    let shown = shown.with_context(|| format!("{chapter} has no step {step}"))?;
    filled(&shown, &figures(root, chapter)?)
}

fn chapter_folder(root: &Path, chapter: &str) -> Result<PathBuf> {
    let chapters = root.join("chapters");
    let entries = fs::read_dir(&chapters).with_context(|| format!("{}", chapters.display()))?;
    let prefix = format!("{chapter}-");
    let mut folders = entries.flatten().map(|entry| entry.path());
    let is_it = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(&prefix))
    };
    folders
        .find(is_it)
        .with_context(|| format!("there is no chapter `{chapter}`"))
}

fn recording(chapter: &Path) -> Result<String> {
    let folder = chapter.join("tests/snapshots");
    let entries = fs::read_dir(&folder).with_context(|| format!("{}", folder.display()))?;
    let mut files = entries.flatten().map(|entry| entry.path());
    let file = files.find(|path| path.to_string_lossy().contains("walk__"));
    let file = file.with_context(|| format!("{} has no recorded walk", folder.display()))?;
    Ok(fs::read_to_string(file)?)
}

/// Returns the indented lines of the step, which are code, results and drawings, without the
/// choices of a question.
fn of_step(recorded: &str, step: &str) -> Option<String> {
    let heading = format!("── {step}/");
    let mut lines = recorded
        .lines()
        .skip_while(|line| !line.starts_with(&heading));
    lines.next()?;
    let lines = lines.take_while(|line| !line.starts_with("── "));
    let is_choice = |line: &str| {
        let mut letters = line.trim_start().chars();
        letters.next().is_some_and(|it| it.is_ascii_lowercase()) && letters.next() == Some(')')
    };
    let mut shown: Vec<&str> = Vec::new();
    for line in lines {
        match line.strip_prefix("    ") {
            Some(line) if !is_choice(line) => shown.push(line),
            _ if shown.last().is_some_and(|last| !last.is_empty()) => shown.push(""),
            _ => {}
        }
    }
    Some(shown.join("\n").trim_end().to_owned())
}

/// The measured figures of a chapter, from `figures/CHAPTER.toml`.
fn figures(root: &Path, chapter: &str) -> Result<toml::Table> {
    let path = root.join("book/figures").join(format!("{chapter}.toml"));
    match fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).with_context(|| format!("{}", path.display())),
        Err(_) => Ok(toml::Table::new()),
    }
}

/// Replaces each `{{#measured CHAPTER NAME}}` in a line.
///
/// # Errors
/// If the figure is not measured, or something else stands between the braces.
pub(crate) fn with_measured(root: &Path, line: &str) -> Result<String> {
    let mut replaced = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{{#") {
        let (words, behind) = after
            .split_once("}}")
            .context("a directive ends with `}}`")?;
        let words: Vec<&str> = words.split_whitespace().collect();
        let ["measured", chapter, name] = words.as_slice() else {
            bail!("`{}` must stand on a line of its own", words.join(" "));
        };
        replaced += before;
        replaced += measured(&figures(root, chapter)?, name)?;
        rest = behind;
    }
    Ok(replaced + rest)
}

fn measured<'a>(figures: &'a toml::Table, name: &str) -> Result<&'a str> {
    match figures.get(name) {
        Some(toml::Value::String(figure)) => Ok(figure),
        _ => bail!("the figure `{name}` is not measured: run `cargo x bench walks`"),
    }
}

/// Replaces each `{name}` by the figure of that name.
fn filled(text: &str, figures: &toml::Table) -> Result<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled += before;
        let name: String = after
            .chars()
            .take_while(|it| it.is_alphanumeric() || *it == '_')
            .collect();
        rest = match after[name.len()..].strip_prefix('}') {
            Some(behind) if !name.is_empty() && name.contains('_') => {
                filled += measured(figures, &name)?;
                behind
            }
            _ => {
                filled.push('{');
                after
            }
        };
    }
    Ok(filled + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = "\
── 1/2 · One ─────
Prose.

    let a = 1;
    → 1

? What?

    a) x
    b) y

    a
── 2/2 · Two ─────
    {C3} {a_ns}
";

    #[test]
    fn a_step_is_its_code_and_results() {
        assert_eq!(
            of_step(RECORDED, "1").as_deref(),
            Some("let a = 1;\n→ 1\n\na")
        );
        assert_eq!(of_step(RECORDED, "2").as_deref(), Some("{C3} {a_ns}"));
        assert_eq!(of_step(RECORDED, "3"), None);
    }

    #[test]
    fn a_figure_is_filled_in_and_a_set_of_cells_is_none() {
        let figures = toml::from_str("a_ns = \"12\"").expect("TOML");
        assert_eq!(
            filled("{C3} {a_ns}", &figures).ok().as_deref(),
            Some("{C3} 12")
        );
        let error = filled("{b_ns}", &figures).expect_err("an error");
        assert!(error.to_string().contains("`b_ns` is not measured"));
    }
}
