//! `bailiwick show`: a session as a tree: prompt → calls → effects → rulings → outcomes.

use bailiwick_ledger::reader::{Entry, Reader};
use bailiwick_vocab::record::{Body, CallRecord};
use serde_json::json;

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::ledger_view::{open, unreadable};
use crate::terminal::{self, Ink, ink, line, shown, verdict};
use crate::words;

/// Show a session as a tree
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick show          (the last session)\n         bailiwick show 5bd7dd50")]
pub struct Arguments {
    /// The session, or a beginning of its identifier [default: the last]
    session: Option<String>,
    /// Answer as JSON: the session's entries in order
    #[arg(long)]
    json: bool,
}

/// Prints the tree.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let mut reader = open(&dirs.ledger())?;
    let session = wanted(&mut reader, arguments.session.as_deref())?;
    let mut entries = Vec::new();
    for entry in reader.entries_of_session(&session, 0) {
        entries.push(entry.map_err(unreadable)?);
    }
    if arguments.json {
        return entries.iter().try_for_each(|entry| terminal::json(&json!({ "entry": entry.number, "record": entry.record })));
    }
    line(&ink(Ink::Bold, &format!("session {}", shown(&session, 80))))?;
    entries.iter().try_for_each(|entry| branch(entry).iter().try_for_each(|text| line(text)))
}

fn wanted(reader: &mut Reader, name: Option<&str>) -> Result<String, Failure> {
    let mut last = None;
    for entry in reader.entries(0) {
        let session = entry.map_err(unreadable)?.record.session;
        if !session.is_empty() && name.is_none_or(|name| session.starts_with(name)) {
            last = Some(session);
        }
    }
    last.ok_or_else(|| Failure::new(Kind::No, "no such session").hint("bailiwick log --all"))
}

/// The lines of one entry, deeper the further they are from the prompt.
fn branch(entry: &Entry) -> Vec<String> {
    let record = &entry.record;
    let inner = if record.agent.id.is_empty() { "" } else { "  │ " };
    match &record.body {
        Body::Prompt { .. } => vec![format!("{} {}", ink(Ink::Dim, &words::time(record.at_ms)), words::record(record))],
        Body::Call(call) => call_lines(entry.number, call).into_iter().map(|text| format!("{inner}  {text}")).collect(),
        Body::Outcome { findings, labels, treatment, .. } => {
            let mut lines = vec![format!("{inner}    └ {}", words::record(record))];
            for finding in findings {
                lines.push(format!("{inner}      ! {}: {}", finding.rule, shown(&finding.text, 100)));
            }
            for cause in treatment.iter().flat_map(|treatment| &treatment.causes) {
                let what = format!("{} by {}: {}", cause.handling.word(), cause.policy, shown(&cause.text, 200));
                lines.push(format!("{inner}      {what}"));
            }
            if !labels.secrets.is_empty() {
                let secrets: Vec<&str> = labels.secrets.iter().map(String::as_str).collect();
                lines.push(format!("{inner}      read secrets: {}", shown(&secrets.join(", "), 120)));
            }
            lines
        }
        Body::Observed(seen) => {
            let mut lines = vec![format!("{inner}    └ {}", words::record(record))];
            lines.extend(seen.findings.iter().map(|found| format!("{inner}      ! {}: {}", found.rule, shown(&found.text, 140))));
            lines.extend(seen.credentials.iter().map(|text| format!("{inner}      credential {}", shown(text, 140))));
            lines.extend(seen.refused.iter().map(|text| format!("{inner}      refused {}", shown(text, 140))));
            lines.extend(seen.unpredicted.iter().map(|text| format!("{inner}      not foreseen: {}", shown(text, 140))));
            lines
        }
        Body::Session { .. } | Body::Undo { .. } | Body::Approval { .. } | Body::Failure { .. } => {
            vec![format!("{inner}  {} {}", words::record(record), ink(Ink::Dim, &format!("#{}", entry.number)))]
        }
    }
}

fn call_lines(number: u64, call: &CallRecord) -> Vec<String> {
    let input = shown(call.input.text.as_deref().unwrap_or("(long)"), 100);
    let id = ink(Ink::Dim, &format!("{} #{number}", shown(&call.call, 40)));
    let mut lines = vec![format!("{} {} {input} {id}", verdict(call.ruling.verdict), shown(&call.tool, 40))];
    lines.extend(call.effects.iter().map(|effect| format!("  · {}", words::effect(effect))));
    for reason in &call.ruling.reasons {
        lines.push(format!("  ← {}: {}", ink(Ink::Bold, &reason.policy), shown(&reason.text, 140)));
    }
    lines
}
