//! `cargo xtask soundness`: starts the harness of that name. In: its arguments. Out: what it says. With `--walled` the guard is
//! built and its path put there, unless one is named.

use crate::shell;

/// Runs it.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let mut words: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    if let Some(at) = words.iter().position(|word| word == "--walled")
        && words.get(at + 1).is_none_or(|next| next.starts_with("--"))
    {
        shell::run(shell::cargo().args(["build", "--quiet", "-p", "bailiwick-cli"]))?;
        words.insert(at + 1, shell::target()?.join("debug/bailiwick").display().to_string());
    }
    shell::run(shell::cargo().args(["run", "--quiet", "-p", "bailiwick-soundness", "--"]).args(words))
}
