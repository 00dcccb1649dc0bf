//! What is judged: the program of a learner's code, a learner's answers, or a script.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::answers::Answers;
use crate::builder::{BuildError, Builder, Built};
use crate::exercise::{Exercise, Kind};
use crate::probe::{self, Limits, Run};
use crate::script::{Play, Script};
use crate::transcript::Case;

/// Something that can be run on a case.
#[derive(Clone, Debug)]
pub enum Subject {
    /// The probe of an exercise.
    Program(PathBuf),
    /// The answers to its questions.
    Answers(Answers),
    /// The script that catches its broken games, with the games.
    Script(Play),
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
            Subject::Script(play) => play.run(case, limits),
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
    for exercise in programs.iter().filter(|it| it.kind.is_code()) {
        // A file that cannot be read is the compiler's to report.
        let _ = builder.renew(&exercise.root().join(exercise.learners_file()));
    }
    let packages: Vec<String> = programs.iter().map(|exercise| exercise.package()).collect();
    let mut built = match packages.is_empty() {
        true => BTreeMap::new(),
        false => builder.build(&packages)?,
    };
    for exercise in programs {
        let subject = match exercise.kind {
            Kind::Break => {
                games(exercise, &mut built).and_then(|games| read_script(exercise, games))
            }
            _ => program(&exercise.package(), &mut built).map(Subject::Program),
        };
        subjects.insert(exercise.id.clone(), subject);
    }
    Ok(subjects)
}

/// The programs of the right game and of the broken ones, by name.
pub type Games = (PathBuf, BTreeMap<String, PathBuf>);

/// Takes the games of an exercise from what was built.
///
/// # Errors
/// If one was not built.
pub fn games(exercise: &Exercise, built: &mut Built) -> Result<Games, String> {
    let right = program(&exercise.package(), built)?;
    let prefix = format!("{}-", exercise.package());
    let is_broken = |(name, _): &(&String, &_)| name.starts_with(&prefix);
    let names: Vec<String> = built
        .iter()
        .filter(is_broken)
        .map(|(name, _)| name.clone())
        .collect();
    let broken = names.into_iter().map(|name| {
        let path = program(&name, built)?;
        Ok((name[prefix.len()..].to_owned(), path))
    });
    Ok((right, broken.collect::<Result<_, String>>()?))
}

fn program(name: &str, built: &mut Built) -> Result<PathBuf, String> {
    let program = built.remove(name);
    program.unwrap_or_else(|| Err(format!("cargo did not build {name}")))
}

fn read_script(exercise: &Exercise, (right, broken): Games) -> Result<Subject, String> {
    let file = exercise.learners_file();
    let named = |error: &dyn Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(exercise.root().join(&file)).map_err(|error| named(&error))?;
    let script = Script::parse(&text).map_err(|error| named(&error))?;
    let play = Play::new(script, right, broken).map_err(|error| named(&error))?;
    Ok(Subject::Script(play))
}

fn read_answers(exercise: &Exercise) -> Result<Answers, String> {
    let questions = exercise.cases().map_err(|error| error.to_string())?;
    let file = exercise.learners_file();
    let named = |error: &dyn Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(exercise.root().join(&file)).map_err(|error| named(&error))?;
    Answers::parse(&text, &questions, &exercise.words).map_err(|error| named(&error))
}
