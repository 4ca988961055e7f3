//! `cargo xtask corpora DIRECTORY`: what the default policy says to the commands of a corpus, by source.
//!
//! In: a directory with `command_attack.jsonl` and `command_benign.jsonl.gz` (rows with `id`, `source`, `fold`, `command`), which
//! is not part of this repository. Out: a table of what was not allowed, the policies that asked, and the share that could
//! not be read. Each command is judged by the built binary in a session of its own, in a made-up project of a made-up home;
//! nothing is run.

mod drive;
mod report;
mod world;

use std::path::Path;

use crate::{measurements, say, shell};

/// What to print beside the tables.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wishes {
    /// Harmless commands that were not allowed, of the training fold.
    pub(crate) asked: usize,
    /// Dangerous commands that were allowed, of the training fold.
    pub(crate) allowed: usize,
    /// Whether the tables go into docs/measurements.md.
    pub(crate) write: bool,
}

/// One command of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Where it is from, without the part after a colon.
    pub(crate) source: String,
    /// Whether it may be looked at when tuning.
    pub(crate) train: bool,
    /// The command.
    pub(crate) command: String,
}

/// Judges both files and prints.
pub(crate) fn run(directory: &str, wishes: Wishes) -> Result<(), String> {
    let directory = Path::new(directory);
    let attack = rows(&directory.join("command_attack.jsonl"))?;
    let benign = rows(&directory.join("command_benign.jsonl.gz"))?;
    say::step("building");
    shell::run(shell::cargo().args(["build", "--release", "--quiet", "-p", "bailiwick-cli"]))?;
    let target = shell::target()?;
    let binary = target.join("release/bailiwick");
    let scratch = target.join("corpora");
    say::step("judging");
    let attack_answers = drive::judge(&binary, &scratch, &attack)?;
    let benign_answers = drive::judge(&binary, &scratch, &benign)?;
    let dangerous = report::Judged { rows: &attack, answers: &attack_answers };
    let harmless = report::Judged { rows: &benign, answers: &benign_answers };
    let text = report::tables(&dangerous, &harmless);
    say::line(&text);
    say::line(&report::reasons(&harmless));
    report::list("harmless, not allowed", &harmless, wishes.asked, |answer| answer.verdict != "allow");
    report::list("dangerous, allowed", &dangerous, wishes.allowed, |answer| answer.verdict == "allow");
    if wishes.write { measurements::replace("corpora", &text) } else { Ok(()) }
}

/// The words after `corpora`: a directory and wishes.
pub(crate) fn wishes(words: &[&str]) -> Option<Wishes> {
    let mut wishes = Wishes::default();
    let mut rest = words;
    loop {
        rest = match rest {
            [] => return Some(wishes),
            ["--write", after @ ..] => {
                wishes.write = true;
                after
            }
            ["--list-asked", number, after @ ..] => {
                wishes.asked = number.parse().ok()?;
                after
            }
            ["--list-allowed", number, after @ ..] => {
                wishes.allowed = number.parse().ok()?;
                after
            }
            _ => return None,
        };
    }
}

fn rows(path: &Path) -> Result<Vec<Row>, String> {
    if !path.is_file() {
        return Err(format!("there is no corpus at {}", path.display()));
    }
    let text = if path.extension().is_some_and(|extension| extension == "gz") {
        shell::output(shell::at_root("gzip").arg("-dc").arg(path))?
    } else {
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?
    };
    text.lines().map(|line| row(line).ok_or_else(|| format!("a row of {} has no command", path.display()))).collect()
}

fn row(line: &str) -> Option<Row> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    let source = value["source"].as_str()?.split(':').next()?.to_owned();
    Some(Row { source, train: value["fold"].as_str() == Some("train"), command: value["command"].as_str()?.to_owned() })
}
