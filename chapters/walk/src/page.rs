//! What a step writes on: prose, source beside its result, drawings, and questions.

use std::fmt::{Debug, Display};
use std::path::Path;

use crate::Source;
use crate::source;
use crate::terminal::{Look, Terminal};
use crate::text::{WIDTH, thousands, wrap};

/// The indentation of source, results and drawings.
const INDENT: &str = "    ";

/// What a step writes on, and where the learner answers.
pub struct Page<'a> {
    pub(crate) terminal: Terminal<'a>,
    pub(crate) sources: &'static [Source],
    pub(crate) interactive: bool,
    pub(crate) names_for_figures: bool,
    pub(crate) step: usize,
    pub(crate) predictions: Vec<Prediction>,
    /// The measured figures, by name.
    pub(crate) figures: Vec<(&'static str, String)>,
}

/// A question that the learner has answered, and whether the answer was right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prediction {
    pub(crate) step: usize,
    pub(crate) right: bool,
}

/// The learner's answer to a question, to be compared by [`Page::reveal`].
#[derive(Debug)]
#[must_use = "compare it with what happened: `Page::reveal`"]
pub struct Guess {
    given: Option<u64>,
    choices: &'static [&'static str],
}

impl Page<'_> {
    /// Writes a paragraph, broken into lines of 78 columns, or fewer on a narrow terminal.
    pub fn say(&mut self, prose: &str) {
        let lines = wrap(prose, self.terminal.width).join("\n");
        self.terminal.line(Look::Plain, &format!("{lines}\n"));
    }

    /// Writes a drawing, indented.
    pub fn draw(&mut self, drawing: &str) {
        self.terminal
            .line(Look::Plain, &format!("{}\n", indent(drawing, INDENT)));
    }

    /// Returns a measured figure for [`Page::say`]: its value, or `{its name}` with
    /// `--figures`, since a measured value differs from run to run. Of several values under one
    /// name, the first is the figure of the book.
    pub fn figure(&mut self, name: &'static str, value: impl Display) -> String {
        if self.figures.iter().all(|(known, _)| *known != name) {
            self.figures.push((name, value.to_string()));
        }
        match self.names_for_figures {
            true => format!("{{{name}}}"),
            false => value.to_string(),
        }
    }

    /// Shows the source of the [`show!`](crate::show) call in this line of a file.
    pub fn source(&mut self, file: &str, line: u32) {
        // The compiler's path of the file begins at the workspace.
        let is_file = |it: &&Source| Path::new(file).ends_with(it.path);
        let source = self.sources.iter().find(is_file);
        let statement = source.and_then(|it| source::statement(it.text, line));
        if let Some(statement) = statement {
            let statement = indent(&statement, INDENT);
            self.terminal.line(Look::Source, &statement);
        }
    }

    /// Leaves a line empty.
    pub fn gap(&mut self) {
        self.terminal.line(Look::Plain, "");
    }

    /// Shows a result as [`Debug`] writes it.
    pub fn result(&mut self, result: &dyn Debug) {
        let mut shown = format!("{result:?}");
        if shown.chars().count() + INDENT.len() + 2 > WIDTH {
            shown = format!("{result:#?}");
        }
        let shown = indent(&shown, "      ");
        let shown = shown.replacen("      ", "    → ", 1);
        self.terminal.line(Look::Plain, &format!("{shown}\n"));
    }

    /// Asks the learner to choose one of at most 26 answers, before the walk shows which is
    /// right.
    pub fn choose(&mut self, question: &str, choices: &'static [&'static str]) -> Guess {
        self.question(question);
        for (letter, choice) in ('a'..).zip(choices) {
            self.terminal
                .line(Look::Plain, &format!("{INDENT}{letter}) {choice}"));
        }
        self.terminal.line(Look::Plain, "");
        let last = ('a'..='z').nth(choices.len().saturating_sub(1));
        let expected = format!("A letter, a to {}", last.unwrap_or('z'));
        let given = self.answer(&expected, |answer| {
            let mut characters = answer.chars();
            let letter = characters.next()?.to_ascii_lowercase();
            let place = ('a'..='z').zip(choices).position(|(it, _)| it == letter)?;
            let is_one_letter = matches!(characters.next(), None | Some(')'));
            is_one_letter.then_some(place as u64)
        });
        Guess { given, choices }
    }

    /// Asks the learner for a number, before the walk shows the right one.
    pub fn number(&mut self, question: &str) -> Guess {
        self.question(question);
        let given = self.answer("A number", |answer| {
            answer.replace([',', '_', ' '], "").parse().ok()
        });
        Guess {
            given,
            choices: &[],
        }
    }

    /// Compares a guess with what happened: the place of the right choice, counted from 0, or
    /// the right number.
    pub fn reveal(&mut self, guess: &Guess, actual: impl TryInto<u64>) {
        let Guess { given, choices } = *guess;
        let Ok(actual) = actual.try_into() else {
            return;
        };
        let choice = usize::try_from(actual)
            .ok()
            .and_then(|place| choices.get(place).map(|choice| (place, *choice)));
        let named = match choice.and_then(|(place, choice)| Some((('a'..='z').nth(place)?, choice)))
        {
            Some((letter, choice)) => format!("{letter}) {choice}"),
            None => thousands(actual),
        };
        let verdict = match given {
            None => format!("Answer: {named}."),
            Some(given) if given == actual => format!("You foresaw it: {named}."),
            Some(_) => format!("Not what you predicted. It is {named}."),
        };
        self.say(&verdict);
        if let Some(given) = given {
            self.predictions.push(Prediction {
                step: self.step,
                right: given == actual,
            });
        }
    }

    fn question(&mut self, question: &str) {
        let lines = wrap(&format!("? {question}"), self.terminal.width);
        self.terminal
            .line(Look::Heading, &format!("{}\n", lines.join("\n")));
    }

    /// Asks until the answer can be read. Enter alone skips the question.
    fn answer(&mut self, expected: &str, read: impl Fn(&str) -> Option<u64>) -> Option<u64> {
        if !self.interactive {
            return None;
        }
        let mut prompt = format!("  {expected}, or Enter to skip:");
        loop {
            let answer = self.terminal.ask(&prompt)?;
            self.terminal.line(Look::Plain, "");
            if answer.is_empty() {
                return None;
            }
            if let Some(number) = read(&answer) {
                return Some(number);
            }
            prompt = format!("  `{answer}` is none. {expected}, or q to quit:");
        }
    }
}

fn indent(text: &str, indent: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => String::new(),
        _ => format!("{indent}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
