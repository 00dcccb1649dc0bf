//! `cargo x reveal`: shows the solution; before the exercise is solved, after a question.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use exercises::Exercise;

use crate::notes::Notes;
use crate::screen::{Look, Screen};

/// Shows the functions of the solution, and changes no file of the learner's. Before the exercise
/// is solved, it asks first and records that the solution was seen.
pub(crate) fn run(exercise: &Exercise, notes: &Notes, screen: &mut Screen) -> Result<()> {
    let id = &exercise.id;
    let is_solved = notes.is_solved(id);
    if !is_solved && !is_wanted(id)? {
        screen.line("Nothing was shown.");
        return Ok(());
    }
    let path = exercise.solution();
    let solution = fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
    let shown = path.strip_prefix(exercise.root()).unwrap_or(&path);
    screen.heading(
        Look::Bold,
        &format!("{id} · {}: {}", exercise.title, shown.display()),
    );
    let stub = fs::read_to_string(exercise.stub()).unwrap_or_default();
    match functions(&stub, &solution) {
        functions if functions.is_empty() => screen.line(solution.trim_end()),
        functions => screen.line(functions.join("\n\n")),
    }
    if !is_solved && let Err(error) = notes.add("revealed", id) {
        screen.line(format!("\nThis could not be recorded: {error:#}"));
    }
    Ok(())
}

/// Returns the functions of the solution whose bodies the stub leaves to the learner. The two
/// texts are equal up to the bodies that are missing, so a body ends at the line that follows it
/// in the stub.
fn functions(stub: &str, solution: &str) -> Vec<String> {
    let stub: Vec<&str> = stub.lines().collect();
    let mut solution = solution.lines();
    let mut functions = Vec::new();
    // The lines of the solution since the last empty one: docs and signature.
    let mut block: Vec<&str> = Vec::new();
    for (number, line) in stub.iter().enumerate() {
        let is_hole = line.trim_start().starts_with("your_code!(");
        if is_hole || line.trim_start().starts_with("later!(") {
            let end = stub.get(number + 1).copied().unwrap_or_default();
            let body: Vec<&str> = solution.clone().take_while(|line| *line != end).collect();
            solution.by_ref().take(body.len()).for_each(drop);
            if is_hole {
                functions.push([block.as_slice(), &body, &[end]].concat().join("\n"));
            }
        } else if let Some(line) = solution.next() {
            match line {
                "" => block.clear(),
                line => block.push(line),
            }
        }
    }
    functions
}

fn is_wanted(id: &str) -> Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("`reveal` asks before it shows the solution of {id}: call it on a terminal");
    }
    print!("Show the solution of {id}? It will be recorded. [y/N] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_functions_of_the_exercise_are_shown() {
        let solution = "use a;\n\n/// One.\nfn one() {\n    if b {\n        1\n    }\n}\n\nfn two() {\n    2\n}\n\nfn three() {\n    3\n}\n";
        let stub = "use a;\n\n/// One.\nfn one() {\n    your_code!(a)\n}\n\nfn two() {\n    later!()\n}\n\nfn three() {\n    your_code!()\n}\n";
        let one = "/// One.\nfn one() {\n    if b {\n        1\n    }\n}";
        assert_eq!(functions(stub, solution), [one, "fn three() {\n    3\n}"]);
    }

    #[test]
    fn a_stub_without_holes_has_no_functions_to_show() {
        assert!(functions("fn one() {\n    2\n}\n", "fn one() {\n    1\n}\n").is_empty());
    }
}
