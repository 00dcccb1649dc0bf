//! Many games on a real server that is killed again and again.

use anyhow::Result;

use crate::shell;

/// Builds the server and the program that kills it, and becomes that, with the
/// arguments after the name of the command: who interrupts this process must
/// interrupt it.
pub(crate) fn run() -> Result<()> {
    let cargo = shell::cargo();
    shell::run(&cargo, &["build", "--package", "islands-web"])?;
    let mut chaos = shell::command(&cargo, &["run", "--quiet", "--package", "chaos", "--"]);
    chaos.args(std::env::args().skip(2));
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(&mut chaos).into());
    #[cfg(not(unix))]
    return shell::succeed(&mut chaos);
}
