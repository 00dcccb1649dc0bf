//! Runs the steps in order.

use std::error::Error;
use std::io::{self, IsTerminal};

use crate::options::{self, Options, Request};
use crate::page::{Page, Prediction};
use crate::terminal::{Look, Terminal};
use crate::text::wrap;
use crate::{Chapter, Step};

/// Does what the command line asks.
pub(crate) fn run(chapter: &Chapter) -> Result<(), Box<dyn Error>> {
    let steps = chapter.steps.len();
    let request = options::parse(lexopt::Parser::from_env(), steps, chapter.serve.is_some())?;
    if let (Request::Serve, Some(serve)) = (&request, chapter.serve) {
        return serve();
    }
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut terminal = Terminal::new(&mut input, &mut output);
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    terminal.colors = io::stdout().is_terminal() && !no_color;
    match request {
        Request::Help => {
            let help = options::help(chapter.package, steps, chapter.serve.is_some());
            terminal.line(Look::Plain, &help);
        }
        Request::List => list(chapter, &mut terminal),
        Request::Measure => measure(chapter, &mut terminal)?,
        Request::Serve => {}
        Request::Walk(options) => {
            terminal.fit();
            return walk(chapter, &options, terminal).map(drop);
        }
    }
    terminal.check().map_err(Into::into)
}

fn list(chapter: &Chapter, terminal: &mut Terminal<'_>) {
    terminal.line(Look::Heading, chapter.title);
    for (number, step) in (1..).zip(chapter.steps) {
        terminal.line(Look::Plain, &format!("{number:>4}  {}", step.title));
    }
}

/// Runs the steps from `options.from` on, and then says how many predictions were right.
/// Returns the measured figures.
fn walk(
    chapter: &Chapter,
    options: &Options,
    terminal: Terminal<'_>,
) -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let mut page = Page {
        terminal,
        sources: chapter.sources,
        interactive: options.interactive,
        names_for_figures: options.names_for_figures,
        step: 0,
        predictions: Vec::new(),
        figures: Vec::new(),
    };
    let title = wrap(chapter.title, page.terminal.width).join("\n");
    page.terminal.line(Look::Heading, &title);
    page.say(chapter.question);
    let count = chapter.steps.len();
    for (number, step) in (1..).zip(chapter.steps).skip(options.from - 1) {
        heading(&mut page.terminal, number, count, step);
        page.step = number;
        let result = (step.run)(&mut page);
        result.map_err(|error| format!("step {number} failed: {error}"))?;
        let mut here = number;
        if options.interactive && number < count && !page.terminal.is_over() {
            here = number + 1;
            wait(&mut page.terminal, number + 1);
        }
        if page.terminal.is_over() {
            let again = from(chapter.package, here);
            page.terminal
                .farewell(&format!("\nTo go on here later:\n{again}"));
            break;
        }
    }
    tally(chapter, &page.predictions, &mut page.terminal);
    page.terminal.check()?;
    Ok(page.figures)
}

/// Runs all steps without showing them, and prints what they measured as TOML.
fn measure(chapter: &Chapter, terminal: &mut Terminal<'_>) -> Result<(), Box<dyn Error>> {
    let (mut input, mut output) = (io::empty(), io::sink());
    let options = Options {
        from: 1,
        interactive: false,
        names_for_figures: false,
    };
    let figures = walk(chapter, &options, Terminal::new(&mut input, &mut output))?;
    for (name, value) in figures {
        terminal.line(Look::Plain, &format!("{name} = \"{value}\""));
    }
    Ok(())
}

fn heading(terminal: &mut Terminal<'_>, number: usize, count: usize, step: &Step) {
    let title = format!("── {number}/{count} · {} ", step.title);
    let width = terminal.width;
    terminal.line(Look::Heading, &format!("{title:─<width$}\n"));
}

/// Returns the command that begins at a step.
fn from(package: &str, step: usize) -> String {
    format!("  cargo run -p {package} -- --from {step}")
}

/// Waits for Enter before the step `next`.
fn wait(terminal: &mut Terminal<'_>, next: usize) {
    let mut prompt = format!("Enter for step {next}, q to quit:");
    while let Some(answer) = terminal.ask(&prompt) {
        if answer.is_empty() {
            terminal.line(Look::Plain, "");
            return;
        }
        prompt = format!("`{answer}` is neither Enter nor q:");
    }
}

/// Says how many predictions were right, and where to read about the others.
fn tally(chapter: &Chapter, predictions: &[Prediction], terminal: &mut Terminal<'_>) {
    if predictions.is_empty() {
        return;
    }
    let right = predictions.iter().filter(|it| it.right).count();
    let all = predictions.len();
    terminal.line(Look::Heading, &format!("You foresaw {right} of {all}."));
    let mut wrong = predictions.iter().filter(|it| !it.right).peekable();
    if wrong.peek().is_some() {
        terminal.line(
            Look::Plain,
            "Worth reading again, on the page of this chapter:",
        );
    }
    for prediction in wrong {
        let number = prediction.step;
        if let Some(step) = chapter.steps.get(number - 1) {
            let Step { title, read, .. } = step;
            terminal.line(
                Look::Plain,
                &format!("  step {number}, {title}: section \"{read}\""),
            );
        }
    }
}
