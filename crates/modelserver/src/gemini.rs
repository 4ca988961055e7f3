//! Runs the real Gemini CLI against a scripted model, in its mode that asks nothing.
//!
//! In: where its home and workspace are. Out: its transcript. Writes into the user's settings what points it at the
//! model, beside what is there.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::Server;
use crate::drive::{self, Run, Transcript};

const BELOW_NPM: &str = "gemini/node_modules/@google/gemini-cli/bundle/gemini.js";

/// Finds Gemini CLI: a script for Node.
///
/// # Errors
/// What to do to have it.
pub fn find() -> Result<PathBuf, String> {
    drive::installed("Gemini CLI", BELOW_NPM, "agents")
}

/// Gives the prompt to Gemini CLI and waits until it is done.
///
/// # Errors
/// Where it cannot be started, or its output cannot be kept.
pub fn run(gemini: &Path, model: &Server, run: &Run<'_>, prompt: &str) -> io::Result<Transcript> {
    let settings = json!({
        "security": {"auth": {"selectedType": "gemini-api-key"}},
        "privacy": {"usageStatisticsEnabled": false},
        "telemetry": {"enabled": false},
        "general": {"disableAutoUpdate": true},
        "model": {"name": "gemini-2.5-flash"},
    });
    drive::merge_settings(&run.home.join(".gemini/settings.json"), &settings)?;
    let mut command = drive::command("node", run);
    command
        .arg(gemini)
        .args(["-p", prompt, "-o", "stream-json", "--approval-mode", "yolo", "--skip-trust"])
        .args(run.arguments)
        .env("GOOGLE_GEMINI_BASE_URL", model.url())
        .env("GEMINI_API_KEY", "scripted");
    drive::play(command, run, |event| event["type"] == "result" && event["status"] == "success")
}
