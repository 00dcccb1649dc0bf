//! Programs, started in the root of the workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};

/// The root of the workspace: cargo says at run time where the package is that it
/// starts. What was true when this was compiled need not be: another checkout may have
/// compiled it into a target folder that both share. Without cargo it is the folder
/// one is in.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = package.and_then(|it| Some(it.parent()?.parent()?.to_owned()));
        root.unwrap_or_else(|| PathBuf::from("."))
    });
    &ROOT
}

/// Where cargo puts what it builds: this program lies there too, in `debug`.
///
/// # Errors
/// The system does not say where this program is.
pub(crate) fn target() -> Result<PathBuf> {
    let unknown = "this program does not know where it is";
    let this = std::env::current_exe().context(unknown)?;
    let target = this.parent().and_then(Path::parent);
    Ok(target.context(unknown)?.to_owned())
}

/// The cargo that started this program, or the one in the path.
pub(crate) fn cargo() -> String {
    std::env::var("CARGO").unwrap_or("cargo".into())
}

/// A program that is to run in the root of the workspace.
pub(crate) fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// Runs a program and lets it speak for itself.
///
/// # Errors
/// If it cannot be started or does not succeed.
pub(crate) fn run(program: &str, args: &[&str]) -> Result<()> {
    succeed(&mut command(program, args))
}

/// Runs what has been prepared, likewise.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let told = told(command);
    let status = command.status().with_context(|| cannot(&told))?;
    ensure!(status.success(), "`{told}` failed: {status}");
    Ok(())
}

/// Runs a program and returns what it prints; what it says on stderr is seen.
///
/// # Errors
/// As [`run`].
pub(crate) fn output(program: &str, args: &[&str]) -> Result<String> {
    let mut command = command(program, args);
    let told = told(&command);
    let done = command.stderr(Stdio::inherit()).output();
    let done = done.with_context(|| cannot(&told))?;
    ensure!(done.status.success(), "`{told}` failed: {}", done.status);
    Ok(String::from_utf8_lossy(&done.stdout).trim().to_string())
}

fn cannot(told: &str) -> String {
    format!("`{told}` cannot be started")
}

fn told(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
