//! `course.toml`: the list of exercises.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use crate::exercise::{Exercise, Kind};
use crate::transcript::TranscriptError;

/// All exercises, in order.
#[derive(Debug)]
pub struct Course {
    /// The exercises, by id.
    pub exercises: Vec<Exercise>,
}

/// Why the course, or a file of it, cannot be read. The message names the file.
#[derive(Debug, Error)]
pub enum CourseError {
    /// A file cannot be read.
    #[error("{}: {error}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// `course.toml` is not as expected.
    #[error("{}: {error}", .path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the line.
        error: Box<toml::de::Error>,
    },
    /// `course.toml` describes an exercise that cannot be.
    #[error("{}: {problem}", .path.display())]
    Exercise {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A file with cases or answers is not as expected.
    #[error("{}: {error}", .path.display())]
    Transcript {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the line.
        error: TranscriptError,
    },
    /// No exercise has this id.
    #[error("there is no exercise `{asked}`: an id is a chapter and a number, of {}", .ids.join(", "))]
    NoExercise {
        /// What was asked for.
        asked: String,
        /// The ids of all exercises.
        ids: Vec<String>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    exercise: Vec<Exercise>,
}

impl Course {
    /// Reads `exercises/course.toml` of the workspace in this folder.
    ///
    /// # Errors
    /// [`CourseError::Read`], [`CourseError::Manifest`].
    pub fn read(root: &Path) -> Result<Course, CourseError> {
        let path = root.join("exercises/course.toml");
        let text = read(&path)?;
        let manifest: Manifest = toml::from_str(&text).map_err(|error| CourseError::Manifest {
            path: path.clone(),
            error: Box::new(error),
        })?;
        let mut exercises = manifest.exercise;
        for exercise in &mut exercises {
            exercise.root = root.to_owned();
        }
        let course = Course { exercises };
        match course.problem() {
            None => Ok(course),
            Some(problem) => Err(CourseError::Exercise { path, problem }),
        }
    }

    /// Returns what is wrong in the manifest, though it has the right form.
    fn problem(&self) -> Option<String> {
        for (number, exercise) in self.exercises.iter().enumerate() {
            let Exercise { id, hard, .. } = exercise;
            if self.exercises[..number].iter().any(|other| other.id == *id) {
                return Some(format!("two exercises have the id {id}"));
            }
            if !(1..=5).contains(hard) {
                return Some(format!("exercise {id}: `hard` is 1 to 5, not {hard}"));
            }
            // A solution that the product does not have may be withheld.
            let file = match exercise.kind {
                Kind::Write | Kind::Repair => exercise.solution(),
                Kind::Predict | Kind::Break | Kind::Change => exercise.path(),
            };
            for (name, path) in [("folder", exercise.path()), ("file", file)] {
                if !path.exists() {
                    let path = path.display();
                    return Some(format!(
                        "exercise {id}: its `{name}` does not exist: {path}"
                    ));
                }
            }
        }
        None
    }

    /// Returns the exercise with this id: `02-01`, or `2-1`, its package's name `ex02-01`, or
    /// its folder's name.
    ///
    /// # Errors
    /// [`CourseError::NoExercise`].
    pub fn exercise(&self, asked: &str) -> Result<&Exercise, CourseError> {
        let numbers = asked
            .trim_start_matches(['c', 'h', 'e', 'x'])
            .split('-')
            .take(2);
        let padded: Vec<String> = numbers.map(|number| format!("{number:0>2}")).collect();
        let id = padded.join("-");
        let mut exercises = self.exercises.iter();
        let found = exercises.find(|exercise| exercise.id == id);
        found.ok_or_else(|| CourseError::NoExercise {
            asked: asked.to_owned(),
            ids: self.exercises.iter().map(|it| it.id.clone()).collect(),
        })
    }
}

/// Reads a file of the course.
pub(crate) fn read(path: &Path) -> Result<String, CourseError> {
    fs::read_to_string(path).map_err(|error| CourseError::Read {
        path: path.to_owned(),
        error,
    })
}
