//! The rules of layout that no compiler holds: layers between crates, the shape of source files, what tracked text may
//! say, and which files must exist together.
//!
//! In: `cargo metadata` and the tracked files. Out: nothing, or every breach as `path:line: what`. Each rule is a plain
//! function from text to breaches, tested below with what it must find and what it must not.

mod evidence;
mod layers;
mod pages;
mod source;
mod traces;

use std::fs;
use std::path::Path;

use crate::{say, shell};

/// A tracked text file, with its path below the root.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Checks everything.
pub(crate) fn run() -> Result<(), String> {
    let metadata = shell::output(shell::cargo().args(["metadata", "--format-version", "1", "--no-deps", "--offline"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let files = tracked(&shell::root())?;
    let mut breaches = layers::check(&metadata);
    breaches.extend(files.iter().filter(|file| is_rust(&file.path)).flat_map(source::check));
    breaches.extend(traces::check(&files, &traces::of_this_machine()));
    breaches.extend(pages::check(&files));
    breaches.extend(evidence::check(&files));
    for breach in &breaches {
        say::problem(breach);
    }
    if breaches.is_empty() { Ok(()) } else { Err(format!("{} breaches of the layout", breaches.len())) }
}

/// All tracked or addable text files; bytes that are no text are skipped.
fn tracked(root: &Path) -> Result<Vec<File>, String> {
    let list = shell::output(shell::at_root("git").args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]))?;
    let paths = list.split('\0').filter(|path| !path.is_empty());
    Ok(paths.filter_map(|path| Some(File { path: path.to_owned(), text: fs::read_to_string(root.join(path)).ok()? })).collect())
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}
