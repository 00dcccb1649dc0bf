//! Text for the learner's terminal.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};

/// What a command shows, and whether it succeeds.
pub(crate) struct Screen {
    text: String,
    colors: bool,
    /// The width of text in columns.
    width: usize,
    pub(crate) failed: bool,
}

/// The width of text in columns: that of a terminal with 80, and that of the narrowest one.
const WIDTH: usize = 78;
const LEAST_WIDTH: usize = 20;

/// How a line looks on a terminal with colors.
#[derive(Clone, Copy)]
pub(crate) enum Look {
    Bold,
    Good,
    Bad,
}

impl Screen {
    /// Returns an empty screen. On a terminal it has colors, and fits a narrow one.
    pub(crate) fn new() -> Screen {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_terminal = io::stdout().is_terminal();
        let size = terminal_size::terminal_size().filter(|_| is_terminal);
        let width =
            size.map(|(terminal_size::Width(columns), _)| usize::from(columns).saturating_sub(2));
        Screen {
            text: String::new(),
            colors: is_terminal && !no_color,
            width: width.unwrap_or(WIDTH).clamp(LEAST_WIDTH, WIDTH),
            failed: false,
        }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn has_colors(&self) -> bool {
        self.colors
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) {
        self.text += line.as_ref();
        self.text.push('\n');
    }

    /// Adds a line in this look, and an empty line.
    pub(crate) fn heading(&mut self, look: Look, line: &str) {
        let line = self.styled(look, line);
        let _ = write!(self.text, "{line}\n\n");
    }

    /// Adds a text with its paragraphs broken into lines, and an empty line.
    pub(crate) fn paragraphs(&mut self, text: &str) {
        self.line(wrapped(text.trim(), self.width));
        self.line("");
    }

    /// Returns the text in this look.
    pub(crate) fn styled(&self, look: Look, text: &str) -> String {
        let escape = match look {
            Look::Bold => "1",
            Look::Good => "32",
            Look::Bad => "31",
        };
        match self.colors {
            true => format!("\x1b[{escape}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }

    /// Writes it all.
    ///
    /// # Errors
    /// If it cannot be written. A closed pipe is no error: its reader has seen enough.
    pub(crate) fn show(&self) -> io::Result<()> {
        match io::stdout().write_all(self.text.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }
}

/// Returns a name as words: `a_cell` and `a-cell` become `a cell`.
pub(crate) fn words(name: &str) -> String {
    name.replace(['_', '-'], " ")
}

/// Indents each line by two spaces.
pub(crate) fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => String::new(),
        _ => format!("  {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Breaks the paragraphs of a Markdown text into lines of at most `width` columns. Lists,
/// headings and blocks of code stay.
fn wrapped(text: &str, width: usize) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
            continue;
        }
        if is_code {
            out.push(line.to_owned());
            continue;
        }
        // A terminal shows no bold text of Markdown.
        let line = line.replace("**", "");
        let indent = if line.starts_with("- ") { "  " } else { "" };
        let mut current = String::new();
        for word in line.split_whitespace() {
            let is_full = current.chars().count() + 1 + word.chars().count() > width;
            if is_full && !current.trim().is_empty() {
                out.push(std::mem::replace(&mut current, indent.to_owned()));
            }
            if !current.trim().is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        out.push(current);
    }
    out.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_code_stays_as_it_is() {
        let text = "See:\n\n```text\n# · ·\n· #\n```";
        assert_eq!(wrapped(text, 4), "See:\n\n# · ·\n· #");
    }

    #[test]
    fn long_lines_are_broken_and_list_items_stay_indented() {
        let text = format!("# Title\n\n- {}", "word ".repeat(20));
        let wrapped = wrapped(&text, WIDTH);
        assert!(wrapped.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(wrapped.starts_with("# Title\n\n- word word"));
        assert!(
            wrapped.ends_with("\n  word word word word word"),
            "{wrapped}"
        );
    }
}
