//! `cargo x check`: judges one exercise, and shows what differs.

use std::fs;

use anyhow::{Result, bail, ensure};
use exercises::probe::{Limits, Run};
use exercises::{
    Builder, Case, Course, Exercise, Judge, Kind, Outcome, Step, Verdict, mistake, subjects,
};

use crate::next;
use crate::notes::Notes;
use crate::screen::{Look, Screen, indented, words};

/// A case with its verdict, and what the learner's code did.
type Judged<'a> = (&'a Case, Verdict, Run);

/// The lines shown of what the learner's code has printed.
const MAX_PRINTED_LINES: usize = 20;

/// Judges the exercise. Fails unless every case passes.
pub(crate) fn run(
    exercise: &Exercise,
    course: &Course,
    notes: &Notes,
    screen: &mut Screen,
) -> Result<()> {
    let (id, file) = (&exercise.id, exercise.learners_file());
    let exists = exercise.root().join(&file).exists();
    ensure!(
        exists,
        "{} is missing; `cargo x reset {id}` writes it anew",
        file.display()
    );
    let judge = Judge::new(exercise)?;
    let builder = Builder::new(exercise.root()).with_colors(screen.has_colors());
    let subject = match subjects(&builder, &[exercise])?.remove(id) {
        Some(Ok(subject)) => subject,
        Some(Err(problem)) => bail!("{}", problem.trim_end()),
        None => bail!("exercise {id} was not prepared"),
    };
    // If it cannot be recorded, the next command begins with the first unsolved exercise.
    let _ = notes.set_last(id);
    let limits = Limits::from_now();
    let mut judged = Vec::new();
    for case in judge.cases() {
        let run = subject.run(case, limits)?;
        judged.push((case, judge.judge(case, &run), run));
    }
    screen.heading(Look::Bold, &format!("{id} · {}", exercise.title));
    for (case, verdict, run) in &judged {
        let mark = match verdict.outcome {
            Outcome::Passed => screen.styled(Look::Good, "✓"),
            _ => screen.styled(Look::Bad, "✗"),
        };
        screen.line(format!("  {mark} {}", words(&case.name)));
        if exercise.kind == Kind::Break {
            // Which games are caught, and how, says where to look for the others.
            let about = [case.about.clone()];
            let lines = if verdict.is_passed() {
                &run.printed[..]
            } else {
                &about
            };
            for line in lines {
                screen.line(format!("    {line}"));
            }
        }
    }
    let passed = judged
        .iter()
        .filter(|(_, verdict, _)| verdict.is_passed())
        .count();
    screen.line(format!("\n  {passed} of {} cases pass\n", judged.len()));
    match judged.iter().find(|(_, verdict, _)| !verdict.is_passed()) {
        Some(first) => {
            screen.failed = true;
            show_failure(first, screen);
            show_mistake(exercise, &judged, screen)?;
            screen.line(format!("Edit {}, then:", file.display()));
            screen.line(format!("  cargo x check {id}\n  cargo x hint {id}"));
            Ok(())
        }
        None => show_success(exercise, course, notes, screen),
    }
}

/// Shows the first case that fails.
fn show_failure((case, verdict, run): &Judged<'_>, screen: &mut Screen) {
    screen.line(screen.styled(Look::Bold, &words(&case.name)));
    screen.paragraphs(&case.about);
    for step in before_failure(case, run) {
        screen.line(format!("  > {}", step.command));
    }
    screen.line(indented(&verdict.outcome.text(screen.width() - 2)) + "\n");
    if !run.printed.is_empty() {
        screen.line("Your code printed:");
        for line in run.printed.iter().take(MAX_PRINTED_LINES) {
            screen.line(format!("  {line}"));
        }
        screen.line("");
    }
}

/// Returns the commands of a case before the first that was answered wrongly.
fn before_failure<'a>(case: &'a Case, run: &Run) -> &'a [Step] {
    let right = case.steps.iter().zip(&run.steps);
    let right = right.take_while(|(expected, actual)| expected.answer == actual.answer);
    let count = right.count().min(case.steps.len().saturating_sub(1));
    &case.steps[..count]
}

/// Names the mistake, if the learner's code behaves like one that is known. In a file that is
/// still the stub there is none to name.
fn show_mistake(exercise: &Exercise, judged: &[Judged<'_>], screen: &mut Screen) -> Result<()> {
    let file = fs::read_to_string(exercise.root().join(exercise.learners_file())).ok();
    if file == fs::read_to_string(exercise.stub()).ok() {
        return Ok(());
    }
    let runs = judged.iter();
    let runs: Vec<_> = runs
        .map(|(case, _, run)| (case.name.as_str(), run))
        .collect();
    let mistakes = mistake::mistakes(exercise)?;
    if let Some(mistake) = mistake::recognize(&mistakes, &runs) {
        let heading = format!("This looks like a known mistake: {}", words(&mistake.name));
        screen.line(screen.styled(Look::Bold, &heading));
        screen.paragraphs(&mistake.about);
    }
    Ok(())
}

/// Shows why the solution is as it is, and what comes next.
fn show_success(
    exercise: &Exercise,
    course: &Course,
    notes: &Notes,
    screen: &mut Screen,
) -> Result<()> {
    screen.heading(
        Look::Good,
        &format!("Solved: {0} of {0} points", exercise.points()),
    );
    screen.paragraphs(&exercise.text("explanation.md")?);
    if let Err(error) = notes.solve(&exercise.id) {
        screen.line(format!(
            "`cargo x next` will show this exercise again: {error:#}\n"
        ));
    }
    screen.line(match next::unsolved(course, notes) {
        Some(next) => format!("Next: {} · {}\n  cargo x next", next.id, next.title),
        None => "All exercises are solved.\n  cargo x progress".to_owned(),
    });
    Ok(())
}
