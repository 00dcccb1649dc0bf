//! Writes lines and reads answers.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::text::{COLUMNS, WIDTH, wrap};

/// The width of prose on the narrowest terminal.
const LEAST_WIDTH: usize = 20;

/// The parts of the output that a color terminal shows differently.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Look {
    Plain,
    Heading,
    Source,
    Dim,
}

/// The output, and the input that the learner types.
///
/// Writing returns no error. The first one is kept for [`Terminal::check`], and the output
/// after it is dropped, so that a step can write without a `?` on each line.
pub(crate) struct Terminal<'a> {
    input: &'a mut dyn BufRead,
    output: &'a mut dyn Write,
    pub(crate) colors: bool,
    /// The width of prose in columns.
    pub(crate) width: usize,
    written: io::Result<()>,
    quit: bool,
}

impl<'a> Terminal<'a> {
    pub(crate) fn new(input: &'a mut dyn BufRead, output: &'a mut dyn Write) -> Terminal<'a> {
        Terminal {
            input,
            output,
            colors: false,
            width: WIDTH,
            written: Ok(()),
            quit: false,
        }
    }

    /// Takes the width of the terminal on the standard output, if there is one. Says so if it is
    /// too narrow for code and drawings.
    pub(crate) fn fit(&mut self) {
        let size = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
        let Some((terminal_size::Width(columns), _)) = size else {
            return;
        };
        let columns = usize::from(columns);
        if columns < COLUMNS {
            self.width = columns.saturating_sub(2).max(LEAST_WIDTH);
            let note =
                format!("Code and drawings need {COLUMNS} columns; this terminal has {columns}.");
            let lines = wrap(&note, self.width).join("\n");
            self.line(Look::Dim, &format!("{lines}\n"));
        }
    }

    /// Writes one line, or several.
    pub(crate) fn line(&mut self, look: Look, text: &str) {
        let escape = match look {
            Look::Plain => None,
            Look::Heading => Some("1"),
            Look::Source => Some("36"),
            Look::Dim => Some("2"),
        };
        for line in text.split('\n') {
            match escape.filter(|_| self.colors && !line.is_empty()) {
                Some(escape) => self.write(&format!("\x1b[{escape}m{line}\x1b[0m\n")),
                None => self.write(&format!("{line}\n")),
            }
        }
    }

    /// Writes a prompt and reads a line. Returns nothing at the end of the input, and after
    /// `q`: then [`Terminal::is_over`] returns `true`.
    pub(crate) fn ask(&mut self, prompt: &str) -> Option<String> {
        self.write(&format!("{prompt} "));
        let mut answer = String::new();
        match self.input.read_line(&mut answer) {
            Ok(1..) => {}
            Ok(0) => {
                self.write("\n");
                self.quit = true;
            }
            Err(error) => self.fail(error),
        }
        let answer = answer.trim();
        self.quit |= answer.eq_ignore_ascii_case("q");
        (!self.is_over()).then(|| answer.to_owned())
    }

    /// Returns whether the learner has quit or the output has failed.
    pub(crate) fn is_over(&self) -> bool {
        self.quit || self.written.is_err()
    }

    /// Writes a last line after the learner has quit.
    pub(crate) fn farewell(&mut self, text: &str) {
        if std::mem::take(&mut self.quit) {
            self.line(Look::Dim, text);
            self.quit = true;
        }
    }

    /// Returns the first error of the output.
    ///
    /// # Errors
    /// That error. A closed pipe is none: its reader, `head` for instance, has seen enough.
    pub(crate) fn check(&self) -> Result<(), String> {
        match &self.written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(format!("the output cannot be written: {error}"))
            }
            _ => Ok(()),
        }
    }

    fn write(&mut self, text: &str) {
        if !self.is_over() {
            let written = self.output.write_all(text.as_bytes());
            if let Err(error) = written.and_then(|()| self.output.flush()) {
                self.fail(error);
            }
        }
    }

    fn fail(&mut self, error: io::Error) {
        if self.written.is_ok() {
            self.written = Err(error);
        }
    }
}
