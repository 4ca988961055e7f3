//! `bailiwick doctor`: proves for each agent that the guard is live by starting the very command from its settings, as
//! the agent would, with a canary call that must come back denied; checks what it stands on; lists what hooks cannot
//! enforce.

mod canary;

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use bailiwick_dialect::agents;
use bailiwick_dialect::settings::HookCommand;
use bailiwick_dialect::tongue::{Form, Placement, Tier, Tongue};
use bailiwick_ledger::verify::{VerifyOptions, verify};

use crate::agents_here::{chosen, files, hook_command, is_here};
pub use crate::cmd::doctor::canary::canary;
use crate::dirs::{Dirs, workspace_of};
use crate::failure::{Failure, Kind};
use crate::hook_trust;
use crate::review::Layer;
use crate::setup::{Choice, Setup, optional};
use crate::terminal::{Ink, ink, line};
use crate::wall::secrets::source::described;

/// Prove that the guard is live, and list what it cannot enforce here
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick doctor\n         bailiwick doctor --agent codex")]
pub struct Arguments {
    /// Only this agent; may be given again [default: every agent that is found or guarded]
    #[arg(long, value_name = "NAME")]
    agent: Vec<String>,
    /// The settings file, for one agent [default: the agent's own]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

/// Checks, prints; fails where anything that should stand does not.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let agents = chosen(&arguments.agent, arguments.settings.as_deref())?;
    let mut problems = 0;
    for check in [policy_loads, ledger_verifies, wall_stands, whole_agents] {
        problems += usize::from(!said(check(dirs))?);
    }
    for result in secrets(dirs) {
        problems += usize::from(!said(result)?);
    }
    for agent in &agents {
        line("")?;
        line(&ink(Ink::Bold, agent.title))?;
        problems += of_agent(dirs, agent, arguments.settings.as_deref())?;
    }
    if agents.is_empty() {
        problems += usize::from(!said(Err("no agent is found on this machine; name one with --agent".to_owned()))?);
    }
    if problems > 0 {
        return Err(Failure::new(Kind::No, format!("{problems} problem(s)")).hint("bailiwick init"));
    }
    Ok(())
}

/// Whether shell commands can run behind the wall, where the agent lets a hook put them there.
fn wall_stands(dirs: &Dirs) -> Result<String, String> {
    let cwd = std::env::current_dir().map_err(|error| error.to_string())?;
    let wanted = Setup::load(dirs, &workspace_of(&cwd.to_string_lossy()), &Choice::default())
        .map_err(|failure| failure.line())?
        .map
        .wall
        .and_then(|wall| wall.exec);
    if wanted == Some(false) {
        return Ok("the wall is off, by the map: shell commands run as the agent starts them".to_owned());
    }
    let missing = crate::wall::probe::again(dirs);
    match (missing.is_empty(), wanted) {
        (true, _) => {
            Ok("the wall can be built: allowed shell commands run behind it, where the agent lets a hook put them there"
                .to_owned())
        }
        (false, Some(_)) => Err(format!("the map wants a wall, and none can be built here: {missing}")),
        (false, None) => Ok(format!("no wall can be built here, so shell commands run as the agent starts them: {missing}")),
    }
}

/// Whether whole agents can run inside, and what still waits there for a review.
fn whole_agents(dirs: &Dirs) -> Result<String, String> {
    let missing = crate::wall::probe::missing_for_agents();
    let agents: Vec<&str> = agents::all().iter().filter(|agent| agent.profile.is_some()).map(|agent| agent.title).collect();
    let waiting = Layer::all(dirs).len();
    let waiting = if waiting > 0 { format!("; {waiting} run(s) wait for a review: bailiwick review") } else { String::new() };
    if missing.is_empty() {
        return Ok(format!("whole agents can run inside, with `bailiwick run`: {}{waiting}", agents.join(", ")));
    }
    Ok(format!("no whole agent can run inside here (`bailiwick run`): {missing}{waiting}"))
}

/// The map's secrets: where each comes from and whether it is there. No value is shown, nor any part of one.
fn secrets(dirs: &Dirs) -> Vec<Result<String, String>> {
    let cwd = std::env::current_dir().unwrap_or_default();
    let workspace = workspace_of(&cwd.to_string_lossy());
    // A map that does not load was said above.
    let Ok(setup) = Setup::load(dirs, &workspace, &Choice::default()) else { return Vec::new() };
    let found = crate::wall::secrets::found(&setup.map.secrets, &[PathBuf::from(workspace)]);
    let told = |(name, found): (&str, Result<bool, String>)| {
        let Some(secret) = setup.map.secrets.get(name) else { return Err(format!("the secret {name} is nowhere")) };
        let from = described(&secret.from.at);
        match found {
            Ok(true) => Ok(format!("the secret {name} is there, from {from}, for {}", secret.hosts.join(", "))),
            Ok(false) => Ok(format!("the secret {name} is not there, so programs get nothing of it: {from}")),
            Err(why) => Err(format!("the secret {name} cannot be had, so no call behind the wall runs: {why}")),
        }
    };
    found.into_iter().map(told).collect()
}

/// One agent's checks and residue; how many checks failed.
fn of_agent(dirs: &Dirs, agent: &'static Tongue, settings: Option<&Path>) -> Result<usize, Failure> {
    let mut problems = usize::from(!said(nothing_switches_off(agent))?);
    if !agent.project.is_empty() {
        problems += usize::from(!said(project_leaves(agent))?);
    }
    let managed = tier(dirs, agent, Tier::Managed, None)?;
    // The machine's tier alone is enough; where it does not stand, the user's must.
    let stands = !managed.is_empty() && managed.iter().all(Result::is_ok);
    for result in if stands { managed } else { tier(dirs, agent, Tier::User, settings)? } {
        problems += usize::from(!said(result)?);
    }
    if !is_here(agent) {
        line(&ink(Ink::Dim, "     its program is not found here"))?;
    }
    line("  what its hooks cannot enforce:")?;
    for residue in agent.residue {
        line(&format!("  · {}", residue.what))?;
        line(&ink(Ink::Dim, &format!("    {}", residue.cure)))?;
    }
    Ok(problems)
}

/// Whether the files of a tier hold, and whether the guard answers through them.
fn tier(
    dirs: &Dirs,
    agent: &'static Tongue,
    tier: Tier,
    settings: Option<&Path>,
) -> Result<Vec<Result<String, String>>, Failure> {
    let command = hook_command(dirs, tier)?;
    let mut results = Vec::new();
    for (placement, path) in files(agent, tier)? {
        let path = settings.map_or(path, Path::to_owned);
        results.push(holds(placement, &path, &command).and_then(|text| roots_alone(placement, &path).map(|()| text)));
        if results.len() == 1 && results.iter().all(Result::is_ok) {
            results.push(canary::result(agent, placement, &path, &command));
        }
    }
    if tier == Tier::User && results.iter().all(Result::is_ok) {
        results.extend(trusted(agent, &command));
    }
    Ok(results)
}

/// Whether an agent that wants to be told to trust hooks would run ours.
fn trusted(agent: &Tongue, command: &HookCommand) -> Option<Result<String, String>> {
    let said = |idle: Vec<String>| {
        if idle.is_empty() {
            Ok(format!("{} trusts the hooks", agent.title))
        } else {
            Err(format!("{} does not trust, or has switched off, {}", agent.title, idle.join(", ")))
        }
    };
    hook_trust::idle(agent, command).map(|idle| idle.and_then(said))
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

fn nothing_switches_off(agent: &Tongue) -> Result<String, String> {
    let set: Vec<&str> = agent.switches.iter().copied().filter(|name| std::env::var_os(name).is_some()).collect();
    if set.is_empty() {
        Ok("no environment variable switches hooks off or moves them".to_owned())
    } else {
        Err(format!("{} is set: the agent may run without these hooks", set.join(", ")))
    }
}

/// Whether the project that this runs in leaves the hooks be.
fn project_leaves(agent: &Tongue) -> Result<String, String> {
    let here = std::env::current_dir().unwrap_or_default();
    let root = PathBuf::from(workspace_of(&here.to_string_lossy()));
    let mut folders = vec![here];
    if !folders.contains(&root) {
        folders.push(root);
    }
    for (folder, file) in folders.iter().flat_map(|folder| agent.project.iter().map(move |file| (folder, file))) {
        let path = folder.join(file.path);
        let text = optional(&path).map_err(|failure| failure.line())?;
        if let Some(how) = text.and_then(|text| (file.weakens)(&text)) {
            return Err(format!("{}: {how}", path.display()));
        }
    }
    Ok("no settings of this project leave the hooks out".to_owned())
}

/// A file of the machine's tier that others may write is theirs, and some agents pass over it.
fn roots_alone(placement: &Placement, path: &Path) -> Result<(), String> {
    let Ok(file) = std::fs::metadata(path) else { return Ok(()) };
    let open = placement.tier == Tier::Managed && (file.uid() != 0 || file.mode() & 0o022 != 0);
    if open { Err(format!("{} may be written by others than root", path.display())) } else { Ok(()) }
}

fn holds(placement: &Placement, path: &Path, command: &HookCommand) -> Result<String, String> {
    let shown = path.display();
    let text = optional(path).map_err(|failure| failure.line())?.ok_or_else(|| format!("{shown} is not there"))?;
    if let Form::Settings(layout) = &placement.form
        && let Some(switch) = layout.switched_off(&text).map_err(|error| format!("{shown}: {error}"))?
    {
        return Err(format!("{shown} says {switch}"));
    }
    let absent = placement.missing(&text, command).map_err(|error| format!("{shown}: {error}"))?;
    if absent.is_empty() { Ok(format!("{shown} has every hook")) } else { Err(format!("{shown} lacks {}", absent.join(", "))) }
}
