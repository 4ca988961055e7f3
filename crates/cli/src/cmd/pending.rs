//! `bailiwick pending`: what was held back and only lacks a person's yes, each kind of act once, the newest way it was asked.

use std::collections::BTreeMap;
use std::time::Duration;

use bailiwick_ledger::reader::Entry;
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::record::Body;

use crate::cmd::log::one_line;
use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::ledger_view::{open, unreadable};
use crate::station::now_ms;
use crate::terminal::{Ink, ink, json, line};
use crate::words;

/// List what waits for a person's yes
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick pending --follow\n         bailiwick approve 12")]
pub struct Arguments {
    /// What was asked since then: 10m, 2h, 1d, or a date
    #[arg(long, value_name = "TIME", default_value = "1h")]
    since: String,
    /// Go on, and show each question as it comes
    #[arg(short, long)]
    follow: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// What is waiting: session and digest of the effects → the entry that asked last.
type Waiting = BTreeMap<(String, String), Entry>;

/// Prints what waits.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let since = words::parse_time(&arguments.since, now_ms())
        .ok_or_else(|| Failure::new(Kind::Usage, format!("{:?} is no time", arguments.since)).hint("10m, 2h, 1d"))?;
    let mut reader = open(&dirs.ledger())?;
    let (mut waiting, mut from) = (Waiting::new(), 0);
    loop {
        let mut news = Vec::new();
        for entry in reader.entries(from) {
            let entry = entry.map_err(unreadable)?;
            let (number, recent) = (entry.number, entry.record.at_ms >= since);
            if take(&mut waiting, entry) && recent {
                news.push(number);
            }
        }
        from = reader.size();
        let mut open: Vec<&Entry> = waiting.values().filter(|entry| news.contains(&entry.number)).collect();
        open.sort_by_key(|entry| entry.number);
        open.iter().try_for_each(|entry| print(entry, arguments))?;
        if !arguments.follow {
            return if open.is_empty() && !arguments.json { line("nothing waits for a yes") } else { Ok(()) };
        }
        while !reader.wait(Duration::from_secs(60)).map_err(unreadable)? {}
    }
}

/// Takes one entry in; whether it is a question. An approval answers it, and so does the same act that was let pass.
fn take(waiting: &mut Waiting, entry: Entry) -> bool {
    let session = entry.record.session.clone();
    match &entry.record.body {
        Body::Approval { effects, .. } => {
            waiting.remove(&(session, effects.clone()));
            false
        }
        Body::Call(call) => {
            let Some(effects) = call.approvable.clone().or_else(|| call.approval.clone()) else { return false };
            let asks = call.ruling.verdict != Verdict::Allow;
            waiting.remove(&(session.clone(), effects.clone()));
            if asks {
                waiting.insert((session, effects), entry);
            }
            asks
        }
        Body::Prompt { .. }
        | Body::Outcome { .. }
        | Body::Session { .. }
        | Body::Failure { .. }
        | Body::Undo { .. }
        | Body::Observed(_) => false,
    }
}

fn print(entry: &Entry, arguments: &Arguments) -> Result<(), Failure> {
    let Body::Call(call) = &entry.record.body else { return Ok(()) };
    if arguments.json {
        return json(&serde_json::json!({
            "entry": entry.number,
            "at_ms": entry.record.at_ms,
            "session": entry.record.session,
            "tool": call.tool,
            "effects": call.effects,
            "reasons": call.ruling.reasons,
        }));
    }
    line(&one_line(entry))?;
    line(&ink(Ink::Dim, &format!("  bailiwick approve {}", entry.number)))
}
