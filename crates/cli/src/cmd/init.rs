//! `bailiwick init`: finds the agents, shows the changes to their hook settings, makes them, and proves each with a
//! canary.

mod write;

use std::path::PathBuf;

use bailiwick_dialect::settings::{Change, HookCommand};
use bailiwick_dialect::tongue::{Form, Placement, Tier, Tongue};

use crate::agents_here::{chosen, files, hook_command};
use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::hook_trust;
use crate::setup::optional;
use crate::terminal::{Ink, confirmed, ink, line};

/// Put the guard into the agents' settings
#[derive(clap::Args)]
#[command(
    after_help = "Examples: bailiwick init --dry-run\n          bailiwick init --agent codex --yes\n          sudo bailiwick init --managed"
)]
pub struct Arguments {
    /// Only this agent; may be given again [default: every agent that is found]
    #[arg(long, value_name = "NAME")]
    agent: Vec<String>,
    /// Write the machine's tier, which users, projects and agents cannot take away (needs root)
    #[arg(long, conflicts_with = "settings")]
    managed: bool,
    /// Show the change, make none
    #[arg(long)]
    dry_run: bool,
    /// Make the change without asking
    #[arg(long)]
    yes: bool,
    /// Take the guard out again
    #[arg(long)]
    undo: bool,
    /// The settings file, for one agent [default: the agent's own]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

/// One file and what is to become of it.
struct Planned {
    agent: &'static Tongue,
    placement: &'static Placement,
    path: PathBuf,
    existing: Option<String>,
    change: Change,
}

/// Plans, shows, asks, writes.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let tier = if arguments.managed { Tier::Managed } else { Tier::User };
    let command = hook_command(dirs, tier)?;
    let plans = plans(arguments, tier, &command)?;
    plans.iter().try_for_each(show)?;
    if arguments.dry_run || plans.iter().all(|plan| plan.change.is_nothing()) {
        return Ok(());
    }
    if !arguments.yes && !confirmed("make this change?", "bailiwick init --yes")? {
        return Err(Failure::new(Kind::No, "nothing was changed"));
    }
    for plan in plans.iter().filter(|plan| !plan.change.is_nothing()) {
        write::write(&plan.path, &plan.change.after, mode(plan.placement))?;
        line(&format!("{} {}", ink(Ink::Green, "written"), plan.path.display()))?;
    }
    if arguments.undo {
        return line("the guard is out of these settings; the ledger and your policy stay where they are");
    }
    if tier == Tier::User {
        plans.iter().try_for_each(|plan| trusted(plan.agent, &command))?;
    }
    proved(&plans, &command)?;
    line("next: use your agent as before, then `bailiwick log`; `bailiwick doctor` lists what hooks cannot enforce")
}

/// The permissions that a file must have; none where those it has, or the umask's, will do.
fn mode(placement: &Placement) -> Option<u32> {
    let executable = matches!(placement.form, Form::Own(_, true)).then_some(write::EXECUTABLE);
    executable.or((placement.tier == Tier::Managed).then_some(write::MANAGED))
}

fn plans(arguments: &Arguments, tier: Tier, command: &HookCommand) -> Result<Vec<Planned>, Failure> {
    let agents = chosen(&arguments.agent, arguments.settings.as_deref())?;
    if agents.is_empty() {
        return Err(
            Failure::new(Kind::No, "no agent is found on this machine").hint("name it: bailiwick init --agent claude-code")
        );
    }
    let mut plans = Vec::new();
    for agent in agents {
        let files = files(agent, tier)?;
        if files.is_empty() {
            line(&format!("{} has no settings that users cannot take away; its user settings are all there is", agent.title))?;
        }
        for (placement, path) in files {
            let path = arguments.settings.clone().unwrap_or(path);
            let existing = optional(&path)?;
            let change = change(placement, &path, existing.as_deref(), command, arguments.undo)?;
            plans.push(Planned { agent, placement, path, existing, change });
        }
    }
    Ok(plans)
}

fn change(
    placement: &Placement,
    path: &std::path::Path,
    existing: Option<&str>,
    command: &HookCommand,
    undo: bool,
) -> Result<Change, Failure> {
    let planned = match (undo, existing) {
        (true, None) => Ok(Change { after: String::new(), steps: Vec::new(), warnings: Vec::new() }),
        (true, Some(existing)) => placement.plan_uninstall(existing),
        (false, existing) => placement.plan_install(existing, command),
    };
    planned.map_err(|error| {
        Failure::new(Kind::Configuration, format!("{} cannot be changed safely", path.display()))
            .because(error)
            .hint("mend the file first: the agent itself may ignore it as it is")
    })
}

fn show(plan: &Planned) -> Result<(), Failure> {
    let how = if plan.existing.is_some() { "change" } else { "make" };
    if plan.change.is_nothing() {
        line(&format!("{}: {} is as it should be", plan.agent.title, plan.path.display()))?;
    } else {
        line(&format!("{}: {how} {}:", plan.agent.title, plan.path.display()))?;
    }
    plan.change.steps.iter().try_for_each(|step| line(&format!("  {} {step}", ink(Ink::Green, "+"))))?;
    plan.change.warnings.iter().try_for_each(|warning| line(&format!("  {} {warning}", ink(Ink::Yellow, "!"))))
}

/// Has the hooks trusted by an agent that wants to be told so.
fn trusted(agent: &Tongue, command: &HookCommand) -> Result<(), Failure> {
    let Some(trust) = agent.trust else { return Ok(()) };
    let (name, title) = (agent.name, agent.title);
    match hook_trust::establish(agent, trust, command) {
        Ok(count) => line(&format!("{} {title} now trusts {count} hooks", ink(Ink::Green, "done"))),
        Err(problem) => Err(Failure::new(Kind::Environment, format!("{title} will not run the hooks: {problem}"))
            .hint(format!("bailiwick init --agent {name}, once its program is on the search path; or --managed"))),
    }
}

/// Each agent's canary, through the first of its files.
fn proved(plans: &[Planned], command: &HookCommand) -> Result<(), Failure> {
    let mut told: Vec<&str> = Vec::new();
    for plan in plans {
        if !told.contains(&plan.agent.name) {
            told.push(plan.agent.name);
            crate::cmd::doctor::canary(plan.agent, plan.placement, &plan.path, command)?;
        }
    }
    Ok(())
}
