//! `bailiwick why CALL`: what was asked, what it may do, which rule decided and why, and what to do about it.

use bailiwick_ledger::reader::Entry;
use bailiwick_vocab::case::{Reason, Verdict};
use bailiwick_vocab::record::{Body, CallRecord};

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::ledger_view::{call_of, find, open, unreadable};
use crate::terminal::{self, Ink, ink, line, shown, verdict};
use crate::words;

/// Say why a call was allowed or not
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick why toolu_01AbC…   or   bailiwick why '#12'")]
pub struct Arguments {
    /// The call's identifier, a beginning of it, or #ENTRY
    call: String,
    /// Answer as JSON: the ledger's entry
    #[arg(long)]
    json: bool,
}

/// Prints the explanation.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let mut reader = open(&dirs.ledger())?;
    let entry = find(&mut reader, &arguments.call)?;
    if arguments.json {
        return line(&String::from_utf8_lossy(&entry.raw));
    }
    let Some(call) = call_of(&entry) else {
        return Err(Failure::new(Kind::Usage, format!("entry #{} is not a call", entry.number)).hint("bailiwick log"));
    };
    let mut text = explain(&entry, call);
    for later in reader.entries_of_session(&entry.record.session, entry.number + 1) {
        let later = later.map_err(unreadable)?;
        if matches!(&later.record.body, Body::Outcome { call: done, .. } | Body::Undo { call: done, .. } if *done == call.call) {
            text.push(format!("then    {} (#{})", words::record(&later.record), later.number));
        }
    }
    text.extend(what_next(call));
    text.iter().try_for_each(|text| terminal::line(text))
}

fn explain(entry: &Entry, call: &CallRecord) -> Vec<String> {
    let record = &entry.record;
    let who = if record.agent.kind.is_empty() { String::new() } else { format!(", sub-agent {}", shown(&record.agent.kind, 40)) };
    let mut text = vec![
        format!("{} {} by {}{who}", verdict(call.ruling.verdict), shown(&call.tool, 60), shown(&record.agent.client, 40)),
        format!("when    {} UTC, entry #{}, session {}", words::time(record.at_ms), entry.number, shown(&record.session, 60)),
        format!("where   {}", shown(&record.cwd, 200)),
        format!("asked   {}", shown(call.input.text.as_deref().unwrap_or("(long: --json names the object)"), 2_000)),
    ];
    for (index, effect) in call.effects.iter().enumerate() {
        text.push(format!("effect  {}", words::effect(effect)));
        let about = call.ruling.reasons.iter().filter(|reason| reason.effect == Some(index));
        text.extend(about.map(|reason| format!("        {}", decided(reason))));
    }
    let whole = call.ruling.reasons.iter().filter(|reason| reason.effect.is_none());
    text.extend(whole.map(|reason| format!("rule    {}", decided(reason))));
    for finding in &call.findings {
        text.push(format!("finding {}: {}", finding.rule, shown(&finding.text, 200)));
    }
    let names = |names: &std::collections::BTreeSet<String>| shown(&names.iter().cloned().collect::<Vec<_>>().join(", "), 300);
    if !call.labels.untrusted.is_empty() {
        text.push(format!("read    untrusted: {}", names(&call.labels.untrusted)));
    }
    if !call.labels.secrets.is_empty() {
        text.push(format!("read    secret: {}", names(&call.labels.secrets)));
    }
    text
}

fn decided(reason: &Reason) -> String {
    let verdict = match reason.verdict {
        Verdict::Allow => "allowed by",
        Verdict::Ask => "asks because of",
        Verdict::Deny => "denied by",
    };
    format!("{verdict} {}: {}", ink(Ink::Bold, &reason.policy), shown(&reason.text, 300))
}

fn what_next(call: &CallRecord) -> Vec<String> {
    let id = shown(&call.call, 60);
    match call.ruling.verdict {
        Verdict::Allow if !call.before.is_empty() => vec![format!("undo    bailiwick undo {id}")],
        Verdict::Allow => Vec::new(),
        Verdict::Ask => {
            vec!["next    say yes when the agent asks, or permit it in a policy file (bailiwick policy show)".to_owned()]
        }
        Verdict::Deny if call.approvable.is_some() => {
            vec![format!("next    bailiwick approve {id}    lets exactly this pass once")]
        }
        Verdict::Deny => vec!["next    if it is wanted, do it yourself, or change the policy (bailiwick policy show)".to_owned()],
    }
}
