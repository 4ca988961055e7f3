//! Runs the real Cline CLI against a scripted model, with everything approved.
//!
//! In: where its home and workspace are. Out: its transcript. Its own `auth` command writes what points it at the model.
//! It leaves a daemon behind at each run, which is ended with it.

use std::io;
use std::path::{Path, PathBuf};

use crate::Server;
use crate::drive::{self, Run, Transcript};

const BELOW_NPM: &str = "cline/node_modules/@cline/cli-linux-x64/bin/cline";

/// Finds Cline.
///
/// # Errors
/// What to do to have it.
pub fn find() -> Result<PathBuf, String> {
    drive::installed("Cline CLI", BELOW_NPM, "agents")
}

/// Gives the prompt, which must be of several words, to Cline and waits until it is done.
///
/// # Errors
/// Where it cannot be started, or its output cannot be kept.
pub fn run(cline: &Path, model: &Server, run: &Run<'_>, prompt: &str) -> io::Result<Transcript> {
    let mut sign_in = drive::command(cline, run);
    let url = format!("{}/v1", model.url());
    sign_in.args(["auth", "-p", "openai-compatible", "-k", "scripted", "-m", "stub-model", "-b", &url]);
    let signed_in = drive::play(sign_in, run, |_| true)?;
    if !signed_in.status.is_some_and(|status| status.success()) {
        return Err(io::Error::other(format!("cline auth failed: {signed_in:?}")));
    }
    let mut command = drive::command(cline, run);
    command.arg("--json").args(run.arguments).arg(prompt);
    drive::play(command, run, |event| event["type"] == "run_result" && event["finishReason"] == "completed")
}
