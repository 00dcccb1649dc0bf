//! One test for each case of each exercise. Shared by `exercises` and the exercises' packages.

// Each program that shares this file uses a part of it.
#![allow(dead_code)]

use std::error::Error;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use exercises::probe::{Limits, Run};
use exercises::{Builder, Built, Case, Course, Exercise, Judge, Outcome, Points, Verdict, root};
use libtest_mimic::{Arguments, Conclusion, Trial};

/// A judged case, with what the probe did, unless there was none.
pub type Judged = (Verdict, Option<Run>);

/// The outcome of a run.
pub struct Graded {
    pub conclusion: Conclusion,
    pub exercises: Vec<Exercise>,
    pub judged: Vec<Judged>,
    /// The points that these exercises give.
    pub possible: Points,
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
        self.judged
            .iter()
            .map(|(verdict, _)| verdict.earned())
            .sum()
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
    let packages: Vec<String> = judges
        .iter()
        .filter(|(judge, exercise)| !arguments.list && selects(arguments, judge, exercise))
        .map(|(_, exercise)| exercise.package())
        .collect();
    let built = match packages.is_empty() {
        true => Built::new(),
        false => Builder::new(&root).build(&packages)?,
    };

    let judged = Arc::new(Mutex::new(Vec::new()));
    let exercises: Vec<_> = judges
        .iter()
        .map(|(_, exercise)| exercise.clone())
        .collect();
    let mut trials = Vec::new();
    for (judge, exercise) in judges {
        let program = built.get(&exercise.package()).cloned();
        let program = program.unwrap_or_else(|| Err("it was not built".to_owned()));
        let judge = Arc::new(judge);
        let limits = Arc::new(OnceLock::new());
        for case in judge.cases().to_vec() {
            let name = format!("{}::{}", exercise.folder, case.name);
            let (judge, judged) = (Arc::clone(&judge), Arc::clone(&judged));
            let (program, limits) = (program.clone(), Arc::clone(&limits));
            trials.push(Trial::test(name, move || {
                // All cases of an exercise share its time, from the first one on.
                let limits = *limits.get_or_init(Limits::from_now);
                let result = match program {
                    Ok(program) => match judge.run(&case, &program, limits) {
                        Ok((verdict, run)) => (verdict, Some(run)),
                        Err(error) => (not_judged(&judge, &case, error.to_string()), None),
                    },
                    Err(messages) => {
                        let outcome = Outcome::DoesNotBuild { messages };
                        (judge.verdict(&case, outcome), None)
                    }
                };
                let outcome = result.0.outcome.clone();
                judged
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(result);
                match outcome {
                    Outcome::Passed => Ok(()),
                    outcome => Err(outcome.text().into()),
                }
            }));
        }
    }
    let conclusion = libtest_mimic::run(arguments, trials);
    let judged = std::mem::take(&mut *judged.lock().unwrap_or_else(PoisonError::into_inner));
    let possible = exercises.iter().map(Exercise::points).sum();
    Ok(Graded {
        conclusion,
        exercises,
        judged,
        possible,
    })
}

fn not_judged(judge: &Judge, case: &Case, problem: String) -> Verdict {
    judge.verdict(case, Outcome::Infrastructure { problem })
}

/// Returns whether the filters of the command line select a case of this exercise.
fn selects(arguments: &Arguments, judge: &Judge, exercise: &Exercise) -> bool {
    let Some(filter) = &arguments.filter else {
        return true;
    };
    judge.cases().iter().any(|case| {
        let name = format!("{}::{}", exercise.folder, case.name);
        name.contains(filter.as_str())
    })
}
