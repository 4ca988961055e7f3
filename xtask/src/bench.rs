//! `cargo xtask bench`: how long things take, as ratios against bare acts of the same kind in the same run, so that a
//! busy or slow machine does not decide.
//!
//! In: the release binary. Out: a table; with `--write` also in docs/measurements.md. Everything happens in fresh
//! folders below the target directory. Times are wall-clock medians.

mod builds;
mod measures;
mod sandboxes;
mod table;
mod walled;

use std::fs;
use std::path::{Path, PathBuf};

use crate::{measurements, say, shell};

/// Measures and prints.
pub(crate) fn run(write: bool) -> Result<(), String> {
    say::step("building");
    shell::run(shell::cargo().args(["build", "--release", "--quiet", "-p", "bailiwick-cli"]))?;
    let target = shell::target()?;
    let scratch = fresh(&target)?;
    say::step("measuring");
    let binary = target.join("release/bailiwick");
    let mut rows = measures::all(&binary, &scratch)?;
    rows.extend(of_the_wall(&binary, &scratch)?);
    let text = table::render(&rows);
    say::line(&text);
    if write { measurements::replace("bench", &text) } else { Ok(()) }
}

/// What the wall costs alone, by a binary that is there already; printed, not written down.
pub(crate) fn wall(binary: &Path) -> Result<(), String> {
    let scratch = fresh(&shell::target()?)?;
    let binary = binary.canonicalize().map_err(|error| format!("{}: {error}", binary.display()))?;
    let rows = of_the_wall(&binary, &scratch)?;
    say::line(&table::render(&rows));
    Ok(())
}

fn of_the_wall(binary: &Path, scratch: &Path) -> Result<Vec<table::Row>, String> {
    let mut rows = walled::all(binary, scratch)?;
    rows.extend(builds::all(binary)?);
    rows.extend(sandboxes::all(binary, scratch)?);
    Ok(rows)
}

fn fresh(target: &Path) -> Result<PathBuf, String> {
    let scratch = target.join("bench");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(&scratch).map_err(|error| format!("cannot make {}: {error}", scratch.display()))?;
    Ok(scratch)
}
