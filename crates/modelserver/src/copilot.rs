//! Runs the real Copilot CLI against a scripted model, with everything allowed.
//!
//! In: where its home and workspace are. Out: its transcript. All that points it at the model is in its environment.

use std::io;
use std::path::{Path, PathBuf};

use crate::Server;
use crate::drive::{self, Run, Transcript};

const BELOW_NPM: &str = "copilot/node_modules/@github/copilot-linux-x64/copilot";

/// Finds Copilot CLI.
///
/// # Errors
/// What to do to have it.
pub fn find() -> Result<PathBuf, String> {
    drive::installed("Copilot CLI", BELOW_NPM, "agents")
}

/// Gives the prompt to Copilot and waits until it is done.
///
/// # Errors
/// Where it cannot be started, or its output cannot be kept.
pub fn run(copilot: &Path, model: &Server, run: &Run<'_>, prompt: &str) -> io::Result<Transcript> {
    let mut command = drive::command(copilot, run);
    command
        .args(["-p", prompt, "--output-format", "json", "--allow-all"])
        .args(run.arguments)
        .env("COPILOT_OFFLINE", "true")
        .env("COPILOT_AUTO_UPDATE", "false")
        .env("COPILOT_PROVIDER_BASE_URL", format!("{}/v1", model.url()))
        .env("COPILOT_PROVIDER_API_KEY", "scripted")
        .env("COPILOT_MODEL", "stub-model");
    drive::play(command, run, |event| event["type"] == "result" && event["exitCode"] == 0)
}
