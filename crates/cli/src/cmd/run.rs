//! `bailiwick run -- COMMAND`: a whole program behind the wall: a coding agent, a shell, a script. Nobody judged it as a
//! call, so nothing is foreseen but what an agent's own hooks report: each program that it starts, each name that means more
//! than a file and each host is judged by the policy as it happens. An agent's own process has its profile besides.

mod agent;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bailiwick_sandbox::front;
use bailiwick_vocab::effect::{Deed, Effect, OpaqueCause};
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::record::{Body, Receipt, Record};

use crate::cmd::exec::{Whole, ended, walled};
use crate::cmd::review;
use crate::dirs::{Dirs, workspace_of};
use crate::disk::{Disk, real_path};
use crate::failure::{Failure, Kind, Naming as _};
use crate::review::Layer;
use crate::setup::{Choice, Setup};
use crate::station::{Station, now_ms};
use crate::wall::forget;
use crate::wall::grants::{self, Asker};
use crate::wall::plan;
use crate::wall::secrets::prepare;
use crate::wall::ticket::{Ticket, journal_name};

/// Run a whole program behind the wall
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bailiwick run -- claude                   a whole agent; its hooks go on working, and without them the wall still holds
  bailiwick run -- codex exec \"fix the test\"
  bailiwick run --review -- claude          its changes wait for you: bailiwick review
  bailiwick run -- bash                     a shell; every program that it starts is judged
  bailiwick run --host api.example.org --keep API_TOKEN -- python agent.py

An agent's own process (Claude Code, Codex, Gemini CLI, Copilot CLI) reaches its model and keeps its state and log-in; what it
starts does not. A sandbox of its own is off inside, where it could not be built. What was done is in `bailiwick log`, and
`bailiwick undo` puts it back.")]
pub struct Arguments {
    /// A host that it may reach, besides what the policy lets be fetched; may be given again
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// A file or directory that it may change, besides the workspace; may be given again
    #[arg(long = "write", value_name = "PATH")]
    writes: Vec<PathBuf>,
    /// A variable of the environment that it gets though it looks like a secret; may be given again
    #[arg(long = "keep", value_name = "NAME")]
    keep: Vec<String>,
    /// Let its changes of the workspace wait in a layer over it: see the diff at the end, then accept or discard them, all or by
    /// file
    #[arg(long)]
    review: bool,
    /// The agent that the program is, where its name does not say: claude-code, codex, gemini-cli, copilot-cli
    #[arg(long, value_name = "NAME")]
    agent: Option<String>,
    /// The program and its arguments
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Runs it; ends as the program does.
pub fn run(dirs: Dirs, arguments: &Arguments) -> Result<ExitCode, Failure> {
    front::close_inherited(&[]);
    let cwd = std::env::current_dir().naming("find", Path::new("the working directory"))?;
    let cwd = cwd.to_string_lossy().into_owned();
    let workspace = workspace_of(&cwd);
    let setup = Setup::load(&dirs, &workspace, &Choice::default())?;
    let inside = agent::of(&dirs, &arguments.command, Path::new(&cwd), &workspace, arguments.agent.as_deref())?;
    let session = format!("run-{}-{}", now_ms(), std::process::id());
    let entry = begun(&dirs, &session, &cwd, arguments)?;
    let mut ticket = ticket(&setup, entry, session, cwd, workspace, arguments);
    let mut argv = arguments.command.clone();
    if let Some(inside) = &inside {
        inside.widen(&mut ticket.grants);
        inside.add_arguments(&mut argv)?;
    }
    let mut plan = plan::of(&ticket, argv, None);
    let kept = arguments.keep.iter().filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)));
    plan.env.extend(kept);
    let lead = inside.map(|inside| inside.place(&mut plan)).transpose()?;
    // Last: whatever else is given, of a secret there is its placeholder.
    let outward = prepare(&dirs, &ticket, &mut plan)?;
    let journal = journal_name(entry, &now_ms().to_string());
    plan.ready = Some(forget::ready(&dirs, &journal));
    let layer = arguments.review.then(|| Layer::make(&dirs, &ticket.session, entry, &ticket.workspace)).transpose()?;
    plan.overlays.extend(layer.iter().map(Layer::overlay));
    let whole = Whole { lead, layer: layer.clone() };
    let outcome = walled(&dirs, ticket, whole, &plan, &journal, outward, |_| Ok(()));
    if let Some(layer) = &layer {
        review::at_end(&dirs, layer)?;
    }
    ended(outcome)
}

/// Records that it begins; what it did is recorded at its end, under this entry.
fn begun(dirs: &Dirs, session: &str, cwd: &str, arguments: &Arguments) -> Result<u64, Failure> {
    let words: Vec<String> = arguments.command.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let detail = bailiwick_detect::redact(&words.join(" ")).text;
    let record = Record {
        at_ms: now_ms(),
        session: session.to_owned(),
        agent: agent(),
        cwd: cwd.to_owned(),
        body: Body::Session { what: "run".to_owned(), detail, ruling: None, approval: None },
    };
    let receipts = Station::open(dirs.clone(), Choice::default())?.append(vec![record])?;
    receipts.first().map(Receipt::entry).ok_or_else(|| Failure::new(Kind::Environment, "no receipt"))
}

fn ticket(setup: &Setup, entry: u64, session: String, cwd: String, workspace: String, arguments: &Arguments) -> Ticket {
    let (agent, labels) = (agent(), Labels::default());
    let unread =
        Deed::Opaque { cause: OpaqueCause::Script, language: "project".to_owned(), hints: std::collections::BTreeSet::new() };
    let asker = Asker { agent: &agent, session: &session, tool: "run", labels: &labels };
    let mut grants = grants::of(setup, &asker, &[Effect::new(unread, None)], &workspace, &Disk::default());
    grants.hosts.extend(arguments.hosts.iter().cloned());
    grants.named.extend(arguments.writes.iter().map(|path| real_path(&Path::new(&cwd).join(path), true)));
    Ticket {
        entry,
        session,
        agent,
        call: String::new(),
        tool: "run".to_owned(),
        cwd,
        workspace,
        unseen_input: true,
        command: String::new(),
        effects: String::new(),
        labels,
        programs: Vec::new(),
        grants,
        not_undone: Vec::new(),
        undo: setup.map.undo.clone(),
        secrets: setup.map.secrets.clone(),
        egress: setup.map.egress.clone(),
        made_ms: now_ms(),
    }
}

fn agent() -> Agent {
    Agent { client: "run".to_owned(), ..Agent::default() }
}
