//! `finder`: maintains the exercises. `cargo x generate` and `cargo x course` start it.

mod mine;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use exercises::{Course, Exercise, root};
use finder::{Source, package, versions};

const USAGE: &str = "\
finder generate            write the packages and stubs of the exercises
finder generate --check    say which of these files are not as they would be written
finder mine DIR            write the workspace into DIR, with the solved exercises in the product
finder solve DIR           write the solutions over the stubs of the checkout in DIR
finder quote FILE ITEM     print an item, such as `Draft::position`";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match start(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("finder: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(args: &[&str]) -> Result<()> {
    match args {
        ["generate"] => generate(&root()),
        ["generate", "--check"] => check(&root()),
        ["mine", folder] => mine::write(&root(), Path::new(folder)),
        ["solve", folder] => solve(Path::new(folder)),
        ["quote", file, item] => {
            println!("{}", Source::read(Path::new(file))?.quote(item)?);
            Ok(())
        }
        _ => bail!("it is one of\n{USAGE}"),
    }
}

/// Writes what is generated. A learner's file is written only if it is missing or still the
/// old stub.
fn generate(root: &Path) -> Result<()> {
    for exercise in &Course::read(root)?.exercises {
        let learners_file = root.join(exercise.learners_file());
        let old_stub = fs::read_to_string(exercise.stub()).ok();
        let current = fs::read_to_string(&learners_file).ok();
        versions::write(&exercise.path(), &package::files(exercise)?)?;
        let files = fs::read_to_string(exercise.stub());
        let stub = files.with_context(|| format!("{}", exercise.stub().display()))?;
        if current.is_none() || current == old_stub {
            fs::write(&learners_file, stub)?;
        } else if current.is_some_and(|current| current != stub) {
            println!("{} is not a stub, and stays", learners_file.display());
        }
    }
    Ok(())
}

fn check(root: &Path) -> Result<()> {
    let mut wrong = Vec::new();
    for exercise in &Course::read(root)?.exercises {
        wrong.extend(package::differing(exercise)?);
        let stub = fs::read_to_string(exercise.stub())?;
        let learners_file = root.join(exercise.learners_file());
        if fs::read_to_string(&learners_file).ok() != Some(stub) {
            wrong.push(learners_file);
        }
    }
    let wrong: Vec<_> = wrong
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    ensure!(
        wrong.is_empty(),
        "run `cargo x generate`; not as it would be written:\n{}",
        wrong.join("\n")
    );
    Ok(())
}

/// Writes the solution of each exercise over the learner's file of another checkout.
fn solve(folder: &Path) -> Result<()> {
    let solved = |exercise: &Exercise| {
        let solution = versions::text(exercise, versions::SOLUTION)?;
        let path = folder.join(exercise.learners_file());
        fs::write(&path, solution).with_context(|| format!("{} cannot be written", path.display()))
    };
    Course::read(folder)?.exercises.iter().try_for_each(solved)
}
