//! `cargo xtask fuzz`: each target for some minutes, one after the other; installs cargo-fuzz where it is missing.
//! The first crash ends it, and cargo-fuzz says where the input lies.

use crate::{say, shell};

/// Runs all targets.
pub(crate) fn run(minutes: &str) -> Result<(), String> {
    let minutes: u64 = minutes.parse().map_err(|_| format!("{minutes:?} is no number of minutes"))?;
    if !shell::works(shell::at_root("cargo").args(["+nightly", "--version"])) {
        return Err("cargo-fuzz needs a nightly compiler: `rustup toolchain install nightly`".to_owned());
    }
    if !shell::works(shell::at_root("cargo").args(["fuzz", "--version"])) {
        say::step("installing cargo-fuzz");
        shell::run(shell::at_root("cargo").args(["install", "--locked", "--quiet", "cargo-fuzz"]))?;
    }
    let list = shell::output(shell::at_root("cargo").args(["+nightly", "fuzz", "list"]))?;
    let targets: Vec<&str> = list.split_whitespace().collect();
    if targets.is_empty() {
        return Err("there is no fuzz target".to_owned());
    }
    for target in targets {
        say::step(&format!("{target}, {minutes} min"));
        let limit = format!("-max_total_time={}", minutes * 60);
        // Every target but the shell's has a feature of its name, so that one does not build what all need.
        let feature: &[&str] = if target == "shell" { &[] } else { &["--features", target] };
        let mut command = shell::at_root("cargo");
        command.args(["+nightly", "fuzz", "run", target]).args(feature);
        shell::run(command.args(["--", &limit, "-timeout=10", "-rss_limit_mb=2048"]))?;
    }
    Ok(())
}
