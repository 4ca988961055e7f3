//! Runs a real agent, headless and offline: what all of them have in common.
//!
//! In: where its home and workspace are, and a command. Out: its transcript. Whatever the agent leaves running is ended
//! with it. An agent that is not installed is an error that says how to get it, never a skip.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A run of some turns takes 2 to 10 s on a busy machine; this is where a hang is called one.
const LONGEST_RUN: Duration = Duration::from_secs(180);

/// Where `cargo xtask` puts what comes from npm, below the target directory.
const BELOW_TARGET: &str = "npm";

/// What is kept of a run, below its home.
const KEPT: &str = ".transcript";

/// One run of an agent that has been told to ask nothing: only hooks stand in the way.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The user's home: settings, history, secrets.
    pub home: &'a Path,
    /// The project.
    pub workspace: &'a Path,
    /// What stands before the usual search path, so that hooks find their binary.
    pub path_prefix: &'a Path,
    /// Further variables; they win over those that point the agent at the model.
    pub variables: &'a [(&'a str, &'a str)],
    /// Further arguments of the agent.
    pub arguments: &'a [&'a str],
    /// What the agent is started by, with its command line for last arguments: a world of its own. Mostly nothing.
    pub within: &'a [&'a str],
}

/// What came of a run.
#[derive(Debug)]
pub struct Transcript {
    /// The events of the stream, one JSON object each.
    pub events: Vec<Value>,
    /// How it ended; `None` where it was killed for taking too long.
    pub status: Option<ExitStatus>,
    /// What it said on stderr.
    pub stderr: String,
    /// Whether the stream holds the agent's own sign that its task is done.
    said_done: bool,
}

impl Transcript {
    /// Whether the agent finished its task without an error of its own.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| status.success()) && self.said_done
    }

    /// How many calls the agent reports as refused by its own permission engine.
    #[must_use]
    pub fn permission_denials(&self) -> usize {
        let last = self.events.iter().rfind(|event| event["type"] == "result");
        last.and_then(|event| event["permission_denials"].as_array()).map_or(0, Vec::len)
    }
}

/// Finds a file that a chore has installed.
pub(crate) fn installed(agent: &str, below: &str, chore: &str) -> Result<PathBuf, String> {
    let test = std::env::current_exe().map_err(|error| format!("cannot tell where this test lies: {error}"))?;
    let found = test.ancestors().map(|above| above.join(BELOW_TARGET).join(below)).find(|path| path.is_file());
    found.ok_or_else(|| format!("{agent} is not installed for tests; install it with `cargo xtask {chore}`"))
}

/// A program in the run's home and workspace, with none of our own variables.
pub(crate) fn command(program: impl AsRef<OsStr>, run: &Run<'_>) -> Command {
    let mut command = match run.within {
        [] => Command::new(program),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
    };
    let inherited = std::env::var("PATH").unwrap_or_default();
    command
        .current_dir(run.workspace)
        .env_clear()
        .env("HOME", run.home)
        .env("PATH", format!("{}:{inherited}", run.path_prefix.display()))
        .env("LANG", "C.UTF-8")
        // Agents built with Bun unpack their libraries there at every start and leave them.
        .env("BUN_TMPDIR", run.home.join(KEPT));
    command
}

/// Starts the command and waits until it is done; `done` knows the event that says so. The run's variables win over the
/// command's.
pub(crate) fn play(mut command: Command, run: &Run<'_>, done: fn(&Value) -> bool) -> io::Result<Transcript> {
    let kept = run.home.join(KEPT);
    fs::create_dir_all(&kept)?;
    let (mut stdout, mut stderr) = (kept_file(&kept.join("stdout"))?, kept_file(&kept.join("stderr"))?);
    command.stdin(Stdio::null()).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?).process_group(0);
    let status = wait(command.envs(run.variables.iter().copied()).spawn()?);
    sweep(run.home);
    let status = status?;
    let events: Vec<Value> = read_back(&mut stdout)?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let said_done = events.iter().any(done);
    Ok(Transcript { events, status, stderr: read_back(&mut stderr)?, said_done })
}

/// A file that can be read afterwards even where the agent has removed it.
fn kept_file(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(true).open(path)
}

fn read_back(file: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Waits; kills what takes too long.
fn wait(mut child: Child) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    while started.elapsed() < LONGEST_RUN {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// Ends every process that was started with this home: agents leave daemons and hung hooks behind. Nobody else has the
/// home of a test. Where there is no `/proc`, they stay.
fn sweep(home: &Path) {
    let mark = format!("HOME={}", home.display());
    let Ok(processes) = fs::read_dir("/proc") else { return };
    let numbers = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    for number in numbers {
        let environment = fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
        if environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes()) {
            let _ = Command::new("kill").args(["-9", &number.to_string()]).stderr(Stdio::null()).status();
        }
    }
}

/// Joins settings into a JSON file: objects are merged, everything else is replaced, and what was there stays.
pub(crate) fn merge_settings(file: &Path, settings: &Value) -> io::Result<()> {
    let mut merged = match fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(_) => Value::Object(serde_json::Map::new()),
    };
    merge(&mut merged, settings);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, format!("{merged:#}\n"))
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_joined_and_what_was_there_stays() {
        let mut settings = json!({"hooks": {"a": [1]}, "general": {"x": 1}});
        merge(&mut settings, &json!({"general": {"y": 2}, "hooks": {"b": []}}));
        assert_eq!(settings, json!({"hooks": {"a": [1], "b": []}, "general": {"x": 1, "y": 2}}));
    }
}
