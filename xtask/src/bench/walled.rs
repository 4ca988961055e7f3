//! What the wall costs, whole: the command that the hook puts in the place of a call's own, ticket, sandbox, journal and
//! record included, beside the same command without it, by turns.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::measures::{median, ratio, timed};
use super::sandboxes::is_here;
use super::table::{Row, time};
use crate::{say, shell};

/// Pairs of runs of each command.
const PAIRS: usize = 40;

/// Files of the repository that is looked at.
const FILES: usize = 500;

/// Commands, and what the wall may cost of each.
const COMMANDS: &[(&str, &str)] =
    &[("true", "≤ 3 ms more"), ("git status", "≤ 1.7×"), ("rg -c line src", "≤ 1.3×"), ("grep -rc line src", "")];

/// Where commands run, and whose guard it is.
pub(super) struct Ground {
    pub(super) binary: PathBuf,
    /// Of the guard: its state and configuration.
    pub(super) root: PathBuf,
    pub(super) home: PathBuf,
    pub(super) project: PathBuf,
}

/// One row a command.
pub(crate) fn all(binary: &Path, scratch: &Path) -> Result<Vec<Row>, String> {
    let ground = looked_at(binary, scratch)?;
    let here = |command: &str| command.split(' ').next().is_some_and(is_here);
    for (command, _) in COMMANDS.iter().filter(|(command, _)| !here(command)) {
        say::problem(&format!("`{command}` is left out: its program is not here"));
    }
    let commands = COMMANDS.iter().filter(|(command, _)| here(command));
    commands.map(|(command, goal)| row(&ground, command, goal, PAIRS, &|| Ok(()))).collect()
}

/// A repository with some files.
pub(super) fn looked_at(binary: &Path, scratch: &Path) -> Result<Ground, String> {
    let root = scratch.join("walled");
    let ground = Ground { binary: binary.to_owned(), home: root.clone(), project: root.join("work"), root };
    let files = (0..FILES).map(|number| (format!("src/file{number}.txt"), format!("line {number}\n").repeat(40)));
    ground.fill(files)?;
    Ok(ground)
}

/// A command behind the wall and without it, so many times by turns; `before` each makes the ground ready.
pub(super) fn row(
    ground: &Ground,
    command: &str,
    goal: &str,
    pairs: usize,
    before: &dyn Fn() -> Result<(), String>,
) -> Result<Row, String> {
    let (mut walled, mut plain) = (Vec::new(), Vec::new());
    for number in 0..pairs {
        before()?;
        let line = ground.line(command, number)?;
        walled.push(ground.run(&line)?);
        before()?;
        plain.push(ground.run(command)?);
    }
    let (walled, plain) = (median(walled), median(plain));
    Ok(Row {
        figure: format!("`{command}` behind the wall, ticket, journal and record included, median"),
        value: time(walled),
        against: format!("{} of the plain command's {}", ratio(walled, plain), time(plain)),
        goal: goal.to_owned(),
    })
}

impl Ground {
    /// Writes files into the project and commits them.
    pub(super) fn fill(&self, files: impl Iterator<Item = (String, String)>) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("cannot make {}: {error}", self.project.display());
        for (path, text) in files {
            let path = self.project.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&self.project)).map_err(failed)?;
            fs::write(path, text).map_err(failed)?;
        }
        let commit = ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x"];
        for words in [&["init", "-q"][..], &["add", "-A"], &commit] {
            shell::run(shell::at_root("git").args(words).current_dir(&self.project).env("HOME", &self.root))?;
        }
        Ok(())
    }

    /// What the hook puts in the command's place.
    pub(super) fn line(&self, command: &str, number: usize) -> Result<String, String> {
        let event = json!({"session_id": "bench", "cwd": self.project, "permission_mode": "default", "hook_event_name": "PreToolUse",
            "tool_name": "Bash", "tool_input": {"command": command}, "tool_use_id": format!("{command}-{number}"), "transcript_path": "/dev/null"});
        let mut hook = Command::new(&self.binary);
        hook.args(["hook", "claude-code", "--state"]).arg(self.root.join("state")).arg("--config").arg(self.root.join("config"));
        hook.current_dir(&self.project).env("HOME", &self.home);
        let (_, said) = timed(&mut hook, &format!("{event}\n"))?;
        let answer: Value = serde_json::from_str(&said).map_err(|error| format!("the hook said {said:?}: {error}"))?;
        let line = answer["hookSpecificOutput"]["updatedInput"]["command"].as_str();
        line.map(str::to_owned).ok_or_else(|| format!("the hook put no command in the place of {command:?}: {said}"))
    }

    /// Runs a line as an agent's shell does.
    pub(super) fn run(&self, line: &str) -> Result<Duration, String> {
        let mut shell = Command::new("/bin/bash");
        shell.args(["-c", line]).current_dir(&self.project).env("HOME", &self.home).env_remove("CARGO_TARGET_DIR");
        Ok(timed(&mut shell, "")?.0)
    }
}
