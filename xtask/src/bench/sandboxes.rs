//! What it costs to begin a sandboxed command: ours, bubblewrap and `@anthropic-ai/sandbox-runtime`, by turns in one run, each
//! around `true`. What is not here is installed where that can be done, or left out, and said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::measures::{median, ratio, timed};
use super::table::{Row, time};
use super::walled::{Ground, looked_at};
use crate::{say, shell};

/// Rounds: one start of each in every one.
const ROUNDS: usize = 25;

const RUNTIME: &str = "@anthropic-ai/sandbox-runtime@0.0.83";

/// What the others need, with Debian's package of each.
const NEEDED: &[(&str, &str)] = &[("bwrap", "bubblewrap"), ("socat", "socat"), ("rg", "ripgrep"), ("npm", "npm")];

/// Trees of the system that bubblewrap shows read-only, as our wall does.
const SYSTEM: &[&str] = &["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/opt", "/var/lib", "/var/cache"];

/// A row for each that is here.
pub(crate) fn all(binary: &Path, scratch: &Path) -> Result<Vec<Row>, String> {
    let missing: Vec<&str> = NEEDED.iter().filter(|(program, _)| !is_here(program)).map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        say::problem(&format!("other sandboxes are left out: install {0} with `apt-get install {0}`", missing.join(" ")));
        return Ok(Vec::new());
    }
    let ground = looked_at(binary, &scratch.join("sandboxes"))?;
    let runtime = runtime(scratch.parent().unwrap_or(scratch), &ground);
    let (mut ours, mut alone, mut bubble, mut theirs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for number in 0..ROUNDS {
        let line = ground.line("true", number)?;
        ours.push(start(&ground, Command::new("/bin/bash").args(["-c", &line]))?);
        alone.push(start(&ground, Command::new(binary).args(["exec", "--probe", "-"]))?);
        bubble.push(start(&ground, &mut bubblewrap(&ground))?);
        if let Some((program, settings)) = &runtime {
            theirs.push(start(&ground, Command::new(program).arg("--settings").arg(settings).arg("true"))?);
        }
    }
    let (ours, alone) = (median(ours), median(alone));
    let mut rows = vec![Row {
        figure: "start of a wall alone around `true`: no ticket, grants, journal, network or record, median".to_owned(),
        value: time(alone),
        against: String::new(),
        goal: String::new(),
    }];
    rows.push(beside(
        "bubblewrap: its namespaces, the system read-only, the project bound; no filter, no broker",
        median(bubble),
        ours,
        alone,
        "3 × ours",
    ));
    if runtime.is_some() {
        rows.push(beside(&format!("`{RUNTIME}` from npm"), median(theirs), ours, alone, "≥ 50 × ours"));
    }
    Ok(rows)
}

fn beside(what: &str, theirs: Duration, ours: Duration, alone: Duration, goal: &str) -> Row {
    Row {
        figure: format!("start of {what}, around `true`, median"),
        value: time(theirs),
        against: format!(
            "{} of ours whole ({}: ticket, journal, network and record included), {} of our wall alone",
            ratio(theirs, ours),
            time(ours),
            ratio(theirs, alone)
        ),
        goal: goal.to_owned(),
    }
}

fn start(ground: &Ground, command: &mut Command) -> Result<Duration, String> {
    command.current_dir(&ground.project).env("HOME", &ground.home);
    Ok(timed(command, "")?.0)
}

/// As much of our wall as bubblewrap has.
fn bubblewrap(ground: &Ground) -> Command {
    let mut command = Command::new("bwrap");
    command.args(["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]);
    command.args(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]);
    for tree in SYSTEM.iter().filter(|tree| Path::new(tree).exists()) {
        command.args(["--ro-bind", tree, tree]);
    }
    command.arg("--bind").arg(&ground.project).arg(&ground.project).arg("--chdir").arg(&ground.project);
    command.arg("/bin/true");
    command
}

/// The runtime's program, below the target directory, and its settings; none where it cannot be installed.
fn runtime(target: &Path, ground: &Ground) -> Option<(PathBuf, PathBuf)> {
    let folder = target.join("sandboxes");
    let program = folder.join("node_modules/.bin/srt");
    if !program.exists() {
        say::step(&format!("installing {RUNTIME}"));
        fs::create_dir_all(&folder).ok()?;
        fs::write(folder.join("package.json"), "{\"private\":true}\n").ok()?;
        if shell::run(Command::new("npm").current_dir(&folder).args(["install", "--silent", "--no-audit", RUNTIME])).is_err() {
            say::problem(&format!("{RUNTIME} could not be installed and is left out"));
            return None;
        }
    }
    let settings = ground.root.join("runtime.json");
    let text = serde_json::json!({"network": {"allowedDomains": [], "deniedDomains": []},
        "filesystem": {"allowWrite": [ground.project], "denyRead": [ground.home.join(".ssh")], "denyWrite": []}});
    fs::write(&settings, text.to_string()).ok()?;
    Some((program, settings))
}

pub(super) fn is_here(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
