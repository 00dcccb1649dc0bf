//! Starts programs in the root of the workspace.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};

/// Returns the root of the workspace, or `.` without cargo.
///
/// Reads `CARGO_MANIFEST_DIR` at run time, not at compile time: another checkout may have
/// compiled this program into a target folder that both share.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = xtask.and_then(|xtask| Some(xtask.parent()?.to_owned()));
        root.unwrap_or_else(|| PathBuf::from("."))
    });
    &ROOT
}

/// Returns cargo's target folder: this program lies in its subfolder `debug`.
///
/// # Errors
/// If the system does not say where this program is.
pub(crate) fn target() -> Result<PathBuf> {
    let unknown = "this program does not know where it is";
    let xtask = std::env::current_exe().context(unknown)?;
    let target = xtask.parent().and_then(Path::parent);
    Ok(target.context(unknown)?.to_owned())
}

/// Returns the cargo that started this program, or the one in `PATH`.
pub(crate) fn cargo() -> String {
    std::env::var("CARGO").unwrap_or("cargo".into())
}

/// Prepares a program to run in the root of the workspace.
pub(crate) fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// Runs a program, with this program's own input and output.
///
/// # Errors
/// If it cannot be started or fails.
pub(crate) fn run(program: &str, args: &[&str]) -> Result<()> {
    check_success(&mut command(program, args))
}

/// Runs a prepared program, as [`run`] does.
pub(crate) fn check_success(command: &mut Command) -> Result<()> {
    let command_line = command_line(command);
    let status = command.status();
    let status = status.with_context(|| format!("`{command_line}` cannot be started"))?;
    ensure!(status.success(), "`{command_line}` failed: {status}");
    Ok(())
}

/// Replaces this process by a program of this workspace, with these arguments. So a signal to
/// this process reaches that program.
///
/// # Errors
/// If the program cannot be started or, on systems without `exec`, fails.
pub(crate) fn become_package(package: &str, args: impl Iterator<Item = String>) -> Result<()> {
    let mut program = command(&cargo(), &["run", "--quiet", "--package", package, "--"]);
    program.args(args);
    become_program(program)
}

/// Replaces this process by a prepared program, as [`become_package`] does.
pub(crate) fn become_program(mut program: Command) -> Result<()> {
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(&mut program).into());
    #[cfg(not(unix))]
    return check_success(&mut program);
}

/// Prints a text. A closed pipe is no error: its reader, `head` for instance, has seen enough.
pub(crate) fn show(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
