//! What is judged: the program of a learner's code, or a learner's answers.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::answers::Answers;
use crate::builder::{BuildError, Builder};
use crate::exercise::{Exercise, Kind};
use crate::probe::{self, Limits, Run};
use crate::transcript::Case;

/// Something that can be run on a case.
#[derive(Clone, Debug)]
pub enum Subject {
    /// The probe of an exercise.
    Program(PathBuf),
    /// The answers to its questions.
    Answers(Answers),
}

/// The subject of each exercise, by id, or why there is none: the compiler's messages, or what
/// is wrong in a file.
pub type Subjects = BTreeMap<String, Result<Subject, String>>;

impl Subject {
    /// Runs it on the commands of a case.
    ///
    /// # Errors
    /// If the program cannot be started.
    pub fn run(&self, case: &Case, limits: Limits) -> io::Result<Run> {
        match self {
            Subject::Program(program) => probe::run(program, &case.steps, limits),
            Subject::Answers(answers) => Ok(answers.run(case)),
        }
    }
}

/// Builds the programs of these exercises, and reads the answers.
///
/// # Errors
/// If cargo itself fails.
pub fn subjects(builder: &Builder, exercises: &[&Exercise]) -> Result<Subjects, BuildError> {
    let (answered, programs): (Vec<&Exercise>, Vec<&Exercise>) =
        exercises.iter().partition(|it| it.kind == Kind::Predict);
    let answered = answered.into_iter().map(|exercise| {
        let answers = read_answers(exercise);
        (exercise.id.clone(), answers.map(Subject::Answers))
    });
    let mut subjects: Subjects = answered.collect();
    for exercise in &programs {
        // A file that cannot be read is the compiler's to report.
        let _ = builder.renew(&exercise.root().join(exercise.learners_file()));
    }
    let packages: Vec<String> = programs.iter().map(|exercise| exercise.package()).collect();
    let mut built = match packages.is_empty() {
        true => BTreeMap::new(),
        false => builder.build(&packages)?,
    };
    for exercise in programs {
        let program = built.remove(&exercise.package());
        let program = program.unwrap_or_else(|| Err("cargo did not build it".to_owned()));
        subjects.insert(exercise.id.clone(), program.map(Subject::Program));
    }
    Ok(subjects)
}

fn read_answers(exercise: &Exercise) -> Result<Answers, String> {
    let questions = exercise.cases().map_err(|error| error.to_string())?;
    let file = exercise.learners_file();
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(exercise.root().join(&file)).map_err(|error| named(&error))?;
    Answers::parse(&text, &questions).map_err(|error| named(&error))
}
