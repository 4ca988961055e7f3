//! `cargo xtask bench`: how long things take, as ratios against bare acts of the same kind in the same run, so that a
//! busy or slow machine does not decide.
//!
//! In: the release binary. Out: a table; with `--write` also in docs/measurements.md. Everything happens in fresh
//! folders below the target directory. Times are wall-clock medians.

mod measures;
mod table;
mod walled;

use std::fs;
use std::path::Path;

use crate::{say, shell};

/// Measures and prints.
pub(crate) fn run(write: bool) -> Result<(), String> {
    say::step("building");
    shell::run(shell::cargo().args(["build", "--release", "--quiet", "-p", "bailiwick-cli"]))?;
    let target = shell::target()?;
    let scratch = target.join("bench");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(&scratch).map_err(|error| format!("cannot make {}: {error}", scratch.display()))?;
    say::step("measuring");
    let binary = target.join("release/bailiwick");
    let mut rows = measures::all(&binary, &scratch)?;
    rows.extend(walled::all(&binary, &scratch)?);
    let text = table::render(&rows);
    say::line(&text);
    if write { keep(&text) } else { Ok(()) }
}

/// Puts the table between its marks in docs/measurements.md.
fn keep(text: &str) -> Result<(), String> {
    let path = shell::root().join("docs/measurements.md");
    let page = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let page = table::put(&page, text).ok_or_else(|| format!("{} has no place for the table", path.display()))?;
    fs::write(&path, page).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    say::line(&format!("wrote {}", relative(&path)));
    Ok(())
}

fn relative(path: &Path) -> String {
    path.strip_prefix(shell::root()).unwrap_or(path).display().to_string()
}
