//! Checks the links of the built pages, and copies the source files that they link to.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use regex::Regex;

/// Pages that mdBook makes for its own use: with absolute links, or as a frame.
const SKIPPED: [&str; 2] = ["404.html", "toc.html"];

/// Copies each file that a page quotes, so that the link below the code finds it.
///
/// # Errors
/// If a file cannot be copied.
pub(crate) fn copy_sources(root: &Path, pages: &Path, out: &Path) -> Result<()> {
    let directive = Regex::new(r"(?m)^\{\{#item (\S+)")?;
    for page in files(pages, "md")? {
        let text = fs::read_to_string(&page)?;
        for found in directive.captures_iter(&text) {
            let copy = out.join("source").join(format!("{}.txt", &found[1]));
            if let Some(folder) = copy.parent() {
                fs::create_dir_all(folder)?;
            }
            let copied = fs::copy(root.join(&found[1]), &copy);
            copied.with_context(|| format!("{} cannot be copied", &found[1]))?;
        }
    }
    Ok(())
}

/// Checks that each link within the book leads to a file and, behind a `#`, to an id in it.
///
/// # Errors
/// Names each page with a link that leads nowhere.
pub(crate) fn check(out: &Path) -> Result<()> {
    let attribute = Regex::new(r#"(?:href|src)="([^"]*)""#)?;
    let id = Regex::new(r#"\sid="([^"]*)""#)?;
    let mut pages = BTreeMap::new();
    for path in files(out, "html")? {
        pages.insert(path.clone(), fs::read_to_string(&path)?);
    }
    let ids = |path: &Path| -> Vec<String> {
        let text = pages.get(path).map(String::as_str).unwrap_or_default();
        id.captures_iter(text)
            .map(|found| found[1].to_owned())
            .collect()
    };
    let mut problems = Vec::new();
    for (page, text) in &pages {
        let name = page.strip_prefix(out).unwrap_or(page);
        if SKIPPED.iter().any(|skipped| name == Path::new(skipped)) {
            continue;
        }
        for found in attribute.captures_iter(text) {
            let link = found[1].replace("&amp;", "&");
            if link.is_empty() || link.contains(':') || link.starts_with("//") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let file = file.split('?').next().unwrap_or_default();
            let target = match file {
                "" => page.clone(),
                _ => resolved(page, file),
            };
            if !target.is_file() {
                problems.push(format!("{}: `{link}` leads to no file", name.display()));
            } else if !anchor.is_empty() && !ids(&target).iter().any(|id| id == anchor) {
                problems.push(format!("{}: `{link}` leads to no heading", name.display()));
            }
        }
    }
    match problems.as_slice() {
        [] => Ok(()),
        problems => bail!("{}", problems.join("\n")),
    }
}

/// Returns the file that a relative link leads to.
fn resolved(page: &Path, link: &str) -> PathBuf {
    let joined = page.parent().unwrap_or(Path::new("")).join(link);
    let mut path = PathBuf::new();
    for component in joined.components() {
        match component {
            Component::ParentDir => drop(path.pop()),
            component => path.push(component),
        }
    }
    path
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path, extension)?);
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_page(body: &str, expected: Result<(), &str>) {
        let out = tempfile::tempdir().expect("a folder");
        fs::write(out.path().join("a.html"), body).expect("a file");
        fs::write(out.path().join("b.html"), "<h2 id=\"one\">1</h2>").expect("a file");
        let checked = check(out.path()).map_err(|error| error.to_string());
        assert_eq!(checked, expected.map_err(str::to_owned));
    }

    #[test]
    fn a_link_leads_to_a_file_and_an_anchor_to_a_heading() {
        check_page(
            "<a href=\"b.html#one\">1</a> <a href=\"https://a.example/\">2</a>",
            Ok(()),
        );
        check_page(
            "<a href=\"c.html\">",
            Err("a.html: `c.html` leads to no file"),
        );
        check_page(
            "<a href=\"b.html#two\">",
            Err("a.html: `b.html#two` leads to no heading"),
        );
        check_page(
            "<a href=\"#two\">",
            Err("a.html: `#two` leads to no heading"),
        );
    }
}
