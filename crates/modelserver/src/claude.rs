//! Runs the real Claude Code, headless and offline, against a scripted model.
//!
//! In: where its home and workspace are. Out: its transcript. The binary comes from `BAILIWICK_CLAUDE` or from where
//! `cargo xtask claude` puts it; where there is none, that is an error that says how to get it, never a skip.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Server;

/// Where npm puts the binary, below the target directory.
pub const BELOW_TARGET: &str = "npm/node_modules/@anthropic-ai/claude-code-linux-x64/claude";

/// A run of some turns takes 2 to 10 s on a busy machine; this is where a hang is called one.
const LONGEST_RUN: Duration = Duration::from_secs(180);

/// Finds Claude Code.
///
/// # Errors
/// What to do to have it.
pub fn find() -> Result<PathBuf, String> {
    if let Some(given) = std::env::var_os("BAILIWICK_CLAUDE") {
        let given = PathBuf::from(given);
        return if given.is_file() { Ok(given) } else { Err(format!("BAILIWICK_CLAUDE names no file: {}", given.display())) };
    }
    let test = std::env::current_exe().map_err(|error| format!("cannot tell where this test lies: {error}"))?;
    let found = test.ancestors().map(|above| above.join(BELOW_TARGET)).find(|path| path.is_file());
    found.ok_or_else(|| "Claude Code is not installed for tests; install it with `cargo xtask claude`".to_owned())
}

/// How Claude Code treats its own permission prompts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Edits pass and commands pass, in the whole home: a client that has been told to ask little.
    AcceptEdits,
    /// Nothing is asked: only hooks stand in the way.
    Bypass,
}

/// One run.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The user's home: settings, history, secrets.
    pub home: &'a Path,
    /// The project.
    pub workspace: &'a Path,
    /// How prompts are treated.
    pub mode: Mode,
    /// What stands before the usual search path, so that hooks find their binary.
    pub path_prefix: &'a Path,
    /// Further variables.
    pub variables: &'a [(&'a str, &'a str)],
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
}

impl Transcript {
    /// Whether the agent finished its task without an error of its own.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        let last = self.events.iter().rfind(|event| event["type"] == "result");
        self.status.is_some_and(|status| status.success()) && last.is_some_and(|event| event["is_error"] == false)
    }

    /// How many calls the agent reports as refused by its own permission engine.
    #[must_use]
    pub fn permission_denials(&self) -> usize {
        let last = self.events.iter().rfind(|event| event["type"] == "result");
        last.and_then(|event| event["permission_denials"].as_array()).map_or(0, Vec::len)
    }
}

/// Gives the prompt to Claude Code and waits until it is done.
///
/// # Errors
/// Where it cannot be started, or its output cannot be kept.
pub fn run(claude: &Path, model: &Server, run: &Run<'_>, prompt: &str) -> io::Result<Transcript> {
    let kept = run.home.join(".transcript");
    fs::create_dir_all(&kept)?;
    let (stdout, stderr) = (kept.join("stdout"), kept.join("stderr"));
    let mut command = command(claude, model, run, prompt);
    command.stdin(Stdio::null()).stdout(File::create(&stdout)?).stderr(File::create(&stderr)?);
    let status = wait(command.spawn()?)?;
    let events =
        String::from_utf8_lossy(&fs::read(&stdout)?).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Ok(Transcript { events, status, stderr: String::from_utf8_lossy(&fs::read(&stderr)?).into_owned() })
}

fn command(claude: &Path, model: &Server, run: &Run<'_>, prompt: &str) -> Command {
    let mut command = Command::new(claude);
    command.args(["-p", prompt, "--output-format", "stream-json", "--verbose", "--include-hook-events"]);
    match run.mode {
        Mode::AcceptEdits => {
            command.args(["--permission-mode", "acceptEdits", "--allowedTools", "Bash(*)", "--add-dir"]).arg(run.home)
        }
        Mode::Bypass => command.arg("--dangerously-skip-permissions"),
    };
    let inherited = std::env::var("PATH").unwrap_or_default();
    command
        .current_dir(run.workspace)
        .env_clear()
        .env("HOME", run.home)
        .env("PATH", format!("{}:{inherited}", run.path_prefix.display()))
        .env("LANG", "C.UTF-8")
        .env("ANTHROPIC_BASE_URL", model.url())
        .env("ANTHROPIC_API_KEY", "scripted")
        .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
        .env("DISABLE_TELEMETRY", "1")
        .env("DISABLE_AUTOUPDATER", "1")
        .env("DISABLE_ERROR_REPORTING", "1")
        // Without it, bypass mode refuses to start for root, and continuous integration often is root.
        .env("IS_SANDBOX", "1")
        .envs(run.variables.iter().copied());
    command
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
