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
    let islands = shell::target()?.join("debug/islands");
    let mut browser = shell::command("node", &["browser.mjs"]);
    shell::succeed(browser.current_dir(&checks).env("ISLANDS_BIN", islands))
}
