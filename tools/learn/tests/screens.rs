//! What a learner sees, from the first command to the last exercise: `cargo x course`.
//!
//! It works in a copy of this checkout, in a folder with a space in its name.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use exercises::{Course, root};

const FILE: &str = "exercises/ch02-01-a-cell/coordinate.rs";

/// A copy of this checkout.
struct Checkout {
    folder: tempfile::TempDir,
}

/// Folders that are built or downloaded.
const SKIPPED: [&str; 4] = ["target", "node_modules", ".git", ".course"];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let (from, to) = (entry.path(), to.join(&name));
        if from.is_dir() && !SKIPPED.iter().any(|skipped| name == *skipped) {
            copy(&from, &to);
        } else if from.is_file() {
            fs::copy(&from, &to).unwrap();
        }
    }
}

impl Checkout {
    fn new() -> Checkout {
        let folder = tempfile::tempdir().unwrap();
        let checkout = Checkout { folder };
        copy(&root(), &checkout.path());
        for exercise in Course::read(&root()).unwrap().exercises {
            let stub = exercise.stub();
            fs::copy(stub, checkout.path().join(exercise.learners_file())).unwrap();
        }
        checkout
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("a checkout")
    }

    /// Returns what the command prints, and whether it succeeds.
    fn run(&self, args: &[&str]) -> (String, bool) {
        let output = Command::new(env!("CARGO_BIN_EXE_learn"))
            .args(args)
            .env("CARGO_MANIFEST_DIR", self.path().join("tools/learn"))
            .env("CARGO_TARGET_DIR", self.path().join("target"))
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (String::from_utf8(text).unwrap(), output.status.success())
    }

    /// Replaces each text in the learner's file of 02-01.
    fn edit(&self, replacements: &[(&str, &str)]) {
        let path = self.path().join(FILE);
        let mut text = fs::read_to_string(&path).unwrap();
        for (old, new) in replacements {
            assert!(text.contains(old), "{FILE} does not contain {old}");
            text = text.replacen(old, new, 1);
        }
        fs::write(path, text).unwrap();
    }

    fn solve(&self, file: &str, product: &str) {
        let product = root().join("game-engine/islands-core/src").join(product);
        fs::copy(product, self.path().join("exercises").join(file)).unwrap();
    }
}

#[test]
fn a_learner_goes_from_the_first_exercise_to_the_last() {
    let checkout = Checkout::new();
    let mut session = String::new();
    let mut run = |args: &[&str]| {
        let (text, success) = checkout.run(args);
        let end = if success { "" } else { "(fails)\n" };
        session += &format!("$ cargo x {}\n{text}{end}\n", args.join(" "));
    };
    run(&["next"]);
    run(&["check"]);
    run(&["hint"]);
    checkout.edit(&[
        ("your_turn!(row, col)", "let (r, c) = (row as u8, col as u8);\n        eprintln!(\"row {r}\");\n        if !(1..=SIZE).contains(&r) || !(1..=SIZE).contains(&c) {\n            return Err(InvalidCoordinate { row, col });\n        }\n        Ok(Coordinate { index: (r - 1) * SIZE + c - 1 })"),
        ("your_turn!(self)", "self.index / SIZE + 1"),
        ("your_turn!(self)", "self.index % SIZE + 1"),
    ]);
    run(&["check", "02-01"]);
    run(&["reset", "02-01"]);
    run(&["reset", "02-01"]);
    checkout.solve("ch02-01-a-cell/coordinate.rs", "coordinate.rs");
    run(&["check", "2-1"]);
    checkout.solve(
        "ch02-02-sets-of-cells/coordinate_set.rs",
        "coordinate_set.rs",
    );
    run(&["check"]);
    checkout.solve("ch02-03-an-island/island.rs", "island.rs");
    run(&["check"]);
    run(&["next"]);
    run(&["check", "99-01"]);
    run(&["check", "02-01", "02-02"]);
    run(&["reset"]);
    run(&["frob"]);
    insta::assert_snapshot!(session);
}

#[test]
fn code_that_does_not_compile_shows_the_compilers_words_and_nothing_else() {
    let checkout = Checkout::new();
    checkout.edit(&[("your_turn!(row, col)", "row + col")]);
    let (text, success) = checkout.run(&["check", "02-01"]);
    assert!(!success);
    assert!(
        text.starts_with("error[E0308]: mismatched types\n"),
        "{text}"
    );
    assert!(text.contains(&format!("--> {FILE}:36:9")), "{text}");
    assert!(
        !text.contains("warning") && !text.contains("points"),
        "{text}"
    );
}

#[test]
fn code_that_loops_ends_after_ten_seconds_with_a_line_about_it() {
    let checkout = Checkout::new();
    checkout.edit(&[("your_turn!(row, col)", "loop {}")]);
    let began = Instant::now();
    let (text, success) = checkout.run(&["check", "02-01"]);
    assert!(!success);
    let line = "no answer within 10 s: is there a loop that never ends?";
    assert!(text.contains(&format!("> cell 1 1\n  {line}")), "{text}");
    // All cases share the ten seconds. The rest is the compiler's.
    assert!(began.elapsed() < Duration::from_secs(60), "{text}");
}
