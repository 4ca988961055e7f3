//! `bailiwick judge`: one event a line in, one answer a line out, in order, flushed per line.
//!
//! Lines that have already arrived are judged together and recorded with one durable write; a caller that waits for
//! each answer gets each at once.

use std::io::{BufRead, BufReader, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use bailiwick_dialect::judge;
use bailiwick_vocab::event::Event;

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::setup::Choice;
use crate::station::Station;

/// Lines judged together at most: the group is answered when its last one is judged, so this bounds the wait.
const MAX_GROUP: usize = 64;

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
    loop {
        let lines = group(&mut input)?;
        if lines.is_empty() {
            return Ok(());
        }
        let judged = catch_unwind(AssertUnwindSafe(|| answers(&mut station, &lines)));
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

fn answers(station: &mut Station, lines: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let parsed: Vec<_> = lines.iter().map(|line| judge::parse(line)).collect();
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
