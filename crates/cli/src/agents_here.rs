//! Which agents are on this machine, and where their hook files lie for this user.

use std::path::{Path, PathBuf};

use bailiwick_dialect::agents;
use bailiwick_dialect::settings::HookCommand;
use bailiwick_dialect::tongue::{Placement, Tier, Tongue};

use crate::dirs::{Dirs, home};
use crate::failure::{Failure, Kind};
use crate::wall::programs;

/// The agents named, or else those found on the search path or by their directories in the home. A settings file that
/// was given is one agent's.
pub fn chosen(names: &[String], settings: Option<&Path>) -> Result<Vec<&'static Tongue>, Failure> {
    let agents: Vec<&'static Tongue> = if names.is_empty() {
        agents::all().iter().copied().filter(|agent| is_here(agent)).collect()
    } else {
        names.iter().map(|name| agents::named(name).ok_or_else(|| unknown(name))).collect::<Result<_, _>>()?
    };
    if settings.is_some() && agents.len() != 1 {
        return Err(Failure::new(Kind::Usage, "--settings is for one agent").hint("name it: --agent NAME"));
    }
    Ok(agents)
}

fn unknown(name: &str) -> Failure {
    let known: Vec<&str> = agents::all().iter().map(|agent| agent.name).collect();
    Failure::new(Kind::Usage, format!("there is no agent {name:?} here")).hint(format!("one of: {}", known.join(", ")))
}

/// Whether the agent's program is on the search path, or its directory in the home.
pub fn is_here(agent: &Tongue) -> bool {
    agent.programs.iter().any(|name| programs::is_installed(name))
        || home().is_some_and(|home| agent.homes.iter().any(|name| home.join(name).is_dir()))
}

/// The files of one tier, with where they lie for this user.
pub fn files(agent: &'static Tongue, tier: Tier) -> Result<Vec<(&'static Placement, PathBuf)>, Failure> {
    let placed = agent.placements.iter().filter(|placement| placement.tier == tier);
    placed.map(|placement| located(placement).map(|path| (placement, path))).collect()
}

fn located(placement: &Placement) -> Result<PathBuf, Failure> {
    if let Some((variable, stands_for)) = placement.moved_by
        && let Some(directory) = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
        && let Ok(rest) = Path::new(placement.path).strip_prefix(stands_for)
    {
        return Ok(directory.join(rest));
    }
    let Ok(below) = Path::new(placement.path).strip_prefix("~") else { return Ok(PathBuf::from(placement.path)) };
    let home = home().ok_or_else(|| Failure::new(Kind::Environment, "no home directory").hint("set HOME"))?;
    Ok(home.join(below))
}

/// The command for the settings. It names every directory, so that no environment variable can move them; the managed
/// tier's names them below the home of whoever runs it.
pub fn hook_command(dirs: &Dirs, tier: Tier) -> Result<HookCommand, Failure> {
    let program = programs::own()
        .map_err(|error| Failure::new(Kind::Environment, "this program's own path cannot be found").because(error))?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let (state, config) = match tier {
        Tier::User => (text(&dirs.state), text(&dirs.config)),
        Tier::Managed => ("~/.local/state/bailiwick".to_owned(), "~/.config/bailiwick".to_owned()),
    };
    Ok(HookCommand { program: text(&program), args: vec!["--state".to_owned(), state, "--config".to_owned(), config] })
}

/// The agent that this process was started by, by the names of the processes above it; `None` where a person did.
/// A process that has cut itself loose is not seen: the policy is what holds, this is a second line.
pub fn agent_above() -> Option<&'static str> {
    let mut process = std::process::id();
    for _ in 0..64 {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        process = fields.split_whitespace().nth(1)?.parse().ok().filter(|parent| *parent > 1)?;
        let names = names_of(process);
        let is_of = |agent: &&&Tongue| !agent.hosts_terminals && names.iter().any(|name| agent.programs.contains(&name.as_str()));
        if let Some(agent) = agents::all().iter().find(is_of) {
            return Some(agent.title);
        }
    }
    None
}

/// What a process is called: its program, and the script where that is an interpreter.
fn names_of(process: u32) -> Vec<String> {
    let arguments = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    let words = arguments.split(|byte| *byte == 0).take(2).map(String::from_utf8_lossy);
    let name = |word: std::borrow::Cow<'_, str>| {
        let name = word.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".js").unwrap_or(name).to_owned()
    };
    words.map(name).collect()
}
