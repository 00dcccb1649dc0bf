//! Programs, started in the root of the workspace.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};

/// The root of the workspace: cargo says at run time where the package is that it
/// starts. What was true when this was compiled need not be: another checkout may have
/// compiled it into a target folder that both share. Without cargo it is the folder
/// one is in.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = xtask.and_then(|xtask| Some(xtask.parent()?.to_owned()));
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
    let xtask = std::env::current_exe().context(unknown)?;
    let target = xtask.parent().and_then(Path::parent);
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
    let status = command.status();
    let status = status.with_context(|| format!("`{told}` cannot be started"))?;
    ensure!(status.success(), "`{told}` failed: {status}");
    Ok(())
}

/// Becomes a program of this workspace, with the arguments after the name of the
/// command: who interrupts this process must interrupt it.
///
/// # Errors
/// If it cannot be started or, where no process can become another, does not succeed.
pub(crate) fn become_package(package: &str) -> Result<()> {
    let mut program = command(&cargo(), &["run", "--quiet", "--package", package, "--"]);
    program.args(std::env::args().skip(2));
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(&mut program).into());
    #[cfg(not(unix))]
    return succeed(&mut program);
}

fn told(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
