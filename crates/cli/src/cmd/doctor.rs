//! `bailiwick doctor`: proves that the guard is live by starting the very command from the settings, as the agent
//! would, with a canary call that must come back denied; checks what it stands on; lists what hooks cannot enforce.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bailiwick_dialect::claude;
use bailiwick_dialect::claude::probe::{Decision, Stage, decision};
use bailiwick_dialect::claude::settings::{find_commands, hooks_disabled, missing};
use bailiwick_ledger::verify::{VerifyOptions, verify};

use crate::cmd::init::{hook_command, settings_file};
use crate::dirs::{Dirs, workspace_of};
use crate::failure::{Failure, Kind};
use crate::setup::{Choice, Setup, optional};
use crate::terminal::{Ink, ink, line};

/// The agent's own limit for a hook, as `init` writes it.
const AGENT_LIMIT: Duration = Duration::from_secs(15);

/// Environment variables that switch the agent's user hooks off.
const SWITCHES: [&str; 2] = ["CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_SAFE_MODE"];

/// Prove that the guard is live, and list what it cannot enforce here
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick doctor")]
pub struct Arguments {
    /// The settings file [default: ~/.claude/settings.json]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

/// Checks, prints; fails where anything that should stand does not.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let file = match &arguments.settings {
        Some(file) => file.clone(),
        None => settings_file()?,
    };
    let mut problems = 0;
    for check in [policy_loads, ledger_verifies, nothing_switches_off] {
        problems += usize::from(!said(check(dirs))?);
    }
    problems += usize::from(!said(settings_hold(dirs, &file))?);
    problems += usize::from(!said(canary_result(dirs, &file))?);
    line("")?;
    line("what hooks cannot enforce for claude-code here:")?;
    for residue in claude::residue() {
        line(&format!("  · {}", residue.what))?;
        line(&ink(Ink::Dim, &format!("    {}", residue.cure)))?;
    }
    if problems > 0 {
        return Err(Failure::new(Kind::No, format!("{problems} problem(s)")).hint("bailiwick init"));
    }
    Ok(())
}

fn said(result: Result<String, String>) -> Result<bool, Failure> {
    match result {
        Ok(text) => line(&format!("{} {text}", ink(Ink::Green, "ok  "))).map(|()| true),
        Err(text) => line(&format!("{} {text}", ink(Ink::Red, "FAIL"))).map(|()| false),
    }
}

fn policy_loads(dirs: &Dirs) -> Result<String, String> {
    let here = std::env::current_dir().unwrap_or_default();
    let setup = Setup::load(dirs, &workspace_of(&here.to_string_lossy()), &Choice::default());
    setup
        .map(|setup| format!("the policy loads ({})", &setup.digest.get(..12).unwrap_or_default()))
        .map_err(|failure| failure.line())
}

fn ledger_verifies(dirs: &Dirs) -> Result<String, String> {
    if !dirs.ledger().exists() {
        return Ok("there is no ledger yet; the first event makes it".to_owned());
    }
    let report = verify(&dirs.ledger(), &VerifyOptions::default()).map_err(|failure| format!("the ledger: {failure}"))?;
    Ok(format!("the ledger verifies ({} entries)", report.size))
}

fn nothing_switches_off(_: &Dirs) -> Result<String, String> {
    let set: Vec<&str> = SWITCHES.into_iter().filter(|name| std::env::var_os(name).is_some()).collect();
    if set.is_empty() {
        Ok("no environment variable switches hooks off".to_owned())
    } else {
        Err(format!("{} is set: the agent runs without hooks", set.join(", ")))
    }
}

fn settings_hold(dirs: &Dirs, file: &Path) -> Result<String, String> {
    let text = optional(file).map_err(|failure| failure.line())?.ok_or_else(|| format!("{} is not there", file.display()))?;
    if hooks_disabled(&text).map_err(|error| format!("{}: {error}", file.display()))? {
        return Err(format!("{} says disableAllHooks", file.display()));
    }
    let command = hook_command(dirs).map_err(|failure| failure.line())?;
    let absent = missing(&text, &command).map_err(|error| format!("{}: {error}", file.display()))?;
    if absent.is_empty() {
        Ok(format!("{} has every hook", file.display()))
    } else {
        Err(format!("{} lacks the hook for {}", file.display(), absent.join(", ")))
    }
}

/// Runs the canary and prints what came of it; a guard that is not live is a failure.
pub fn canary(dirs: &Dirs, file: &Path) -> Result<(), Failure> {
    match canary_result(dirs, file) {
        Ok(text) => line(&format!("{} {text}", ink(Ink::Green, "live"))),
        Err(text) => Err(Failure::new(Kind::No, format!("the guard is not live: {text}")).hint("bailiwick doctor")),
    }
}

fn canary_result(dirs: &Dirs, file: &Path) -> Result<String, String> {
    let text = optional(file).map_err(|failure| failure.line())?.ok_or("there are no settings")?;
    let found = find_commands(&text).map_err(|error| error.to_string())?;
    let ours: Vec<_> = found.iter().filter(|found| found.ours && found.event == "PreToolUse").collect();
    let [hook] = ours.as_slice() else { return Err(format!("{} of our hooks stand for PreToolUse", ours.len())) };
    let started = Instant::now();
    // A call that no policy of ours lets pass: it removes the guard's own state.
    let (code, answer) = start(&hook.command, &shell_event("canary", &format!("rm -rf '{}'", dirs.state.display())))?;
    let took = started.elapsed();
    if took > AGENT_LIMIT {
        return Err(format!("the answer took {} ms; the agent waits {} s", took.as_millis(), AGENT_LIMIT.as_secs()));
    }
    // A guard that refuses everything is no guard that works: a harmless call must pass.
    let (passed, harmless) = start(&hook.command, &shell_event("harmless", "pwd"))?;
    if passed != Some(0) || decision(&harmless) != Decision::Pass {
        return Err(format!("a harmless call did not pass; the command answered {:?}", String::from_utf8_lossy(&harmless)));
    }
    if code == Some(2) || (code == Some(0) && matches!(decision(&answer), Decision::Deny(_))) {
        Ok(format!("a canary call through the settings' own command came back denied in {} ms", took.as_millis()))
    } else {
        Err(format!("the canary call was not denied; the command answered {:?}", String::from_utf8_lossy(&answer)))
    }
}

/// A shell call from here, as the client would report it.
fn shell_event(id: &str, command: &str) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let stage = Stage { session: "doctor".to_owned(), cwd: here.to_string_lossy().into_owned() };
    let id = format!("{id}-{}", crate::station::now_ms());
    stage.call(&id, "Bash", &serde_json::json!({ "command": command }))
}

/// Runs the settings' command as the client would; its exit code and answer.
fn start(command: &str, event: &str) -> Result<(Option<i32>, Vec<u8>), String> {
    let mut child = Command::new("/bin/sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("the settings' command does not start: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A guard that does not read its input is seen by what it answers.
        let _ = stdin.write_all(event.as_bytes());
    }
    let waited = child.wait_with_output().map(|output| (output.status.code(), output.stdout));
    waited.map_err(|error| format!("the settings' command failed: {error}"))
}
