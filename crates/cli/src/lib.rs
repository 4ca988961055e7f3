//! What the binary `bailiwick` is made of: reads the command line, calls one module a command, prints failures in one place.
//! A library only so that a test can link it with another reading of commands; nothing but [`start`] comes out of it.

mod agents_here;
mod before_after;
mod canaries;
mod cmd;
mod dirs;
mod disk;
mod earlier;
mod failure;
mod folds;
mod git;
mod hook;
mod hook_trust;
mod irrevocable;
mod keeping;
mod ledger_view;
mod opinion;
mod reading;
mod review;
mod setup;
mod snapshots;
mod station;
mod taint;
mod terminal;
mod wall;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::dirs::Dirs;
use crate::reading::Reading;

/// Keeps an AI agent inside its bailiwick: every tool call is turned into effects, judged by one policy, recorded in a
/// log that anyone can verify, and can be undone.
#[derive(Parser)]
#[command(name = "bailiwick", version, after_help = "Begin with: bailiwick try · bailiwick init · bailiwick doctor")]
struct Cli {
    #[command(flatten)]
    places: PlacesArguments,
    #[command(subcommand)]
    command: Command,
}

/// Where the guard's own files lie.
#[derive(Args, Clone)]
struct PlacesArguments {
    /// Directory of ledger, objects and keys [default: ~/.local/state/bailiwick]
    #[arg(long, global = true, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Directory of the user's policy and map [default: ~/.config/bailiwick]
    #[arg(long, global = true, value_name = "DIR")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// See it work: a real session's calls through the real line, in a throw-away project
    Try(cmd::r#try::Arguments),
    /// Put the guard into the agents' settings
    Init(cmd::init::Arguments),
    /// Prove that the guard is live, and list what it cannot enforce here
    Doctor(cmd::doctor::Arguments),
    /// Answer one event of an agent (agents call this)
    Hook {
        /// The agent: claude-code, codex, gemini-cli …
        agent: String,
    },
    /// Judge a stream of events, one JSON object a line
    Judge(cmd::judge::Arguments),
    /// Run one allowed call inside the wall (the hook writes this)
    Exec(cmd::exec::Arguments),
    /// Run a whole program behind the wall: a shell, a script, an agent of your own
    Run(cmd::run::Arguments),
    /// Show what a command may do; touches nothing
    Effects(cmd::effects::Arguments),
    /// Look for secrets, hidden text and orders to agents in files
    Scan(cmd::scan::Arguments),
    /// Draft what the map says of a server's tools
    Map(cmd::map::Arguments),
    /// Check, test and read the policy
    Policy(cmd::policy::Arguments),
    /// List what was asked and decided
    Log(cmd::log::Arguments),
    /// Show a session as a tree
    Show(cmd::show::Arguments),
    /// Say why a call was allowed or not
    Why(cmd::why::Arguments),
    /// Check that nobody has changed the ledger
    Verify(cmd::verify::Arguments),
    /// Put back what a call changed
    Undo(cmd::undo::Arguments),
    /// Show, accept or discard what `run --review` has changed
    Review(cmd::review::Arguments),
    /// List what waits for a person's yes
    Pending(cmd::pending::Arguments),
    /// Let a call that needs a person's yes pass once
    Approve(cmd::approve::Arguments),
    /// Plant tokens that nobody should repeat
    Canary(cmd::canary::Arguments),
    /// Let a project's own policy and map count in full
    Trust(cmd::trust::Arguments),
}

/// Does what the command line says. `reading` is how a call becomes effects.
#[must_use]
pub fn start(reading: Reading) -> ExitCode {
    reading::set(reading);
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // The hot paths: what `init` writes is `hook AGENT [--state DIR] [--config DIR]`, and what the hook writes is
    // `--state DIR --config DIR exec …`. Building the whole command line parser takes a millisecond that they need not.
    if let Some((agent, state, config)) = hook_arguments(&arguments) {
        return hook::run(&agent, Dirs::find(state, config));
    }
    if let Some((state, config, arguments)) = exec_arguments(&arguments) {
        return exec(Dirs::find(Some(state), Some(config)), &arguments);
    }
    let cli = Cli::parse_from(arguments);
    let dirs = Dirs::find(cli.places.state, cli.places.config);
    let done = match cli.command {
        Command::Hook { agent } => return hook::run(&agent, dirs),
        Command::Try(arguments) => cmd::r#try::run(&arguments),
        Command::Init(arguments) => dirs.and_then(|dirs| cmd::init::run(&dirs, &arguments)),
        Command::Doctor(arguments) => dirs.and_then(|dirs| cmd::doctor::run(&dirs, &arguments)),
        Command::Judge(arguments) => dirs.and_then(|dirs| cmd::judge::run(dirs, arguments)),
        Command::Exec(arguments) => return exec(dirs, &arguments),
        Command::Run(arguments) => match dirs.and_then(|dirs| cmd::run::run(dirs, &arguments)) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
        Command::Map(arguments) => cmd::map::run(&arguments),
        Command::Effects(arguments) => cmd::effects::run(&arguments),
        Command::Scan(arguments) => match cmd::scan::run(&arguments) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
        Command::Policy(arguments) => dirs.and_then(|dirs| cmd::policy::run(&dirs, &arguments)),
        Command::Log(arguments) => dirs.and_then(|dirs| cmd::log::run(&dirs, &arguments)),
        Command::Show(arguments) => dirs.and_then(|dirs| cmd::show::run(&dirs, &arguments)),
        Command::Why(arguments) => dirs.and_then(|dirs| cmd::why::run(&dirs, &arguments)),
        Command::Verify(arguments) => dirs.and_then(|dirs| cmd::verify::run(&dirs, &arguments)),
        Command::Undo(arguments) => dirs.and_then(|dirs| cmd::undo::run(dirs, &arguments)),
        Command::Review(arguments) => dirs.and_then(|dirs| cmd::review::run(&dirs, &arguments)),
        Command::Pending(arguments) => dirs.and_then(|dirs| cmd::pending::run(&dirs, &arguments)),
        Command::Approve(arguments) => dirs.and_then(|dirs| cmd::approve::run(dirs, &arguments)),
        Command::Canary(arguments) => dirs.and_then(|dirs| cmd::canary::run(&dirs, &arguments)),
        Command::Trust(arguments) => dirs.and_then(|dirs| cmd::trust::run(&dirs, &arguments)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// `hook AGENT` with nothing but directories after it; anything else is for the full parser.
fn hook_arguments(arguments: &[OsString]) -> Option<(String, Option<PathBuf>, Option<PathBuf>)> {
    let (_, rest) = arguments.split_first()?;
    let [hook, agent, options @ ..] = rest else { return None };
    let agent = agent.to_str().filter(|agent| !agent.starts_with('-'))?;
    let (mut state, mut config) = (None, None);
    for pair in options.chunks(2) {
        match pair {
            [name, value] if name == "--state" => state = Some(PathBuf::from(value)),
            [name, value] if name == "--config" => config = Some(PathBuf::from(value)),
            _ => return None,
        }
    }
    (hook == "hook").then(|| (agent.to_owned(), state, config))
}

/// What the hook writes in a command's place; anything else is for the full parser.
fn exec_arguments(arguments: &[OsString]) -> Option<(PathBuf, PathBuf, cmd::exec::Arguments)> {
    let [_, state, at, config, beside, exec, rest @ ..] = arguments else { return None };
    let plain = state == "--state" && config == "--config" && exec == "exec";
    let arguments = cmd::exec::Arguments::written(rest).filter(|_| plain)?;
    Some((PathBuf::from(at), PathBuf::from(beside), arguments))
}

fn exec(dirs: Result<Dirs, failure::Failure>, arguments: &cmd::exec::Arguments) -> ExitCode {
    dirs.and_then(|dirs| cmd::exec::run(dirs, arguments)).unwrap_or_else(|failure| failure.report())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        let before = ["bailiwick", "--state", "/s", "--config", "/c", "exec"];
        before.into_iter().chain(line.split(' ')).map(OsString::from).collect()
    }

    #[test]
    fn what_hooks_write_is_read_as_the_whole_parser_reads_it() {
        for line in ["T -- ls", "T --carry -- ls", "T --after 7", "T -- --carry", "T -- --help"] {
            let slow = Cli::try_parse_from(words(line)).ok().and_then(|cli| {
                let Command::Exec(arguments) = cli.command else { return None };
                Some((cli.places.state?, cli.places.config?, arguments))
            });
            assert!(slow.is_some() && exec_arguments(&words(line)) == slow, "{line}");
        }
        let others = ["T", "T ls", "--probe -- x", "T --carry", "T -- a b", "T --after x", "--carry -- x", "T --after 7 -- x"];
        assert!(others.iter().all(|line| exec_arguments(&words(line)).is_none()));
    }
}
