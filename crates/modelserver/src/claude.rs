//! Runs the real Claude Code, headless and offline, against a scripted model.
//!
//! In: where its home and workspace are. Out: its transcript. The binary comes from `BAILIWICK_CLAUDE` or from where
//! `cargo xtask claude` puts it; where there is none, that is an error that says how to get it, never a skip.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Server;
use crate::drive::{self, Run, Transcript};

/// Where npm puts the binary.
const BELOW_NPM: &str = "node_modules/@anthropic-ai/claude-code-linux-x64/claude";

/// Finds Claude Code.
///
/// # Errors
/// What to do to have it.
pub fn find() -> Result<PathBuf, String> {
    if let Some(given) = std::env::var_os("BAILIWICK_CLAUDE") {
        let given = PathBuf::from(given);
        return if given.is_file() { Ok(given) } else { Err(format!("BAILIWICK_CLAUDE names no file: {}", given.display())) };
    }
    drive::installed("Claude Code", BELOW_NPM, "claude")
}

/// How Claude Code treats its own permission prompts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Edits pass and commands pass, in the whole home: a client that has been told to ask little.
    AcceptEdits,
    /// Nothing is asked: only hooks stand in the way.
    Bypass,
}

/// Gives the prompt to Claude Code and waits until it is done.
///
/// # Errors
/// Where it cannot be started, or its output cannot be kept.
pub fn run(claude: &Path, model: &Server, run: &Run<'_>, mode: Mode, prompt: &str) -> io::Result<Transcript> {
    let mut command = drive::command(claude, run);
    point_at(&mut command, model, run, mode, prompt);
    drive::play(command, run, |event| event["type"] == "result" && event["is_error"] == false)
}

fn point_at(command: &mut Command, model: &Server, run: &Run<'_>, mode: Mode, prompt: &str) {
    command.args(["-p", prompt, "--output-format", "stream-json", "--verbose", "--include-hook-events"]);
    match mode {
        Mode::AcceptEdits => {
            command.args(["--permission-mode", "acceptEdits", "--allowedTools", "Bash(*)", "--add-dir"]).arg(run.home)
        }
        Mode::Bypass => command.arg("--dangerously-skip-permissions"),
    };
    command
        .args(run.arguments)
        .env("ANTHROPIC_BASE_URL", model.url())
        .env("ANTHROPIC_API_KEY", "scripted")
        .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
        .env("DISABLE_TELEMETRY", "1")
        .env("DISABLE_AUTOUPDATER", "1")
        .env("DISABLE_ERROR_REPORTING", "1")
        // Without it, bypass mode refuses to start for root, and continuous integration often is root.
        .env("IS_SANDBOX", "1");
}
