//! The check of the page in a real browser.

use anyhow::Result;

use crate::shell;

const CHECKS: &str = "tools/checks";

/// Builds the program, fetches the check's own packages if they are not there,
/// and starts it.
pub(crate) fn run() -> Result<()> {
    shell::run(&shell::cargo(), &["build"])?;
    let checks = shell::root().join(CHECKS);
    if !checks.join("node_modules").exists() {
        shell::succeed(shell::command("npm", &["ci"]).current_dir(&checks))?;
    }
    shell::succeed(shell::command("node", &["browser.mjs"]).current_dir(&checks))
}
