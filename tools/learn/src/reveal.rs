//! `cargo x reveal`: shows the solution; before the exercise is solved, after a question.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use exercises::Exercise;

use crate::notes::Notes;
use crate::screen::{Look, Screen};

/// Shows the file with the solution, and changes no file of the learner's. Before the exercise
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
    screen.line(solution.trim_end());
    if !is_solved && let Err(error) = notes.add("revealed", id) {
        screen.line(format!("\nThis could not be recorded: {error:#}"));
    }
    Ok(())
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
