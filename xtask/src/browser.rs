//! Checks the page in a real browser.

use anyhow::Result;

use crate::shell;

const CHECKS: &str = "tools/checks";

/// Builds the server, fetches the check's npm packages if they are missing, and
/// starts the check.
pub(crate) fn run() -> Result<()> {
    shell::run(&shell::cargo(), &["build"])?;
    let checks = shell::root().join(CHECKS);
    if !checks.join("node_modules").exists() {
        shell::check_success(shell::command("npm", &["ci"]).current_dir(&checks))?;
    }
    let islands = shell::target()?.join("debug/islands");
    let mut browser = shell::command("node", &["browser.mjs"]);
    shell::check_success(browser.current_dir(&checks).env("ISLANDS_BIN", islands))
}
