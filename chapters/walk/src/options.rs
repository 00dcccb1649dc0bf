//! The command line of a walk.

use std::io::IsTerminal;

use lexopt::prelude::*;

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Help,
    List,
    /// Runs straight through and prints the measured figures alone.
    Measure,
    Serve,
    Walk(Options),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// The first step to run, from 1.
    pub(crate) from: usize,
    /// Whether to wait for Enter and ask for predictions.
    pub(crate) interactive: bool,
    /// Whether to print the names of measured figures in place of their values.
    pub(crate) names_for_figures: bool,
}

/// Two more are for the book: `--figures` prints the names of measured figures in place of their
/// values, `--measured` the figures alone, as TOML.
const OPTIONS: &str = "the options are --all, --from N, --list and --help";
const OPTIONS_AND_SERVE: &str = "the options are --all, --from N, --list, --serve and --help";

pub(crate) fn help(package: &str, steps: usize, serves: bool) -> String {
    let serve = match serves {
        true => "  --serve     serve the lesson's own program, until Ctrl-C\n",
        false => "",
    };
    format!(
        "Usage: cargo run -p {package} -- [OPTIONS]\n\
         \n\
         Options:\n  \
           --all       run straight through, without waiting for Enter\n  \
           --from N    begin at step N, 1 to {steps}\n  \
           --list      list the steps\n\
         {serve}  \
           --help      print this text"
    )
}

/// Parses the command line of a walk with this many steps, whose program may also serve.
pub(crate) fn parse(
    mut parser: lexopt::Parser,
    steps: usize,
    serves: bool,
) -> Result<Request, String> {
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let mut options = Options {
        from: 1,
        interactive: terminal,
        names_for_figures: false,
    };
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Long("all") => options.interactive = false,
            Long("figures") => options.names_for_figures = true,
            Long("from") => options.from = step(&mut parser, steps)?,
            Long("list") => return Ok(Request::List),
            Long("measured") => return Ok(Request::Measure),
            Long("serve") if serves => return Ok(Request::Serve),
            Long("help") | Short('h') => return Ok(Request::Help),
            other => {
                let other = other.unexpected();
                let options = if serves { OPTIONS_AND_SERVE } else { OPTIONS };
                return Err(format!("{other}; {options}"));
            }
        }
    }
    Ok(Request::Walk(options))
}

fn step(parser: &mut lexopt::Parser, steps: usize) -> Result<usize, String> {
    let expected = format!("`--from` takes the number of a step, 1 to {steps}");
    let value = parser.value().map_err(|_| expected.clone())?;
    let number = value.to_str().and_then(|value| value.parse().ok());
    match number.filter(|number| (1..=steps).contains(number)) {
        Some(number) => Ok(number),
        None => Err(format!("{expected}, not `{}`", value.to_string_lossy())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Request, String> {
        parse(lexopt::Parser::from_args(args), 13, false)
    }

    #[test]
    fn a_test_process_has_no_terminal_to_wait_for_unless_it_runs_on_one() {
        let Ok(Request::Walk(options)) = parsed(&["--all", "--from", "13"]) else {
            panic!("these options are fine");
        };
        assert!(!options.interactive);
        assert_eq!(options.from, 13);
    }

    #[track_caller]
    fn check_error(args: &[&str], expected: &str) {
        assert_eq!(parsed(args), Err(expected.to_owned()));
    }

    #[test]
    fn a_step_that_does_not_exist_is_refused_with_the_range() {
        let range = "`--from` takes the number of a step, 1 to 13";
        check_error(&["--from", "14"], &format!("{range}, not `14`"));
        check_error(&["--from", "0"], &format!("{range}, not `0`"));
        check_error(&["--from=two"], &format!("{range}, not `two`"));
        check_error(&["--from"], range);
    }

    #[test]
    fn only_a_chapter_that_serves_has_the_option() {
        let args = ["--serve"];
        let parser = lexopt::Parser::from_args(args);
        assert_eq!(parse(parser, 13, true), Ok(Request::Serve));
        check_error(&args, &format!("invalid option '--serve'; {OPTIONS}"));
    }

    #[test]
    fn an_unknown_option_is_refused_with_the_list() {
        check_error(&["--fast"], &format!("invalid option '--fast'; {OPTIONS}"));
        check_error(&["7"], &format!("unexpected argument \"7\"; {OPTIONS}"));
    }
}
