//! `cargo xtask soundness`: starts the harness of that name. In: its arguments. Out: what it says.

use crate::shell;

/// Runs it.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    shell::run(shell::cargo().args(["run", "--quiet", "-p", "bailiwick-soundness", "--"]).args(arguments))
}
