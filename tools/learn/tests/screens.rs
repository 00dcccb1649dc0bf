//! What a learner sees, from the first command to the last exercise: `cargo x course`.
//!
//! It works in a copy of this checkout, in a folder with a space in its name.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

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

    /// Writes the solution of an exercise over the learner's file.
    fn solve(&self, id: &str) {
        let course = Course::read(&root()).unwrap();
        let exercise = course.exercise(id).unwrap();
        let learners_file = self.path().join(exercise.learners_file());
        fs::copy(exercise.solution(), learners_file).unwrap();
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
        ("your_code!(row, col)", "let (r, c) = (row as u8, col as u8);\n        println!(\"row {r}\");\n        if !(1..=SIZE).contains(&r) || !(1..=SIZE).contains(&c) {\n            return Err(InvalidCoordinate { row, col });\n        }\n        Ok(Coordinate { index: (r - 1) * SIZE + c - 1 })"),
        ("your_code!(self)", "self.index / SIZE + 1"),
        ("your_code!(self)", "self.index % SIZE + 1"),
    ]);
    run(&["check", "02-01"]);
    run(&["reset", "02-01"]);
    run(&["reset", "02-01"]);
    checkout.solve("02-01");
    run(&["watch", "2-1"]);
    for id in ["02-02", "02-03", "02-04", "02-05", "02-06"] {
        checkout.solve(id);
        run(&["check"]);
    }
    let answers = checkout
        .path()
        .join("exercises/ch02-07-numbers-of-boards/answers.txt");
    fs::write(&answers, "ls_on_five_rows = 118\nls on eight = 42\n").unwrap();
    run(&["check"]);
    fs::write(&answers, "ls_on_five_rows = 118\nls_on_a_board_of_eight = 168\natoll_and_dot = 27,360\nsquare_and_dot = 7,776\n").unwrap();
    run(&["check"]);
    checkout.solve("02-07");
    run(&["check", "ch02-07-numbers-of-boards"]);
    run(&["progress"]);
    fs::remove_file(
        checkout
            .path()
            .join("exercises/ch02-08-islands-that-turn/island.rs"),
    )
    .unwrap();
    run(&["check"]);
    run(&["reveal", "02-08"]);
    checkout.solve("02-08");
    run(&["check"]);
    for exercise in Course::read(&root()).unwrap().exercises {
        if exercise.id.starts_with("03-") {
            checkout.solve(&exercise.id);
            run(&["check"]);
        }
    }
    // The processes take longer to build, and show nothing new.
    let course = Course::read(&root()).unwrap();
    let ids = course
        .exercises
        .iter()
        .map(|exercise| format!("{}\n", exercise.id));
    fs::write(
        checkout.path().join(".course/progress"),
        ids.collect::<String>(),
    )
    .unwrap();
    run(&["next"]);
    run(&["hint"]);
    run(&["check", "99-01"]);
    run(&["check", "02-01", "02-02"]);
    run(&["reset"]);
    run(&["frob"]);
    insta::assert_snapshot!(session);
}

#[test]
fn code_that_does_not_compile_shows_the_compilers_words_and_nothing_else() {
    let checkout = Checkout::new();
    checkout.edit(&[("your_code!(row, col)", "row + col")]);
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
fn a_file_that_is_older_than_the_program_gets_its_own_verdict() {
    let checkout = Checkout::new();
    let stub = fs::read(checkout.path().join(FILE)).unwrap();
    checkout.solve("02-01");
    assert!(checkout.run(&["check", "02-01"]).1);
    fs::write(checkout.path().join(FILE), stub).unwrap();
    let file = File::options()
        .write(true)
        .open(checkout.path().join(FILE))
        .unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    let (text, success) = checkout.run(&["check", "02-01"]);
    assert!(!success && text.contains("0 of 6 cases pass"), "{text}");
}

#[test]
fn code_that_loops_ends_after_ten_seconds_with_a_line_about_it() {
    let checkout = Checkout::new();
    checkout.edit(&[("your_code!(row, col)", "loop {}")]);
    let began = Instant::now();
    let (text, success) = checkout.run(&["check", "02-01"]);
    assert!(!success);
    let line = "no answer in time: is there a loop or an `.await` that never ends?";
    assert!(text.contains(&format!("> cell 1 1\n  {line}")), "{text}");
    // The cases share the ten seconds. The rest is the compiler's.
    assert!(began.elapsed() < Duration::from_secs(60), "{text}");
}
