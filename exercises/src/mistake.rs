//! Recognizes a mistake by its behavior.

use crate::course::{CourseError, read};
use crate::exercise::Exercise;
use crate::probe::{End, Run};
use crate::transcript::Transcript;

/// A wrong version of an exercise, with its recorded transcript.
#[derive(Debug)]
pub struct Mistake {
    /// Its name, such as `counts-from-0`.
    pub name: String,
    /// What it does, in a sentence.
    pub about: String,
    answers: Transcript,
}

/// Reads the wrong versions of an exercise.
///
/// # Errors
/// If a file cannot be read.
pub fn mistakes(exercise: &Exercise) -> Result<Vec<Mistake>, CourseError> {
    let names = exercise.wrong_versions()?.into_iter();
    let read = |name: String| {
        let text = read(&exercise.wrong(&name))?;
        let about = text.lines().map_while(|line| {
            let comment = line.strip_prefix("//!");
            comment.or_else(|| line.strip_prefix("# "))
        });
        Ok(Mistake {
            about: about.map(str::trim).collect::<Vec<_>>().join(" "),
            answers: exercise.answers(&name)?,
            name,
        })
    };
    names.map(read).collect()
}

/// Returns the one mistake that behaves like the learner's code in every case: it fails what the
/// code fails, in the same way, and passes what the code passes. If two do, or none, the mistake
/// has no name. A question without an answer says nothing.
pub fn recognize<'a>(mistakes: &'a [Mistake], runs: &[(&str, &Run)]) -> Option<&'a Mistake> {
    let is_answered = |run: &Run| run.steps.iter().any(|step| !step.answer.is_empty());
    let answered = runs.iter();
    let mut answered = answered.filter(|(_, run)| run.end != End::Finished || is_answered(run));
    let behaves_so = |mistake: &&Mistake| {
        answered.clone().all(|(case, run)| {
            let recorded = mistake.answers.case(case);
            recorded.is_some_and(|case| case.steps == run.behavior())
        })
    };
    let mut same = mistakes.iter().filter(behaves_so);
    match (same.next(), same.next()) {
        (Some(mistake), None) if answered.next().is_some() => Some(mistake),
        _ => None,
    }
}
