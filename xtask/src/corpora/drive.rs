//! Drives `bailiwick judge`. In: the binary and commands. Out: for each, verdict, policies and whether a part is opaque.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::{Row, world};

/// One answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// `allow`, `ask` or `deny`.
    pub(super) verdict: String,
    /// The policies that decided.
    pub(super) policies: Vec<String>,
    /// Whether an effect could not be read.
    pub(super) opaque: bool,
}

/// Judges every command in a session of its own, in a fresh world below `scratch`.
pub(super) fn judge(binary: &Path, scratch: &Path, rows: &[Row]) -> Result<Vec<Answer>, String> {
    let _ = fs::remove_dir_all(scratch);
    let project = world::make(scratch)?;
    let mut child = start(binary, scratch, &project)?;
    let mut input = child.stdin.take().ok_or("no way to write to bailiwick judge")?;
    let output = child.stdout.take().ok_or("no way to read from bailiwick judge")?;
    let answers = std::thread::scope(|scope| {
        let reader =
            scope.spawn(move || BufReader::new(output).lines().map_while(Result::ok).map(|line| answer(&line)).collect());
        for (number, row) in rows.iter().enumerate() {
            let call = json!({
                "event": "call", "session": format!("s{number}"), "id": format!("c{number}"), "tool": "Bash",
                "input": {"command": row.command}, "cwd": project,
            });
            if writeln!(input, "{call}").is_err() {
                break;
            }
        }
        drop(input);
        reader.join().unwrap_or_else(|_| Vec::new())
    });
    let status = child.wait().map_err(|error| format!("bailiwick judge: {error}"))?;
    let _ = fs::remove_dir_all(scratch);
    let all: Option<Vec<Answer>> = answers.into_iter().collect();
    match all.filter(|answers| answers.len() == rows.len()) {
        Some(answers) => Ok(answers),
        None => Err(format!("bailiwick judge did not answer {} commands, and ended with {status}", rows.len())),
    }
}

/// The binary with an environment that holds nothing of ours.
fn start(binary: &Path, scratch: &Path, project: &Path) -> Result<Child, String> {
    let mut command = Command::new(binary);
    command.arg("judge").arg("--state").arg(scratch.join("state")).arg("--config").arg(scratch.join("config"));
    command
        .env_clear()
        .env("HOME", scratch.join("home/dev"))
        .env("PATH", "/usr/bin:/bin")
        .env("USER", "dev")
        .env("SHELL", "/bin/bash");
    command.current_dir(project).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().map_err(|error| format!("cannot start {}: {error}", binary.display()))
}

fn answer(line: &str) -> Option<Answer> {
    let value: Value = serde_json::from_str(line).ok()?;
    let policies =
        value["reasons"].as_array()?.iter().filter_map(|reason| reason["policy"].as_str()).map(str::to_owned).collect();
    let opaque = value["effects"].as_array()?.iter().any(|effect| effect["act"] == "opaque");
    Some(Answer { verdict: value["verdict"].as_str()?.to_owned(), policies, opaque })
}
