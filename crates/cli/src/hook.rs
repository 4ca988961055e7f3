//! `bailiwick hook AGENT`: one event on standard input, one answer on standard output, within our own time budget.
//!
//! Whatever fails here becomes the agent's own form of *deny*. The line runs in a worker thread: a panic or an overrun
//! there is seen here, and answered here. Exit 2 with a reason on standard error is the last resort, when standard
//! output cannot take the answer.

use std::io::{Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use bailiwick_dialect::agents;
use bailiwick_dialect::tongue::{Answer, Tongue};
use bailiwick_vocab::call::Request;
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::event::{Agent, Event, Happening};
use bailiwick_vocab::record::{Body, Receipt, Record};

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::setup::Choice;
use crate::station::{Station, no_wall, now_ms};
use crate::wall::desk;
use crate::wall::seen::{Counts, Seen};

/// What one answer may take. The agent itself waits 15 s by the settings that `init` writes; the difference is for a
/// machine under load to start us.
const BUDGET: Duration = Duration::from_secs(5);

/// What recording such a refusal may take after the answer.
const NOTING: Duration = Duration::from_secs(1);

/// Longest event read. An agent's largest are file writes; its own limit for a file is far below.
const MAX_EVENT_BYTES: u64 = 16 << 20;

/// Runs the hook; always answers. An agent that we do not know is blocked in the form that most understand.
pub fn run(agent: &str, dirs: Result<Dirs, Failure>) -> ExitCode {
    let Some(tongue) = agents::named(agent) else {
        let _ = writeln!(std::io::stderr(), "bailiwick: there is no agent {agent:?} here: call blocked");
        return ExitCode::from(2);
    };
    let late = dirs.as_ref().ok().cloned();
    let (event, outcome) = supervised(BUDGET, move |tell_read| {
        let mut event = Vec::new();
        let read = std::io::stdin().lock().take(MAX_EVENT_BYTES + 1).read_to_end(&mut event);
        tell_read(&event);
        match read {
            Ok(_) => answer(tongue, dirs, &event, project(tongue), None)
                .unwrap_or_else(|failure| (tongue.refuse)(&event, &failure.line())),
            Err(error) => (tongue.refuse)(&event, &format!("the event could not be read: {error}")),
        }
    });
    match outcome {
        Ok(answer) => put(&answer),
        Err(trouble) => {
            let answered = put(&(tongue.refuse)(&event, trouble));
            note_late(tongue, late, trouble, event);
            answered
        }
    }
}

/// The answer to an event that a hook inside the wall has sent out: as [`run`] gives it, and what is allowed is foreseen
/// inside.
pub fn answered(agent: &str, seen: &Arc<Seen>, project: Option<String>, event: Vec<u8>) -> Answer {
    let Some(tongue) = agents::named(agent) else {
        return Answer {
            stdout: Vec::new(),
            stderr: format!("bailiwick: there is no agent {agent:?} here: call blocked\n"),
            exit: 2,
        };
    };
    let seen = Arc::clone(seen);
    let (event, outcome) = supervised(BUDGET, move |tell_read| {
        tell_read(&event);
        let dirs = Ok(seen.dirs().clone());
        answer(tongue, dirs, &event, project, Some(&seen)).unwrap_or_else(|failure| (tongue.refuse)(&event, &failure.line()))
    });
    outcome.unwrap_or_else(|trouble| (tongue.refuse)(&event, trouble))
}

/// The project, where the agent tells it by a variable.
fn project(tongue: &Tongue) -> Option<String> {
    tongue.project_variable.and_then(|name| std::env::var(name).ok()).filter(|path| path.starts_with('/'))
}

/// Whether this process runs behind a wall that hides the guard's own files from it.
fn is_inside(dirs: &Dirs) -> bool {
    std::fs::read_dir(&dirs.state).is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
}

/// Records a refusal that the line itself could not: it hung or died, perhaps on the ledger. The agent has its answer
/// already, and waits no longer than this for the process to end.
fn note_late(tongue: &'static Tongue, dirs: Option<Dirs>, trouble: &'static str, event: Vec<u8>) {
    let Some(dirs) = dirs else { return };
    let (sender, done) = channel();
    std::thread::spawn(move || {
        if let Ok(mut station) = Station::open(dirs, Choice::default()) {
            note_failure(tongue, &mut station, "line", &Failure::new(Kind::Environment, trouble), &event);
        }
        let _ = sender.send(());
    });
    let _ = done.recv_timeout(NOTING);
}

enum Step {
    Read(Vec<u8>),
    Answered(Answer),
}

/// Runs `work` in a thread of its own and waits for its answer, at most `budget`. Gives the event, as far as `work` has
/// told that it was read, and the answer, or what came between.
fn supervised<W>(budget: Duration, work: W) -> (Vec<u8>, Result<Answer, &'static str>)
where
    W: FnOnce(&dyn Fn(&[u8])) -> Answer + Send + 'static,
{
    let deadline = Instant::now() + budget;
    let (sender, receiver) = channel();
    let worker = std::thread::Builder::new().name("line".to_owned()).stack_size(8 << 20).spawn(move || {
        let answer = work(&|event| drop(sender.send(Step::Read(event.to_vec()))));
        drop(sender.send(Step::Answered(answer)));
    });
    let mut event = Vec::new();
    if worker.is_err() {
        return (event, Err("the guard could start no thread"));
    }
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Step::Read(bytes)) => event = bytes,
            Ok(Step::Answered(answer)) => return (event, Ok(answer)),
            Err(RecvTimeoutError::Timeout) => return (event, Err("the guard ran over its time budget")),
            Err(RecvTimeoutError::Disconnected) => return (event, Err("the guard failed (a bug)")),
        }
    }
}

fn answer(
    tongue: &Tongue,
    dirs: Result<Dirs, Failure>,
    bytes: &[u8],
    project: Option<String>,
    seen: Option<&Seen>,
) -> Result<Answer, Failure> {
    let dirs = dirs?;
    let mut station = match Station::open(dirs.clone(), Choice::default()) {
        Ok(station) => station,
        Err(_) if seen.is_none() && is_inside(&dirs) => {
            return desk::ask(tongue.name, project, bytes)
                .map_err(|error| Failure::new(Kind::Environment, "the guard outside this wall did not answer").because(error));
        }
        Err(failure) => return Err(failure),
    };
    let mut event = match (tongue.parse)(bytes) {
        Ok(event) => event,
        Err(error) => {
            let failure = Failure::new(Kind::Usage, "the event could not be read").because(error);
            note_failure(tongue, &mut station, "parse", &failure, bytes);
            return Err(failure);
        }
    };
    if event.scene.project.is_none() {
        event.scene.project = project;
    }
    if tongue.rewrite.is_some() {
        unwrapped(&mut event, |line| station.inside(line));
    }
    match station.take(&event) {
        Ok(receipt) => match placed(tongue, &mut station, &event, &receipt, bytes, seen) {
            Ok(answer) => Ok(answer.unwrap_or_else(|| (tongue.render)(bytes, &event, &receipt))),
            Err(failure) => {
                note_failure(tongue, &mut station, "wall", &failure, bytes);
                Err(failure)
            }
        },
        Err(failure) => {
            note_failure(tongue, &mut station, "judge", &failure, bytes);
            Err(failure)
        }
    }
}

/// The agent tells of the command that we put in the place of its own: it is judged as its own.
fn unwrapped(event: &mut Event, inside: impl Fn(&str) -> Option<String>) {
    let request = match &mut event.happening {
        Happening::Call(call) | Happening::PermissionAsked(call) => &mut call.request,
        Happening::Outcome(outcome) => &mut outcome.call.request,
        Happening::Prompt { .. }
        | Happening::SessionStart { .. }
        | Happening::SessionEnd { .. }
        | Happening::AgentStart
        | Happening::AgentStop
        | Happening::ConfigChange { .. }
        | Happening::InstructionsLoaded { .. }
        | Happening::Notice { .. } => return,
    };
    own_commands(request, &inside);
}

fn own_commands(request: &mut Request, inside: &impl Fn(&str) -> Option<String>) {
    if let Request::Shell { command, .. } = request
        && let Some(own) = inside(command)
    {
        *command = own;
    } else if let Request::Many { requests } = request {
        requests.iter_mut().for_each(|request| own_commands(request, inside));
    }
}

/// Where the call runs: inside already, where what was allowed is foreseen; else behind a wall of its own, where it can be.
fn placed(
    tongue: &Tongue,
    station: &mut Station,
    event: &Event,
    receipt: &Receipt,
    bytes: &[u8],
    seen: Option<&Seen>,
) -> Result<Option<Answer>, Failure> {
    let Some(seen) = seen else { return walled(tongue, station, event, receipt, bytes) };
    let (effects, labels) = station.foreseen(event, receipt)?;
    let asks = receipt.ruling().is_some_and(|ruling| ruling.verdict == Verdict::Ask);
    let call = if let Happening::Call(call) = &event.happening { Some(&call.request) } else { None };
    let counts = match call.filter(|_| asks) {
        None => Counts::AtOnce,
        Some(request) => {
            if let Request::Shell { command, .. } = request {
                Counts::Started(command.clone())
            } else {
                Counts::ForAgent
            }
        }
    };
    seen.foresee(effects, labels, counts);
    Ok(None)
}

/// The answer that puts the call behind the wall, where the map wants that and the agent honours it.
fn walled(
    tongue: &Tongue,
    station: &mut Station,
    event: &Event,
    receipt: &Receipt,
    bytes: &[u8],
) -> Result<Option<Answer>, Failure> {
    // Another client may run this one's hooks, in its own words.
    let speaker = agents::named(&event.scene.agent.client).unwrap_or(tongue);
    let commands = station.walled(event, receipt, speaker.rewrite.map(|rewrite| rewrite.by_default))?;
    let (Some(rewrite), Some(commands)) = (speaker.rewrite, commands) else { return Ok(None) };
    (rewrite.answer)(bytes, event, receipt, &commands).map(Some).ok_or_else(|| no_wall(event))
}

/// Records that the guard refused for a reason of its own; where even that fails, the refusal stands all the same.
fn note_failure(tongue: &Tongue, station: &mut Station, stage: &str, failure: &Failure, bytes: &[u8]) {
    let kept = station.kept(&String::from_utf8_lossy(bytes));
    let stored = kept.object.is_none_or(|object| station.objects().put(&object).is_ok());
    let record = Record {
        at_ms: now_ms(),
        session: (tongue.session_of)(bytes).unwrap_or_default().to_owned(),
        agent: Agent { client: tongue.name.to_owned(), ..Agent::default() },
        cwd: String::new(),
        body: Body::Failure {
            stage: stage.to_owned(),
            text: bailiwick_detect::redact(&failure.line()).text,
            input: stored.then_some(kept.payload),
        },
    };
    let _ = station.append(vec![record]);
}

/// Writes the answer. Standard output that takes nothing leaves exit 2, which nearly every agent that we write hooks for
/// reads as a denial.
fn put(answer: &Answer) -> ExitCode {
    let mut stdout = std::io::stdout().lock();
    let written = if nobody_reads() { Err(std::io::ErrorKind::BrokenPipe.into()) } else { stdout.write_all(&answer.stdout) };
    match written.and_then(|()| stdout.flush()) {
        Ok(()) => {
            let _ = std::io::stderr().write_all(answer.stderr.as_bytes());
            ExitCode::from(answer.exit)
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bailiwick: the answer could not be written ({error}): call blocked");
            ExitCode::from(2)
        }
    }
}

/// Whether standard output is the null device. No agent gives us that: it is what the Rust runtime puts in the place of
/// a closed descriptor, and writing there would succeed and say nothing.
fn nobody_reads() -> bool {
    let stdout = std::io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
    let device = |metadata: &std::fs::Metadata| metadata.rdev();
    match (stdout.and_then(|file| file.metadata()), std::fs::metadata("/dev/null")) {
        (Ok(stdout), Ok(null)) => stdout.file_type().is_char_device() && device(&stdout) == device(&null),
        (Err(_), _) => true,
        (Ok(_), Err(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn a_panic_in_the_line_is_a_refusal_that_knows_the_event() {
        let (event, outcome) = supervised(BUDGET, |tell_read| {
            tell_read(b"event");
            panic!("on purpose");
        });
        assert_eq!((event.as_slice(), outcome), (b"event".as_slice(), Err("the guard failed (a bug)")));
    }

    #[test]
    fn an_overrun_is_a_refusal_within_the_budget() {
        let started = Instant::now();
        let (_, outcome) = supervised(Duration::from_millis(30), |_| {
            std::thread::park_timeout(Duration::from_secs(20));
            Answer::says(Vec::new())
        });
        assert_eq!(outcome, Err("the guard ran over its time budget"));
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
