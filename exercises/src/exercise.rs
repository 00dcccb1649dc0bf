//! An exercise: its entry in `course.toml`, and its files.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::course::{CourseError, read};
use crate::points::Points;
use crate::transcript::Transcript;

/// One exercise, as `course.toml` describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// Its chapter and number, such as `02-01`.
    pub id: String,
    /// Its folder in `exercises/`.
    pub folder: String,
    /// Its title.
    pub title: String,
    /// What the learner does in it.
    pub kind: Kind,
    /// How hard it is, from 1 to 5.
    pub hard: u32,
    /// The minutes that it takes.
    pub minutes: u32,
    /// The crate of the product whose modules its package takes, as a folder of the workspace.
    /// Empty if the learner writes answers.
    #[serde(rename = "crate", default)]
    pub product: String,
    /// The learner's file: a module of that crate, `answers.txt`, or `script.txt`.
    pub file: String,
    /// The functions that the learner writes: paths of items in that file.
    #[serde(default)]
    pub holes: Vec<String>,
    /// The functions in it that a later exercise is about: the learner's file does not show them.
    #[serde(default)]
    pub later: Vec<String>,
    /// The possible answers to its questions. Empty if they are numbers.
    #[serde(default)]
    pub words: Vec<String>,
    /// The wrong version that the learner repairs.
    #[serde(default)]
    pub repair: Option<String>,
    /// The folder of the workspace.
    #[serde(skip)]
    pub(crate) root: PathBuf,
}

/// What a learner does in an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Writes functions that are missing.
    Write,
    /// Repairs a wrong version.
    Repair,
    /// Answers questions.
    Predict,
    /// Writes a script that catches broken games.
    Break,
    /// Writes what the product does not have.
    Change,
}

impl Kind {
    /// Returns the factor that the points have over [`Exercise::hard`].
    fn weight(self) -> u32 {
        match self {
            Kind::Write | Kind::Repair => 1,
            Kind::Predict | Kind::Break | Kind::Change => 3,
        }
    }

    /// Returns whether the learner writes a module of the product. Otherwise it is a text.
    pub fn is_code(self) -> bool {
        match self {
            Kind::Write | Kind::Repair | Kind::Change => true,
            Kind::Predict | Kind::Break => false,
        }
    }
}

impl Exercise {
    /// Returns the name of its package, such as `ex02-01`.
    pub fn package(&self) -> String {
        format!("ex{}", self.id)
    }

    /// Returns the folder of the workspace.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns its folder.
    pub fn path(&self) -> PathBuf {
        self.root.join("exercises").join(&self.folder)
    }

    /// Returns the learner's file, relative to the workspace.
    pub fn learners_file(&self) -> PathBuf {
        let folder = Path::new("exercises").join(&self.folder);
        folder.join(self.file.rsplit('/').next().unwrap_or(&self.file))
    }

    /// Returns the file that a learner begins with, which `reset` writes again.
    pub fn stub(&self) -> PathBuf {
        let name = self.file.rsplit('/').next().unwrap_or(&self.file);
        self.path().join("stub").join(name)
    }

    /// Returns the file with the solution: the module of the product, or the exercise's own
    /// file if the product has none.
    pub fn solution(&self) -> PathBuf {
        let own = self.path().join("solution").join(&self.file);
        match own.exists() {
            true => own,
            false => self.root.join(&self.product).join("src").join(&self.file),
        }
    }

    /// Returns the name of the version that a learner begins with: a wrong one to repair, or
    /// `stub`.
    pub fn first_version(&self) -> &str {
        self.repair.as_deref().unwrap_or("stub")
    }

    /// Returns the file of a wrong version.
    pub fn wrong(&self, name: &str) -> PathBuf {
        let extension = if self.kind.is_code() { "rs" } else { "txt" };
        self.path()
            .join("wrong")
            .join(format!("{name}.{extension}"))
    }

    /// Returns the points for a complete solution.
    pub fn points(&self) -> Points {
        Points::whole(self.hard * self.kind.weight())
    }

    /// Reads a text of this exercise, such as `README.md`.
    ///
    /// # Errors
    /// [`CourseError::Read`].
    pub fn text(&self, name: &str) -> Result<String, CourseError> {
        read(&self.path().join(name))
    }

    /// Returns a hint, counted from 1: the text below a heading of the second level in
    /// `hints.md`.
    ///
    /// # Errors
    /// [`CourseError::Read`].
    pub fn hint(&self, number: usize) -> Result<Option<String>, CourseError> {
        let text = self.text("hints.md")?;
        let hint = text.split("\n## ").nth(number);
        let body = hint.and_then(|hint| hint.split_once('\n'));
        Ok(body.map(|(_, body)| body.trim().to_owned()))
    }

    /// Reads the cases: commands without answers.
    ///
    /// # Errors
    /// [`CourseError::Read`], [`CourseError::Transcript`].
    pub fn cases(&self) -> Result<Transcript, CourseError> {
        self.transcript(&self.path().join("cases.txt"))
    }

    /// Reads the recorded answers of a version: `solution`, `stub` or a wrong one.
    ///
    /// # Errors
    /// [`CourseError::Read`], [`CourseError::Transcript`].
    pub fn answers(&self, version: &str) -> Result<Transcript, CourseError> {
        self.transcript(
            &self
                .path()
                .join("snapshots")
                .join(format!("{version}.snap")),
        )
    }

    /// Returns the names of the wrong versions, in alphabetical order. There are none if their
    /// folder is withheld.
    ///
    /// # Errors
    /// [`CourseError::Read`].
    pub fn wrong_versions(&self) -> Result<Vec<String>, CourseError> {
        let path = self.path().join("wrong");
        let failed = |error| CourseError::Read {
            path: path.clone(),
            error,
        };
        if !path.exists() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            let name = file
                .file_stem()
                .map(|name| name.to_string_lossy().into_owned());
            names.extend(name.filter(|name| self.wrong(name) == file));
        }
        names.sort();
        Ok(names)
    }

    fn transcript(&self, path: &Path) -> Result<Transcript, CourseError> {
        read(path)?
            .parse()
            .map_err(|error| CourseError::Transcript {
                path: path.to_owned(),
                error,
            })
    }
}
