//! What a learner has done: lists of ids in text files in `.course/`, which git ignores.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folder `.course` of a checkout.
pub(crate) struct Notes {
    folder: PathBuf,
}

impl Notes {
    pub(crate) fn of(root: &Path) -> Notes {
        Notes {
            folder: root.join(".course"),
        }
    }

    /// Returns whether this exercise has been solved.
    pub(crate) fn is_solved(&self, id: &str) -> bool {
        self.count("progress", id) > 0
    }

    /// Records that it has been solved.
    pub(crate) fn solve(&self, id: &str) -> Result<()> {
        match self.is_solved(id) {
            true => Ok(()),
            false => self.add("progress", id),
        }
    }

    /// Returns how often the list holds this id.
    pub(crate) fn count(&self, list: &str, id: &str) -> usize {
        self.lines(list).iter().filter(|line| *line == id).count()
    }

    /// Adds an id to a list.
    pub(crate) fn add(&self, list: &str, id: &str) -> Result<()> {
        let mut lines = self.lines(list);
        lines.push(id.to_owned());
        self.write(list, &lines)
    }

    /// Removes an id from a list.
    pub(crate) fn remove(&self, list: &str, id: &str) -> Result<()> {
        let mut lines = self.lines(list);
        if lines.iter().any(|line| line == id) {
            lines.retain(|line| line != id);
            self.write(list, &lines)?;
        }
        Ok(())
    }

    /// Returns the exercise that was checked last.
    pub(crate) fn last(&self) -> Option<String> {
        self.lines("last").pop()
    }

    /// Records which exercise was checked last.
    pub(crate) fn set_last(&self, id: &str) -> Result<()> {
        self.write("last", &[id.to_owned()])
    }

    /// Keeps a copy of a file, and returns where. No copy replaces an earlier one.
    pub(crate) fn keep(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let folder = self.folder.join("saved");
        let free = (1..)
            .map(|number| folder.join(format!("{number}-{name}")))
            .find(|path| !path.exists());
        let path = free.context("no name is free")?;
        let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, bytes));
        written.with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(path)
    }

    fn lines(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        text.lines().map(|line| line.trim().to_owned()).collect()
    }

    fn write(&self, name: &str, lines: &[String]) -> Result<()> {
        let path = self.folder.join(name);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let written = fs::create_dir_all(&self.folder).and_then(|()| fs::write(&path, text));
        written.with_context(|| format!("{} cannot be written", path.display()))
    }
}

#[cfg(test)]
mod tests {
    // In a test, `unwrap` is an assertion.
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_exercise_is_solved_until_it_is_removed_from_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let notes = Notes::of(folder.path());
        assert!(!notes.is_solved("02-01"));
        notes.solve("02-01").unwrap();
        notes.solve("02-02").unwrap();
        notes.solve("02-01").unwrap();
        notes.remove("progress", "02-02").unwrap();
        assert!(notes.is_solved("02-01") && !notes.is_solved("02-02"));
        let text = fs::read_to_string(folder.path().join(".course/progress"));
        assert_eq!(text.unwrap(), "02-01\n");
    }

    #[test]
    fn a_saved_copy_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let notes = Notes::of(folder.path());
        let one = notes.keep("a.rs", b"one").unwrap();
        let two = notes.keep("a.rs", b"two").unwrap();
        assert_eq!(fs::read_to_string(one).unwrap(), "one");
        assert_eq!(fs::read_to_string(two).unwrap(), "two");
    }
}
