//! `bailiwick log`: what was asked and decided, one line an entry; follows with `-f`.

use std::time::Duration;

use bailiwick_ledger::reader::Entry;
use bailiwick_vocab::record::Body;

use crate::dirs::Dirs;
use crate::failure::Failure;
use crate::ledger_view::{Filter, Prepared, open, unreadable};
use crate::station::now_ms;
use crate::terminal::{Ink, ink, line, shown, verdict};
use crate::words;

/// List what was asked and decided
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick log --verdict deny --since 2h")]
pub struct Arguments {
    #[command(flatten)]
    filter: Filter,
    /// Go on as new entries come
    #[arg(short, long)]
    follow: bool,
    /// Also prompts, outcomes and session events, not only calls
    #[arg(short, long)]
    all: bool,
    /// One canonical JSON entry a line, as the ledger holds it
    #[arg(long)]
    json: bool,
}

/// Prints the entries.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let filter = arguments.filter.prepare(now_ms())?;
    let mut reader = open(&dirs.ledger())?;
    let mut from = 0;
    loop {
        for entry in reader.entries(from) {
            print(&entry.map_err(unreadable)?, &filter, arguments)?;
        }
        from = reader.size();
        if !arguments.follow {
            return Ok(());
        }
        while !reader.wait(Duration::from_secs(60)).map_err(unreadable)? {}
    }
}

fn print(entry: &Entry, filter: &Prepared<'_>, arguments: &Arguments) -> Result<(), Failure> {
    let decided = matches!(entry.record.body, Body::Call(_) | Body::Failure { .. } | Body::Undo { .. });
    if !(decided || arguments.all || arguments.json) || !filter.wants(entry) {
        return Ok(());
    }
    if arguments.json {
        return line(&String::from_utf8_lossy(&entry.raw));
    }
    line(&one_line(entry))
}

/// An entry as one line.
pub fn one_line(entry: &Entry) -> String {
    let record = &entry.record;
    let mark = match &record.body {
        Body::Call(call) => verdict(call.ruling.verdict),
        Body::Failure { .. } => ink(Ink::Red, "deny "),
        Body::Prompt { .. }
        | Body::Outcome { .. }
        | Body::Session { .. }
        | Body::Undo { .. }
        | Body::Approval { .. }
        | Body::Observed(_) => "     ".to_owned(),
    };
    let session = ink(Ink::Dim, &shown(&record.session, 8));
    let agent = if record.agent.kind.is_empty() { String::new() } else { format!("({}) ", shown(&record.agent.kind, 24)) };
    let number = ink(Ink::Dim, &format!("#{}", entry.number));
    format!("{} {mark} {session} {agent}{} {number}", words::time(record.at_ms), words::record(record))
}
