//! What the wall costs, whole: the command that the hook puts in the place of a call's own, ticket, sandbox, journal and
//! record included, beside the same command without it, by turns.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::measures::{median, ratio, timed};
use super::table::{Row, time};
use crate::shell;

/// Pairs of runs of each command.
const PAIRS: usize = 40;

/// Files of the repository that is looked at.
const FILES: usize = 500;

/// Commands, and what the wall may cost of each.
const COMMANDS: &[(&str, &str)] = &[("true", "≤ 3 ms more"), ("git status", "≤ 1.7×"), ("grep -rc line src", "≤ 1.3×")];

/// One row a command.
pub(crate) fn all(binary: &Path, scratch: &Path) -> Result<Vec<Row>, String> {
    let project = scratch.join("walled/work");
    let failed = |error: std::io::Error| format!("cannot make {}: {error}", project.display());
    fs::create_dir_all(project.join("src")).map_err(failed)?;
    for number in 0..FILES {
        fs::write(project.join(format!("src/file{number}.txt")), format!("line {number}\n").repeat(40)).map_err(failed)?;
    }
    for words in [&["init", "-q"][..], &["add", "-A"], &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x"]]
    {
        shell::run(shell::at_root("git").args(words).current_dir(&project).env("HOME", scratch.join("walled")))?;
    }
    COMMANDS.iter().map(|(command, goal)| row(binary, scratch, &project, command, goal)).collect()
}

fn row(binary: &Path, scratch: &Path, project: &Path, command: &str, goal: &str) -> Result<Row, String> {
    let (mut walled, mut plain) = (Vec::new(), Vec::new());
    for number in 0..PAIRS {
        let line = line(binary, scratch, project, command, number)?;
        walled.push(run(scratch, project, &line)?);
        plain.push(run(scratch, project, command)?);
    }
    let (walled, plain) = (median(walled), median(plain));
    Ok(Row {
        figure: format!("`{command}` behind the wall, ticket, journal and record included, median"),
        value: time(walled),
        against: format!("{} of the plain command's {}", ratio(walled, plain), time(plain)),
        goal: goal.to_owned(),
    })
}

/// What the hook puts in the command's place.
fn line(binary: &Path, scratch: &Path, project: &Path, command: &str, number: usize) -> Result<String, String> {
    let event = json!({"session_id": "bench", "cwd": project, "permission_mode": "default", "hook_event_name": "PreToolUse",
        "tool_name": "Bash", "tool_input": {"command": command}, "tool_use_id": format!("{command}-{number}"), "transcript_path": "/dev/null"});
    let mut hook = Command::new(binary);
    hook.args(["hook", "claude-code", "--state"])
        .arg(scratch.join("walled/state"))
        .arg("--config")
        .arg(scratch.join("walled/config"));
    hook.current_dir(project).env("HOME", scratch.join("walled"));
    let (_, said) = timed(&mut hook, &format!("{event}\n"))?;
    let answer: Value = serde_json::from_str(&said).map_err(|error| format!("the hook said {said:?}: {error}"))?;
    let line = answer["hookSpecificOutput"]["updatedInput"]["command"].as_str();
    line.map(str::to_owned).ok_or_else(|| format!("the hook put no command in the place of {command:?}: {said}"))
}

fn run(scratch: &Path, project: &Path, line: &str) -> Result<Duration, String> {
    let mut shell = Command::new("/bin/bash");
    shell.args(["-c", line]).current_dir(project).env("HOME", scratch.join("walled"));
    Ok(timed(&mut shell, "")?.0)
}
