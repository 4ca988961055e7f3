//! Starts the command that stands in an agent's settings, as the agent would, with a call that must come back denied
//! and one that must pass.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bailiwick_dialect::settings::{CLIENT_LIMIT_S, HookCommand};
use bailiwick_dialect::tongue::{Decision, Placement, Reply, Stage, Tongue};

use crate::failure::{Failure, Kind};
use crate::setup::optional;
use crate::terminal::{Ink, ink, line};

/// The agent's own limit for a hook, as `init` writes it.
const AGENT_LIMIT: Duration = Duration::from_secs(CLIENT_LIMIT_S);

/// A call that no policy of ours lets pass: it removes the guard's own state.
fn forbidden(command: &HookCommand) -> String {
    let mut options = command.args.iter().skip_while(|arg| *arg != "--state").skip(1);
    let state = options.next().map_or("~/.local/state/bailiwick", String::as_str);
    match state.strip_prefix("~/") {
        Some(below) => format!("rm -rf ~/'{below}'"),
        None => format!("rm -rf '{state}'"),
    }
}

/// Runs the canary and prints what came of it; a guard that is not live is a failure.
pub fn canary(agent: &Tongue, placement: &Placement, file: &Path, command: &HookCommand) -> Result<(), Failure> {
    match result(agent, placement, file, command) {
        Ok(text) => line(&format!("{} {}: {text}", ink(Ink::Green, "live"), agent.title)),
        Err(text) => {
            Err(Failure::new(Kind::No, format!("the guard is not live for {}: {text}", agent.title)).hint("bailiwick doctor"))
        }
    }
}

/// What came of the canary.
pub fn result(agent: &Tongue, placement: &Placement, file: &Path, command: &HookCommand) -> Result<String, String> {
    let text = optional(file).map_err(|failure| failure.line())?.ok_or_else(|| format!("{} is not there", file.display()))?;
    let hook = placement.before_tool(&text, agent, command)?;
    let started = Instant::now();
    let denied = answer(agent, &hook, "canary", &forbidden(command))?;
    let took = started.elapsed();
    if took > AGENT_LIMIT {
        return Err(format!("the answer took {} ms; the agent waits {} s", took.as_millis(), AGENT_LIMIT.as_secs()));
    }
    if !matches!(denied, Decision::Deny(_)) {
        return Err(format!("the canary call was not denied; the agent would read {denied:?}"));
    }
    // A guard that refuses everything is no guard that works: a harmless call must pass.
    match answer(agent, &hook, "harmless", "pwd")? {
        Decision::Pass => {
            Ok(format!("a canary call through the settings' own command came back denied in {} ms", took.as_millis()))
        }
        other @ (Decision::Ask(_) | Decision::Deny(_) | Decision::Garbage) => {
            Err(format!("a harmless call did not pass; the agent would read {other:?}"))
        }
    }
}

/// What the agent would read from the hook on a shell call from here.
fn answer(agent: &Tongue, hook: &str, id: &str, command: &str) -> Result<Decision, String> {
    let here = std::env::current_dir().unwrap_or_default();
    let stage = Stage { session: "doctor".to_owned(), cwd: here.to_string_lossy().into_owned() };
    let event = (agent.probe.shell)(&stage, &format!("{id}-{}", crate::station::now_ms()), command);
    let output = start(hook, &event)?;
    let reply = Reply { exit: output.status.code(), stdout: &output.stdout, stderr: &output.stderr };
    Ok((agent.probe.decision)(&reply))
}

/// Runs the settings' command as the agent would.
fn start(command: &str, event: &str) -> Result<std::process::Output, String> {
    let mut child = Command::new("/bin/sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the settings' command does not start: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A guard that does not read its input is seen by what it answers.
        let _ = stdin.write_all(event.as_bytes());
    }
    child.wait_with_output().map_err(|error| format!("the settings' command failed: {error}"))
}
