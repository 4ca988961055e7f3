//! `bailiwick exec TICKET -- COMMAND`: runs one allowed call inside the wall that its ruling grants. The hook writes it in
//! the place of the agent's own command.

use std::ffi::OsString;
use std::io::Write as _;
use std::os::fd::AsRawFd as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use bailiwick_journal::journal::Journal;
use bailiwick_journal::store::Store;
use bailiwick_proxy::limits::Limits;
use bailiwick_proxy::resolve::System;
use bailiwick_proxy::server::{Proxy, Settings};
use bailiwick_sandbox::failure::Failure as SandboxFailure;
use bailiwick_sandbox::front::{self, Ended};
use bailiwick_sandbox::plan::Plan;
use bailiwick_vocab::record::{Body, Record};

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind, Naming as _};
use crate::keeping;
use crate::review::{Bases, Layer};
use crate::setup::Choice;
use crate::station::{Station, now_ms};
use crate::wall::carry;
use crate::wall::desk;
use crate::wall::egress::Way;
use crate::wall::forget;
use crate::wall::lead::Lead;
use crate::wall::plan;
use crate::wall::secrets::{Outward, prepare};
use crate::wall::seen::Seen;
use crate::wall::ticket::{Ticket, journal_name};
use crate::wall::watch::Watch;

/// Run one allowed call inside the wall
#[derive(clap::Args, Debug, PartialEq, Eq)]
#[command(after_help = "The hook writes this command; a ticket runs one call, once.")]
pub struct Arguments {
    /// The ticket
    ticket: String,
    /// Remember where the command's shell ended, and with which variables
    #[arg(long)]
    carry: bool,
    /// Only say that, for a shell to evaluate, which then has this exit code
    #[arg(long, value_name = "CODE")]
    after: Option<u8>,
    /// Only try whether a wall can be built here
    #[arg(long, hide = true)]
    probe: bool,
    /// The command, as one word
    #[arg(last = true)]
    command: Vec<String>,
}

impl Arguments {
    /// Reads the words after `exec`, where they are what the hook writes.
    pub fn written(words: &[OsString]) -> Option<Arguments> {
        let [ticket, rest @ ..] = words else { return None };
        let ticket = ticket.to_str().filter(|ticket| !ticket.starts_with('-'))?.to_owned();
        let (carry, after, command) = match rest {
            [end, command] if end == "--" => (false, None, Some(command)),
            [carry, end, command] if carry == "--carry" && end == "--" => (true, None, Some(command)),
            [after, code] if after == "--after" => (false, Some(code.to_str()?.parse().ok()?), None),
            _ => return None,
        };
        let command = command.map(|command| command.to_str().map(str::to_owned).ok_or(())).transpose().ok()?;
        Some(Arguments { ticket, carry, after, probe: false, command: command.into_iter().collect() })
    }
}

/// Runs it; ends as the command does.
pub fn run(dirs: Dirs, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if let Some(code) = arguments.after {
        let text = carry::after(&dirs, &arguments.ticket, code);
        writeln!(std::io::stdout(), "{text}").naming("write", Path::new("standard output"))?;
        return Ok(ExitCode::SUCCESS);
    }
    front::close_inherited(&[]);
    if arguments.probe {
        return crate::wall::probe::run(&arguments.ticket)
            .map(|()| ExitCode::SUCCESS)
            .map_err(|missing| Failure::new(Kind::Environment, missing));
    }
    let [command] = arguments.command.as_slice() else {
        return Err(Failure::new(Kind::Usage, "exec takes a ticket and, after --, one command"));
    };
    let ticket = Ticket::claim(&dirs, &arguments.ticket, now_ms())?;
    ticket.is_for(command)?;
    let pipe = if arguments.carry { Some(carry::pipe()?) } else { None };
    let tell = pipe.as_ref().map(|(_, writer)| writer.as_raw_fd());
    let mut plan = plan::of(&ticket, plan::argv(command, tell), tell);
    let name = journal_name(ticket.entry, &arguments.ticket);
    plan.ready = Some(forget::ready(&dirs, &name));
    let outward = prepare(&dirs, &ticket, &mut plan).inspect_err(|failure| note(&dirs, &ticket, failure))?;
    for line in &ticket.not_undone {
        let _ = writeln!(std::io::stderr(), "{line}");
    }
    let outcome = walled(&dirs, ticket, Whole::default(), &plan, &name, outward, |ticket| ticket.still_does(command));
    if let Some((reader, writer)) = pipe {
        drop(writer);
        carry::keep(&dirs, &arguments.ticket, reader, &plan.env);
    }
    ended(outcome)
}

/// Records why a call that was allowed did not run. It does not run, whether this can be written or not.
fn note(dirs: &Dirs, ticket: &Ticket, failure: &Failure) {
    let text = bailiwick_detect::redact(&failure.line()).text;
    let record = Record {
        at_ms: now_ms(),
        session: ticket.session.clone(),
        agent: ticket.agent.clone(),
        cwd: ticket.cwd.clone(),
        body: Body::Failure { stage: "secrets".to_owned(), text, input: None },
    };
    if let Ok(mut station) = Station::open(dirs.clone(), Choice::default()) {
        let _ = station.append(vec![record]);
    }
}

/// Ends as the command did, or says why nothing was run.
pub fn ended(outcome: Result<Ended, SandboxFailure>) -> Result<ExitCode, Failure> {
    match outcome {
        Ok(ended) => front::end_as(ended),
        Err(failure) => {
            let heading = format!("nothing was run: {failure}");
            if let Some(code) = failure.program_exit_code() {
                let _ = writeln!(std::io::stderr(), "bailiwick: {heading}");
                return Ok(ExitCode::from(u8::try_from(code).unwrap_or(126)));
            }
            Err(Failure::new(Kind::Environment, heading).hint("bailiwick doctor"))
        }
    }
}

/// What a whole run has that one call has not.
#[derive(Default)]
pub struct Whole {
    /// The agent's own process.
    pub lead: Option<Lead>,
    /// Where its changes of the workspace go.
    pub layer: Option<Layer>,
}

/// Starts the plan with its journal, its watcher and its way out; `name` is the journal's. `check` has the last word, while
/// the wall is already being built.
pub fn walled<C>(
    dirs: &Dirs,
    ticket: Ticket,
    whole: Whole,
    plan: &Plan,
    name: &str,
    outward: Outward,
    check: C,
) -> Result<Ended, SandboxFailure>
where
    C: FnOnce(&Ticket) -> Result<(), String>,
{
    let store = Store::at(&dirs.ledger());
    let claimed = ticket.clone();
    let (said, speaker) = carry::pipe().map_err(|failure| SandboxFailure::Caller(failure.line()))?;
    let ended = front::run(plan, |made| {
        check(&ticket)?;
        let journal = Journal::open(&store, name, keeping::budget(&ticket.undo), now_ms()).map_err(|error| error.to_string())?;
        let bases = whole.layer.as_ref().map(Bases::begin).transpose().map_err(|failure| failure.line())?;
        let seen = Arc::new(Seen::new(dirs.clone(), ticket).around(whole.lead, bases));
        let mut made = made;
        if let Some(desk) = made.pop_if(|_| seen.lead.is_some()) {
            desk::serve(desk.into(), &seen);
        }
        let mut way = None;
        if let Some(listeners) = plan::listeners(made) {
            let settings = Settings {
                gate: Arc::new(Way::new(Arc::clone(&seen))),
                resolver: Arc::new(System),
                limits: Limits::default(),
                secrets: outward.secrets,
                interception: outward.interception,
            };
            way = Some(Proxy::start(listeners, settings).map_err(|error| error.to_string())?);
        }
        let first = plan.argv.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        Ok(Watch::new(seen, journal, name.to_owned(), first, way, speaker).of(plan))
    });
    carry::say(said);
    if matches!(ended, Err(SandboxFailure::SupervisorDied)) {
        // It would have written the record: what it saw is lost, what it kept is not.
        let begun = store.calls().unwrap_or_default().iter().any(|call| call == name);
        Seen::new(dirs.clone(), claimed).record("killed with the wall's supervisor".to_owned(), begun.then(|| name.to_owned()));
    }
    ended
}
