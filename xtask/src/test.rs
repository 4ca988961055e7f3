//! `cargo xtask test`: everything that must hold before a change goes in. The cheap steps come first, all steps run,
//! and what failed is said together at the end.

use crate::{agents, install, picture, say, shell, soundness, tidy};

/// One step: what it is called and what it does.
type Step = (&'static str, fn() -> Result<(), String>);

const STEPS: &[Step] = &[
    ("formatting", formatting),
    ("tidy", tidy::run),
    ("what the tests need", needs),
    ("clippy", clippy),
    ("the picture in the README", picture::check),
    ("tests", tests),
    ("soundness of the sample", sample),
    ("soundness behind the wall", walled_sample),
];

/// Runs all steps.
pub(crate) fn run() -> Result<(), String> {
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        say::step(name);
        if let Err(problem) = step() {
            say::problem(&format!("{name}: {problem}"));
            failed.push(format!("{name}: {problem}"));
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n        ")) }
}

fn formatting() -> Result<(), String> {
    shell::run(shell::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<(), String> {
    shell::run(shell::cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
}

/// All are tried, so that one message names all that is missing.
fn needs() -> Result<(), String> {
    let done = [install::programs(), install::claude().map(drop), agents::install_all()];
    let problems: Vec<String> = done.into_iter().filter_map(Result::err).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("; ")) }
}

fn sample() -> Result<(), String> {
    soundness::run(&[])
}

/// A third of the sample: each command goes through a hook and a wall of its own.
fn walled_sample() -> Result<(), String> {
    soundness::run(&["--walled", "--count", "100"])
}

/// With cargo-nextest where it is installed: every test is its own process, so that no test can lean on another.
fn tests() -> Result<(), String> {
    if shell::works(shell::cargo().args(["nextest", "--version"])) {
        return shell::run(
            shell::cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]).env("NEXTEST_STATUS_LEVEL", "slow"),
        );
    }
    shell::run(shell::cargo().args(["test", "--workspace", "--no-fail-fast"]))
}
