//! Replaces our own directives in the pages.
//!
//! Most stand on a line of their own:
//!
//! - `{{#item FILE ITEM…}}`: items of a source file, as code
//! - `{{#output CHAPTER STEP}}`: what a step of a chapter's walk shows
//! - `{{#figure NAME}}`: a drawing from `figures/NAME.txt`
//! - `{{#figure CHAPTER STEP TEXT…}}`: what a step of a walk draws, with a text for readers who
//!   cannot see it
//! - `{{#exercises CHAPTER}}`: the tasks of a chapter's exercises
//! - `{{#rows FILE NAME ; NAME…}}`: rows of a table, by their first cell
//!
//! `{{#measured CHAPTER NAME}}` stands anywhere in a line: a measured figure of a walk.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use finder::Source;
use mdbook_preprocessor::book::{Book, BookItem};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::{drawing, headings, outputs, rows, tasks};

/// Replaces directives.
pub(crate) struct Directives {
    root: PathBuf,
    /// Whether quoted files are copied beside the pages, so that a link finds them.
    links_sources: bool,
}

impl Directives {
    /// Returns a preprocessor for the book of the workspace in this folder.
    pub(crate) fn new(root: PathBuf, links_sources: bool) -> Directives {
        Directives {
            root,
            links_sources,
        }
    }

    /// Replaces the directives of all pages.
    ///
    /// # Errors
    /// Names the page and the line of a directive that cannot be replaced, or of a heading
    /// that skips a level.
    pub(crate) fn replace(&self, mut book: Book) -> Result<Book> {
        let mut problems = Vec::new();
        book.for_each_mut(|item| {
            if let BookItem::Chapter(page) = item {
                let path = page.source_path.clone().unwrap_or_default();
                match self.page(&page.content) {
                    Ok(content) => page.content = content,
                    Err(error) => problems.push(format!("book/src/{}:{error:#}", path.display())),
                }
            }
        });
        match problems.as_slice() {
            [] => Ok(book),
            problems => bail!("{}", problems.join("\n")),
        }
    }

    fn page(&self, content: &str) -> Result<String> {
        headings::check(content)?;
        let mut is_code = false;
        let mut page = String::new();
        for (number, line) in (1..).zip(content.lines()) {
            is_code ^= line.starts_with("```");
            let directive = line.strip_prefix("{{#").filter(|_| !is_code);
            match directive.and_then(|line| line.strip_suffix("}}")) {
                Some(directive) => {
                    let words: Vec<&str> = directive.split_whitespace().collect();
                    let text = self.directive(&words);
                    page += &text.with_context(|| format!("{number}"))?;
                }
                None if directive.is_some() => bail!("{number}: a directive ends with `}}}}`"),
                None if is_code => page += line,
                None => {
                    let line = outputs::with_measured(&self.root, line);
                    page += &line.with_context(|| format!("{number}"))?;
                }
            }
            page.push('\n');
        }
        Ok(page)
    }

    fn directive(&self, words: &[&str]) -> Result<String> {
        match words {
            ["item", file, items @ ..] if !items.is_empty() => self.items(file, items),
            ["output", chapter, step] => outputs::step(&self.root, chapter, step),
            ["figure", name] => self.figure(name),
            ["figure", chapter, step, alt @ ..] => drawing::figure(
                &alt.join(" "),
                &outputs::drawing(&self.root, chapter, step)?,
            ),
            ["exercises", chapter] => tasks::of_chapter(&self.root, chapter),
            ["rows", file, names @ ..] if !names.is_empty() => {
                let names = names.join(" ");
                rows::of_file(&self.root.join(file), names.split(" ; "))
            }
            _ => bail!(
                "`{}` is no directive: they are `item FILE ITEM…`, `output CHAPTER STEP`, \
                 `figure NAME`, `figure CHAPTER STEP TEXT…`, `exercises CHAPTER` and `rows FILE NAME ; NAME…`",
                words.join(" ")
            ),
        }
    }

    /// Quotes items as one block of code. A function that an exercise asks for is folded.
    fn items(&self, file: &str, items: &[&str]) -> Result<String> {
        let source = Source::read(&self.root.join(file))?;
        let tasks = tasks::about(&self.root, file)?;
        let mut blocks: Vec<String> = Vec::new();
        let mut open = false;
        for item in items {
            let code = without_examples(&source.quote(item)?);
            let block = format!("```rust\n{code}\n```\n");
            match (tasks.get(*item), blocks.last_mut()) {
                (Some(id), _) => {
                    let summary = format!("<code>{item}</code>, which exercise {id} is about");
                    blocks.push(format!(
                        "<details><summary>{summary}</summary>\n\n{block}\n</details>\n"
                    ));
                    open = false;
                }
                (None, Some(last)) if open => {
                    let end = last.len() - "```\n".len();
                    last.replace_range(end.., &format!("\n{code}\n```\n"));
                }
                _ => {
                    blocks.push(block);
                    open = true;
                }
            }
        }
        let name = match self.links_sources {
            true => format!("<a href=\"source/{file}.txt\">{file}</a>"),
            false => file.to_owned(),
        };
        blocks.push(format!("<p class=\"source\">From {name}</p>\n"));
        Ok(blocks.join("\n"))
    }

    fn figure(&self, name: &str) -> Result<String> {
        let path = self.root.join("book/figures").join(format!("{name}.txt"));
        let text = fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
        let (alt, drawing) = text.split_once('\n').unwrap_or((&text, ""));
        let figure = match alt.strip_prefix("alt: ") {
            Some(alt) => drawing::figure(alt, drawing),
            None => Err(anyhow!(
                "expected `alt: ` and what the drawing shows in the first line"
            )),
        };
        figure.with_context(|| format!("{}", path.display()))
    }
}

/// Leaves the examples out of the comments of quoted code: the page has its own.
fn without_examples(code: &str) -> String {
    let mut is_example = false;
    let mut lines: Vec<&str> = Vec::new();
    for line in code.lines() {
        if line.trim_start().starts_with("/// ```") {
            is_example = !is_example;
            // The empty line before an example goes with it.
            if is_example && lines.last().is_some_and(|last| last.trim() == "///") {
                lines.pop();
            }
        } else if !is_example {
            lines.push(line);
        }
    }
    lines.join("\n")
}

impl Preprocessor for Directives {
    fn name(&self) -> &str {
        "course"
    }

    fn run(&self, _: &PreprocessorContext, book: Book) -> Result<Book> {
        self.replace(book)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mdbook_preprocessor::book::Chapter;

    /// Returns a workspace with two source files. An exercise asks for `double`.
    fn workspace() -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            let folder = path.parent().expect("a folder");
            let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
            written.expect("a file");
        };
        write("a.rs", "/// Adds.\nfn add() {}\n");
        write(
            "core/src/b.rs",
            "fn one() {}\nfn two() {}\nfn double() {}\n",
        );
        write("exercises/ch00-01/README.md", "");
        write(
            "exercises/course.toml",
            "[[exercise]]\nid = \"00-01\"\nfolder = \"ch00-01\"\ntitle = \"\"\nkind = \"write\"\n\
             hard = 1\nminutes = 1\ncrate = \"core\"\nfile = \"b.rs\"\nholes = [\"double\"]\n",
        );
        root
    }

    fn page(content: &str) -> Result<String, String> {
        let root = workspace();
        let directives = Directives::new(root.path().to_owned(), true);
        let page = directives.page(content);
        page.map_err(|error| format!("{error:#}").replace(&root.path().display().to_string(), ""))
    }

    #[test]
    fn an_item_is_quoted_with_a_link_to_its_file() {
        let expected = "# A\n```rust\n/// Adds.\nfn add() {}\n```\n\n\
            <p class=\"source\">From <a href=\"source/a.rs.txt\">a.rs</a></p>\n\n";
        assert_eq!(page("# A\n{{#item a.rs add}}").as_deref(), Ok(expected));
    }

    #[test]
    fn a_function_that_an_exercise_asks_for_is_folded() {
        let expected = "# A\n```rust\nfn one() {}\n\nfn two() {}\n```\n\n\
            <details><summary><code>double</code>, which exercise 00-01 is about</summary>\n\n\
            ```rust\nfn double() {}\n```\n\n</details>\n\n<p class=\"source\">";
        let page = page("# A\n{{#item core/src/b.rs one two double}}").expect("a page");
        assert!(page.starts_with(expected), "{page}");
    }

    #[test]
    fn quoted_code_has_its_comments_without_their_examples() {
        let code = "/// Adds.\n///\n/// ```\n/// add();\n/// ```\n/// Fast.\nfn add() {}";
        assert_eq!(without_examples(code), "/// Adds.\n/// Fast.\nfn add() {}");
    }

    #[test]
    fn a_missing_item_or_file_is_named_with_the_line() {
        let error = |content| page(content).expect_err("an error");
        assert_eq!(
            error("# A\n\n{{#item a.rs sub}}"),
            "3: /a.rs: there is no item `sub`"
        );
        assert!(error("# A\n{{#item b.rs sub}}").starts_with("2: /b.rs: No such file"));
        assert!(error("# A\n{{#figure x}}").starts_with("2: /book/figures/x.txt: No such file"));
    }

    #[test]
    fn a_problem_is_named_with_the_page_that_has_it() {
        let root = workspace();
        let page = |path, item: &str| {
            let content = format!("# A\n\n{{{{#item a.rs {item}}}}}\n");
            BookItem::Chapter(Chapter::new("A", content, path, vec![]))
        };
        let book = Book::new_with_items(vec![page("one.md", "add"), page("two.md", "sub")]);
        let directives = Directives::new(root.path().to_owned(), false);
        let error = directives.replace(book).expect_err("an error").to_string();
        let error = error.replace(&root.path().display().to_string(), "");
        assert_eq!(error, "book/src/two.md:3: /a.rs: there is no item `sub`");
    }

    #[test]
    fn an_unknown_directive_is_refused_with_the_list() {
        let error = page("# A\n{{#include a.rs}}").expect_err("an error");
        assert!(
            error.starts_with("2: `include a.rs` is no directive: they are"),
            "{error}"
        );
    }

    #[test]
    fn code_may_hold_what_looks_like_a_directive() {
        let content = "# A\n```text\n{{#include a.rs}}\n```\n";
        assert_eq!(page(content).as_deref(), Ok(content));
    }
}
