//! One test for each case of each exercise. Shared by `exercises` and the exercises' packages.

// Each program that shares this file uses a part of it.
#![allow(dead_code)]

use std::error::Error;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use exercises::probe::{Limits, Run};
use exercises::{
    Builder, Case, Course, Exercise, Judge, Outcome, Points, Subject, Verdict, root, subjects,
};
use libtest_mimic::{Arguments, Conclusion, Trial};

/// A judged case, with what the probe did, unless there was none.
pub type Judged = (Verdict, Option<Run>);

/// The outcome of a run.
pub struct Graded {
    pub conclusion: Conclusion,
    pub exercises: Vec<Exercise>,
    pub judged: Vec<Judged>,
    /// Whether every case of these exercises was judged.
    pub is_complete: bool,
}

/// Runs the cases of one exercise: the `main` of its package's test.
pub fn one_exercise(id: &str) -> ExitCode {
    match grade(&Arguments::from_args(), |exercise| exercise.id == id) {
        Ok(graded) => graded.conclusion.exit_code(),
        Err(error) => failed(error.as_ref()),
    }
}

pub fn failed(error: &dyn Error) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}

impl Graded {
    pub fn earned(&self) -> Points {
        let verdicts = self.judged.iter().map(|(verdict, _)| verdict);
        verdicts.map(Verdict::earned).sum()
    }

    /// Returns the points of the cases that were judged.
    pub fn possible(&self) -> Points {
        let verdicts = self.judged.iter().map(|(verdict, _)| verdict);
        let judged = verdicts.filter(|it| !matches!(it.outcome, Outcome::Infrastructure { .. }));
        judged.map(|verdict| verdict.points).sum()
    }
}

/// Runs the cases of the exercises that are wanted, as the arguments of a test program ask.
pub fn grade(
    arguments: &Arguments,
    wanted: impl Fn(&Exercise) -> bool,
) -> Result<Graded, Box<dyn Error>> {
    let root = root();
    let course = Course::read(&root)?;
    let mut judges = Vec::new();
    for exercise in course.exercises.into_iter().filter(wanted) {
        judges.push((Judge::new(&exercise)?, exercise));
    }
    let selected: Vec<&Exercise> = judges
        .iter()
        .filter(|(judge, exercise)| !arguments.list && selects(arguments, judge, exercise))
        .map(|(_, exercise)| exercise)
        .collect();
    if !selected.is_empty() {
        eprintln!("Building {} exercises", selected.len());
    }
    let mut subjects = subjects(&Builder::new(&root), &selected)?;

    let judged = Arc::new(Mutex::new(Vec::new()));
    let exercises: Vec<_> = judges
        .iter()
        .map(|(_, exercise)| exercise.clone())
        .collect();
    let mut trials = Vec::new();
    let cases: usize = judges.iter().map(|(judge, _)| judge.cases().len()).sum();
    for (judge, exercise) in judges {
        let subject = subjects.remove(&exercise.id);
        let subject = subject.unwrap_or_else(|| Err("it was not built".to_owned()));
        let judge = Arc::new(judge);
        let limits = Arc::new(OnceLock::new());
        for case in judge.cases().to_vec() {
            let name = format!("{}::{}", exercise.folder, case.name);
            let (judge, judged) = (Arc::clone(&judge), Arc::clone(&judged));
            let (subject, limits) = (subject.clone(), Arc::clone(&limits));
            trials.push(Trial::test(name, move || {
                // All cases of an exercise share its time, from the first one on.
                let limits = *limits.get_or_init(Limits::from_now);
                let result = judge_case(&judge, &case, &subject, limits);
                let outcome = result.0.outcome.clone();
                judged
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(result);
                match outcome {
                    Outcome::Passed => Ok(()),
                    outcome => Err(outcome.text(usize::MAX).into()),
                }
            }));
        }
    }
    let conclusion = libtest_mimic::run(arguments, trials);
    let judged = std::mem::take(&mut *judged.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Graded {
        conclusion,
        exercises,
        is_complete: judged.len() == cases,
        judged,
    })
}

/// Runs the subject on a case and compares, or says why there is no subject.
fn judge_case(
    judge: &Judge,
    case: &Case,
    subject: &Result<Subject, String>,
    limits: Limits,
) -> Judged {
    let outcome = match subject {
        Ok(subject) => match subject.run(case, limits) {
            Ok(run) => return (judge.judge(case, &run), Some(run)),
            Err(error) => Outcome::Infrastructure {
                problem: error.to_string(),
            },
        },
        Err(messages) => Outcome::DoesNotBuild {
            messages: messages.clone(),
        },
    };
    (judge.verdict(case, outcome), None)
}

/// Returns whether the command line selects a case of this exercise.
fn selects(arguments: &Arguments, judge: &Judge, exercise: &Exercise) -> bool {
    let matches = |name: &str, filter: &str| match arguments.exact {
        true => name == filter,
        false => name.contains(filter),
    };
    let names = judge
        .cases()
        .iter()
        .map(|case| format!("{}::{}", exercise.folder, case.name));
    let mut selected = names.filter(|name| {
        let filter = arguments.filter.as_deref();
        let is_skipped = arguments.skip.iter().any(|skip| matches(name, skip));
        !is_skipped && filter.is_none_or(|filter| matches(name, filter))
    });
    !arguments.ignored && selected.next().is_some()
}
