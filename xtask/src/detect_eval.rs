//! `cargo xtask detect-eval --data DIRECTORY`: what the rules of detection flag of texts that others collected, by kind and
//! source, for both folds, and how fast they read.
//!
//! In: a directory of `*.jsonl` and `*.jsonl.gz` (not part of this repository), without those of commands. Out: the tables of
//! the example `eval` of crate detect, built for release; with `--write` they go into docs/measurements.md.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::{measurements, say, shell};

/// Runs it; further words go to the example.
pub(crate) fn run(directory: &str, rest: &[&str]) -> Result<(), String> {
    let write = rest.contains(&"--write");
    let wishes: Vec<&str> = rest.iter().copied().filter(|word| *word != "--write").collect();
    let files = files(Path::new(directory))?;
    say::step("building");
    shell::run(shell::cargo().args(["build", "--release", "--quiet", "-p", "bailiwick-detect", "--example", "eval"]))?;
    say::step("reading");
    let text = feed(&shell::target()?.join("release/examples/eval"), &wishes, &files)?;
    say::line(&text);
    if write { measurements::put("detect", "cargo xtask detect-eval --data DIRECTORY", &shortened(&text)) } else { Ok(()) }
}

/// The corpus's files of texts, in order.
fn files(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(directory).map_err(|error| format!("cannot read {}: {error}", directory.display()))?;
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_texts = |path: &PathBuf| {
        let name = name(path);
        (name.ends_with(".jsonl") || name.ends_with(".jsonl.gz")) && !name.starts_with("command")
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_texts).collect();
    files.sort();
    if files.is_empty() { Err(format!("there is no corpus in {}", directory.display())) } else { Ok(files) }
}

/// Gives all files to the example, one after the other.
fn feed(example: &Path, wishes: &[&str], files: &[PathBuf]) -> Result<String, String> {
    let mut command = shell::at_root(&example.display().to_string());
    let mut child = command
        .args(wishes)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}", example.display()))?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let texts: Vec<String> = files.iter().map(|path| rows(path)).collect::<Result<_, _>>()?;
    // It says what it has to say at the end, so writing all of it first cannot block both.
    let writer = std::thread::spawn(move || texts.iter().try_for_each(|text| stdin.write_all(text.as_bytes())));
    let output = child.wait_with_output().map_err(|error| format!("the example ended: {error}"))?;
    let written = writer.join().map_err(|_| "feeding the example panicked".to_owned())?;
    written.map_err(|error| format!("the example took no more: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn rows(path: &Path) -> Result<String, String> {
    if path.extension().is_some_and(|extension| extension == "gz") {
        shell::output(shell::at_root("gzip").arg("-dc").arg(path))
    } else {
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    }
}

/// What the page gets: the sums, the sources of fold test, and the speeds.
fn shortened(text: &str) -> String {
    let (flagged, rest) = text.split_once("\n\n| kind | rule |").unwrap_or((text, ""));
    let speeds = rest.find("| kind | label |").and_then(|at| rest.get(at..)).unwrap_or_default();
    let wanted = |line: &&str| !line.starts_with("| train |") || line.contains("**all**");
    let flagged: Vec<&str> = flagged.lines().filter(wanted).collect();
    format!("{}\n\n{speeds}", flagged.join("\n"))
}
