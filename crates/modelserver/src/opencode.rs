//! Runs the real opencode against a scripted model, with everything allowed.
//!
//! In: where its home and workspace are. Out: its transcript. Writes into the user's settings what points it at the
//! model, beside what is there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::Server;
use crate::drive::{self, Run, Transcript};

const BELOW_NPM: &str = "opencode/node_modules/opencode-linux-x64/bin/opencode";

/// Finds opencode.
///
/// # Errors
/// What to do to have it.
pub fn find() -> Result<PathBuf, String> {
    drive::installed("opencode", BELOW_NPM, "agents")
}

/// Gives the prompt to opencode and waits until it is done.
///
/// # Errors
/// Where it cannot be started, or its output cannot be kept.
pub fn run(opencode: &Path, model: &Server, run: &Run<'_>, prompt: &str) -> io::Result<Transcript> {
    let settings = json!({
        "model": "stub/stub-model",
        "small_model": "stub/stub-model",
        "autoupdate": false,
        "share": "disabled",
        "provider": {"stub": {
            "npm": "@ai-sdk/openai-compatible",
            "options": {"baseURL": format!("{}/v1", model.url()), "apiKey": "scripted"},
            "models": {"stub-model": {"tool_call": true}},
        }},
    });
    drive::merge_settings(&run.home.join(".config/opencode/opencode.json"), &settings)?;
    // Without it the first start waits more than a minute for a registry.
    fs::write(run.home.join(".npmrc"), "offline=true\nfetch-retries=0\n")?;
    let mut command = drive::command(opencode, run);
    command
        .args(["run", "--format", "json", "--auto"])
        .args(run.arguments)
        .arg(prompt)
        .env("OPENCODE_DISABLE_AUTOUPDATE", "1")
        .env("OPENCODE_DISABLE_MODELS_FETCH", "1")
        .env("OPENCODE_DISABLE_LSP_DOWNLOAD", "1");
    drive::play(command, run, |event| event["type"] == "step_finish" && event["part"]["reason"] == "stop")
}
