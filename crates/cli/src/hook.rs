//! `bailiwick hook AGENT`: one event on standard input, one answer on standard output, within our own time budget.
//!
//! Whatever fails here becomes the agent's own form of *deny*. The line runs in a worker thread: a panic or an overrun
//! there is seen here, and answered here. Exit 2 with a reason on standard error is the last resort, when standard
//! output cannot take the answer.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use bailiwick_dialect::claude;
use bailiwick_vocab::event::{Agent, Event};
use bailiwick_vocab::record::{Body, Record};

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::setup::Choice;
use crate::station::{Station, now_ms};

/// What one answer may take. The agent itself waits 15 s by the settings that `init` writes; the difference is for a
/// machine under load to start us.
const BUDGET: Duration = Duration::from_secs(5);

/// Longest event read. An agent's largest are file writes; its own limit for a file is far below.
const MAX_EVENT_BYTES: u64 = 16 << 20;

/// Runs the hook; always answers.
pub fn run(agent: &str, dirs: Result<Dirs, Failure>) -> ExitCode {
    let (sender, receiver) = channel();
    let agent = agent.to_owned();
    let worker = std::thread::Builder::new().name("line".to_owned()).stack_size(8 << 20).spawn(move || {
        let mut event = Vec::new();
        let read = std::io::stdin().lock().take(MAX_EVENT_BYTES + 1).read_to_end(&mut event);
        let _ = sender.send(Step::Read(event.clone()));
        let answer = match read {
            Ok(_) => answer(&agent, dirs, &event),
            Err(error) => Err(Failure::new(Kind::Environment, "the event could not be read").because(error)),
        };
        let _ = sender.send(Step::Answered(answer.unwrap_or_else(|failure| claude::refuse(&event, &failure.line()))));
    });
    if let Err(error) = worker {
        return put(&claude::refuse(&[], &format!("no thread could be started: {error}")));
    }
    let deadline = std::time::Instant::now() + BUDGET;
    let mut event = Vec::new();
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(std::time::Instant::now())) {
            Ok(Step::Read(bytes)) => event = bytes,
            Ok(Step::Answered(answer)) => return put(&answer),
            Err(RecvTimeoutError::Timeout) => return put(&claude::refuse(&event, "the guard ran over its time budget")),
            Err(RecvTimeoutError::Disconnected) => return put(&claude::refuse(&event, "the guard failed (a bug)")),
        }
    }
}

enum Step {
    Read(Vec<u8>),
    Answered(Vec<u8>),
}

fn answer(agent: &str, dirs: Result<Dirs, Failure>, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    if agent != "claude-code" {
        return Err(Failure::new(Kind::Usage, format!("there is no agent {agent:?} here")).hint("bailiwick hook --help"));
    }
    let mut station = Station::open(dirs?, Choice::default())?;
    let mut event = match claude::parse(bytes) {
        Ok(event) => event,
        Err(error) => {
            let failure = Failure::new(Kind::Usage, "the event could not be read").because(error);
            note_failure(&mut station, "parse", &failure, bytes);
            return Err(failure);
        }
    };
    event.scene.project = std::env::var("CLAUDE_PROJECT_DIR").ok().filter(|path| path.starts_with('/'));
    match station.take(&event) {
        Ok(receipt) => Ok(claude::render(claude::hook(&event), &receipt)),
        Err(failure) => {
            note_failure(&mut station, "judge", &failure, bytes);
            Err(failure)
        }
    }
}

/// Records that the guard refused for a reason of its own; where even that fails, the refusal stands all the same.
fn note_failure(station: &mut Station, stage: &str, failure: &Failure, bytes: &[u8]) {
    let kept = bailiwick_guard::payload::keep(&String::from_utf8_lossy(bytes));
    let stored = kept.object.is_none_or(|object| station.objects().put(&object).is_ok());
    let record = Record {
        at_ms: now_ms(),
        session: session_in(bytes),
        agent: Agent { client: "claude-code".to_owned(), ..Agent::default() },
        cwd: String::new(),
        body: Body::Failure {
            stage: stage.to_owned(),
            text: bailiwick_detect::redact(&failure.line()).text,
            input: stored.then_some(kept.payload),
        },
    };
    let _ = station.append(vec![record]);
}

/// The session that unparsable bytes belong to, where that much can be seen.
fn session_in(bytes: &[u8]) -> String {
    claude::parse(bytes).map(|event: Event| event.scene.session).unwrap_or_default()
}

/// Writes the answer. Standard output that takes nothing leaves exit 2, which every agent we write hooks for reads as
/// a denial.
fn put(answer: &[u8]) -> ExitCode {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(answer).and_then(|()| stdout.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bailiwick: the answer could not be written ({error}): call blocked");
            ExitCode::from(2)
        }
    }
}
