//! `bailiwick judge`: one event a line in, one answer a line out, in order, flushed per line.
//!
//! Lines that have already arrived are judged together and recorded with one durable write; a caller that waits for
//! each answer gets each at once.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use bailiwick_dialect::judge;
use bailiwick_vocab::call::Request;
use bailiwick_vocab::event::{Event, Happening};

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::setup::Choice;
use crate::station::Station;

/// Lines judged together at most: the group is answered when its last one is judged, so this bounds the wait.
const MAX_GROUP: usize = 64;

/// Calls in flight that are remembered; past it all are forgotten, and their outcomes name no tool.
const MAX_RUNNING: usize = 10_000;

/// Longest line read, as for hooks.
const MAX_LINE_BYTES: usize = 16 << 20;

/// Judge a stream of events, one JSON object a line
///
/// In: {"event":"prompt","session":S,"text":T}, {"event":"call","session":S,"id":C,"tool":N,"input":{…},"cwd":D?},
/// {"event":"outcome","session":S,"id":C,"text":T,"error":null|text}.
/// Out: {"id":…,"verdict":"allow|ask|deny","reasons":[…],"effects":[…],"findings":[…],"labels":{…},"entry":N}.
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick judge --state /tmp/state --preset coding-agent < events.jsonl")]
pub struct Arguments {
    /// Only the *.cedar files of this directory
    #[arg(long, value_name = "DIR", conflicts_with = "preset")]
    policy: Option<PathBuf>,
    /// A built-in policy: coding-agent, assistant, observe, strict
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// A map on top of the configured ones
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
}

/// Runs until standard input ends.
pub fn run(dirs: Dirs, arguments: Arguments) -> Result<(), Failure> {
    let choice = Choice { policy: arguments.policy, preset: arguments.preset, map: arguments.map, added: None };
    let mut station = Station::open(dirs.clone(), choice.clone())?;
    let mut input = BufReader::with_capacity(1 << 20, std::io::stdin().lock());
    let mut output = std::io::stdout().lock();
    let mut running = Running::default();
    loop {
        let lines = group(&mut input)?;
        if lines.is_empty() {
            return Ok(());
        }
        let judged = catch_unwind(AssertUnwindSafe(|| answers(&mut station, &mut running, &lines)));
        let answers = judged.unwrap_or_else(|_| {
            station.forget();
            refusals(&lines, "the guard failed (a bug)")
        });
        for answer in answers {
            let written = output.write_all(&answer).and_then(|()| output.flush());
            written.map_err(|error| Failure::new(Kind::Environment, "the answers cannot be written").because(error))?;
        }
    }
}

/// The next line, and those that have already arrived behind it.
fn group<R: std::io::Read>(input: &mut BufReader<R>) -> Result<Vec<Vec<u8>>, Failure> {
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        let read = std::io::Read::take(&mut *input, MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line);
        read.map_err(|error| Failure::new(Kind::Environment, "the events cannot be read").because(error))?;
        if line.len() > MAX_LINE_BYTES {
            let skipped = input.skip_until(b'\n');
            skipped.map_err(|error| Failure::new(Kind::Environment, "the events cannot be read").because(error))?;
        }
        if line.is_empty() {
            return Ok(lines);
        }
        if !line.trim_ascii().is_empty() {
            lines.push(line);
        }
        // Looking at the buffer does not block; reading on could.
        let whole_line_waits = input.buffer().contains(&b'\n');
        if !lines.is_empty() && (lines.len() >= MAX_GROUP || !whole_line_waits) {
            return Ok(lines);
        }
    }
}

/// The tools of calls whose outcomes are to come, by session and call: an outcome names its call by its identifier alone.
#[derive(Default)]
struct Running(HashMap<(String, String), (String, Request)>);

impl Running {
    /// Takes a call in, or tells an outcome which tool it is of. One that came to another process stays nameless.
    fn meet(&mut self, event: &mut Event) {
        let session = event.scene.session.clone();
        match &mut event.happening {
            Happening::Call(call) => {
                if self.0.len() >= MAX_RUNNING {
                    self.0.clear();
                }
                let nameless = Request::Named { name: String::new() };
                let request = if matches!(call.request, Request::Mcp { .. }) { call.request.clone() } else { nameless };
                self.0.insert((session, call.id.clone()), (call.tool.clone(), request));
            }
            Happening::Outcome(outcome) => {
                if let Some((tool, request)) = self.0.remove(&(session, outcome.call.id.clone())) {
                    (outcome.call.tool, outcome.call.request) = (tool, request);
                }
            }
            Happening::Prompt { .. }
            | Happening::PermissionAsked(_)
            | Happening::SessionStart { .. }
            | Happening::SessionEnd { .. }
            | Happening::AgentStart
            | Happening::AgentStop
            | Happening::ConfigChange { .. }
            | Happening::InstructionsLoaded { .. }
            | Happening::Notice { .. } => {}
        }
    }
}

fn answers(station: &mut Station, running: &mut Running, lines: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut parsed: Vec<_> = lines.iter().map(|line| judge::parse(line)).collect();
    parsed.iter_mut().flatten().for_each(|line| running.meet(&mut line.event));
    let events: Vec<Event> = parsed.iter().flatten().map(|line| line.event.clone()).collect();
    let mut receipts = match station.take_all(&events) {
        Ok(receipts) => receipts.into_iter(),
        Err(failure) => return refusals(lines, &failure.line()),
    };
    let answer = |line: &Result<judge::Line, judge::BadLine>| match line {
        Err(bad) => judge::refuse(&bad.id, &bad.error.to_string()),
        Ok(line) => match receipts.next() {
            Some(Ok(receipt)) => judge::answer(line, &receipt),
            Some(Err(failure)) => judge::refuse(&line.id, &failure.line()),
            None => judge::refuse(&line.id, "the guard failed (a bug)"),
        },
    };
    parsed.iter().map(answer).collect()
}

fn refusals(lines: &[Vec<u8>], reason: &str) -> Vec<Vec<u8>> {
    let id = |line: &Vec<u8>| match judge::parse(line) {
        Ok(line) => line.id,
        Err(bad) => bad.id,
    };
    lines.iter().map(|line| judge::refuse(&id(line), reason)).collect()
}
