//! `cargo x check`: judges one exercise, and shows what differs.

use std::fs;
use std::process::ExitCode;

use anyhow::Result;
use exercises::probe::{Limits, Run};
use exercises::{Builder, Case, Course, Exercise, Judge, Points, Verdict, mistake};

use crate::next;
use crate::notes::Notes;
use crate::screen::{self, Look, indented, styled, words, wrapped};

/// Judges the exercise. Fails unless every case passes.
pub(crate) fn run(exercise: &Exercise, course: &Course, notes: &Notes) -> Result<ExitCode> {
    let builder = Builder::new(exercise.root()).with_colors(screen::has_colors());
    let package = exercise.package();
    let program = match builder
        .build(std::slice::from_ref(&package))?
        .remove(&package)
    {
        Some(Ok(program)) => program,
        Some(Err(messages)) => {
            eprint!("{messages}");
            return Ok(ExitCode::FAILURE);
        }
        None => anyhow::bail!("cargo did not build {package}"),
    };
    let judge = Judge::new(exercise)?;
    let limits = Limits::from_now();
    let mut results = Vec::new();
    for case in judge.cases() {
        let (verdict, run) = judge.run(case, &program, limits)?;
        results.push((case, verdict, run));
    }
    println!(
        "{}\n",
        styled(Look::Bold, &format!("{} · {}", exercise.id, exercise.title))
    );
    for (case, verdict, _) in &results {
        let (mark, look) = match verdict.is_passed() {
            true => ("✓", Look::Good),
            false => ("✗", Look::Bad),
        };
        println!("  {} {}", styled(look, mark), words(&case.name));
    }
    let earned: Points = results.iter().map(|(_, verdict, _)| verdict.earned()).sum();
    println!("\n  points: {earned} of {}\n", exercise.points());
    match results.iter().find(|(_, verdict, _)| !verdict.is_passed()) {
        Some(first) => {
            show_failure(first);
            show_mistake(exercise, &results)?;
            println!("Edit {}, then:", exercise.learners_file().display());
            println!("  cargo x check {}", exercise.id);
            println!("  cargo x hint {}", exercise.id);
            Ok(ExitCode::FAILURE)
        }
        None => {
            solved(exercise, course, notes)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A case with its verdict, and what the probe did.
type Judged<'a> = (&'a Case, Verdict, Run);

/// The lines shown of what the learner's code has printed to its standard error.
const MAX_PRINTED_LINES: usize = 20;

/// Shows the first case that fails.
fn show_failure((case, verdict, run): &Judged<'_>) {
    println!("{}", styled(Look::Bold, &words(&case.name)));
    println!("{}\n", wrapped(&case.about));
    println!("{}\n", indented(&verdict.outcome.text()));
    let is_panic = |line: &&str| line.contains(" panicked at ");
    let printed = run.stderr.lines().take_while(|line| !is_panic(line));
    let printed: Vec<_> = printed.filter(|line| !line.is_empty()).collect();
    if !printed.is_empty() {
        println!("Your code printed:");
        for line in printed.iter().take(MAX_PRINTED_LINES) {
            println!("  {line}");
        }
        println!();
    }
}

/// Names the mistake, if the learner's code behaves like one that is known. In a file that is
/// still the stub there is none to name.
fn show_mistake(exercise: &Exercise, results: &[Judged<'_>]) -> Result<()> {
    let file = fs::read_to_string(exercise.root().join(exercise.learners_file())).ok();
    if file == fs::read_to_string(exercise.stub()).ok() {
        return Ok(());
    }
    let failed: Vec<_> = results
        .iter()
        .filter(|(_, verdict, _)| !verdict.is_passed())
        .map(|(case, _, run)| (case.name.as_str(), run))
        .collect();
    let mistakes = mistake::mistakes(exercise)?;
    if let Some(mistake) = mistake::recognize(&mistakes, &failed) {
        let name = words(&mistake.name.replace('-', " "));
        println!(
            "{}",
            styled(
                Look::Bold,
                &format!("This looks like a known mistake: {name}")
            )
        );
        println!("{}\n", wrapped(&mistake.about));
    }
    Ok(())
}

/// Shows why the solution is as it is, and what comes next.
fn solved(exercise: &Exercise, course: &Course, notes: &Notes) -> Result<()> {
    println!("{}\n", styled(Look::Good, "Solved."));
    println!("{}\n", wrapped(exercise.text("explanation.md")?.trim()));
    if let Err(error) = notes.solve(&exercise.id) {
        eprintln!("`cargo x next` will show this exercise again: {error:#}");
    }
    match next::unsolved(course, notes) {
        Some(next) => println!("Next: {} · {}\n  cargo x next", next.id, next.title),
        None => println!("All exercises are solved. Grade them:\n  cargo test -p exercises"),
    }
    Ok(())
}
