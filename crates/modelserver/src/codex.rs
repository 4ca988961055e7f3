//! Runs the real Codex CLI against a scripted model, in its bypass mode.
//!
//! In: where its home and workspace are. Out: its transcript. What points it at the model is given on the command line,
//! so that its settings file stays what `init` has made of it. Its own answer to untrusted hooks is left as it is.

use std::io;
use std::path::{Path, PathBuf};

use crate::Server;
use crate::drive::{self, Run, Transcript};

const BELOW_NPM: &str = "codex/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex";

/// Finds Codex.
///
/// # Errors
/// What to do to have it.
pub fn find() -> Result<PathBuf, String> {
    drive::installed("Codex CLI", BELOW_NPM, "agents")
}

/// Gives the prompt to Codex and waits until it is done.
///
/// # Errors
/// Where it cannot be started, or its output cannot be kept.
pub fn run(codex: &Path, model: &Server, run: &Run<'_>, prompt: &str) -> io::Result<Transcript> {
    let mut command = drive::command(codex, run);
    command.args(["exec", "--json", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"]);
    for setting in settings(model) {
        command.args(["-c", &setting]);
    }
    command.env("SCRIPTED_KEY", "scripted").args(run.arguments).arg(prompt);
    drive::play(command, run, |event| event["type"] == "turn.completed")
}

fn settings(model: &Server) -> [String; 5] {
    let provider = "model_providers.scripted";
    [
        // A model of this family is offered classic tools, among them one that patches files.
        "model=\"gpt-5.5\"".to_owned(),
        "model_provider=\"scripted\"".to_owned(),
        format!(
            "{provider}={{name=\"scripted\",base_url=\"{}/v1\",env_key=\"SCRIPTED_KEY\",wire_api=\"responses\",request_max_retries=0,stream_max_retries=0}}",
            model.url()
        ),
        "analytics.enabled=false".to_owned(),
        "check_for_update_on_startup=false".to_owned(),
    ]
}
