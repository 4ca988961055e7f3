//! What an agent is told about a ruling: what was asked, which rule, why, what to do next. Never the detail that would
//! help it around the rule: no paths, no arguments, no other rules than those that decided.

use std::fmt::Write as _;

use bailiwick_vocab::case::{NOBODY_TO_ASK, Reason, Ruling, Verdict};
use bailiwick_vocab::record::{Body, CallRecord, Receipt};

/// Reasons told at most; the ledger has them all.
const TOLD: usize = 3;

/// The longest reason told, in characters.
const LONGEST: usize = 600;

/// What the agent is told of a call that may not simply run.
pub(crate) fn of_call(call: &CallRecord, entry: u64) -> String {
    let mut text = match call.ruling.verdict {
        Verdict::Allow => format!("Bailiwick lets this call of {} run.", plain(&call.tool, 80)),
        Verdict::Ask => format!("Bailiwick needs a person's yes for this call of {}{}.", plain(&call.tool, 80), acts(call)),
        Verdict::Deny => format!("Bailiwick denied this call of {}{}.", plain(&call.tool, 80), acts(call)),
    };
    text.push_str(&reasons(&call.ruling));
    text.push_str(match call.ruling.verdict {
        Verdict::Allow => "",
        Verdict::Ask => " If nobody can answer, leave this step out and say so.",
        Verdict::Deny if waits_for_approval(&call.ruling) => {
            " Leave this step out for now and tell the user, who can let exactly this pass once:"
        }
        Verdict::Deny => {
            " Do not look for another way to the same end; go on without it, or tell the user what you need and why."
        }
    });
    if call.ruling.verdict == Verdict::Deny && waits_for_approval(&call.ruling) {
        let _ = write!(text, " `bailiwick approve {entry}`.");
    }
    let _ = write!(text, " {}", pointer(&call.call));
    text
}

/// The same for an agent that asks nobody: what should be asked is a denial that names what to obtain.
pub(crate) fn of_unasked(call: &CallRecord, entry: u64) -> String {
    let text = of_call(call, entry);
    match call.ruling.verdict {
        Verdict::Ask => {
            format!("{text} It did not run: the user can let exactly this pass once with `bailiwick approve {entry}`.")
        }
        Verdict::Allow | Verdict::Deny => text,
    }
}

/// Whether only a person's yes is missing, and nobody can be asked for it here.
fn waits_for_approval(ruling: &Ruling) -> bool {
    ruling.reasons.iter().any(|reason| reason.policy == NOBODY_TO_ASK)
}

/// What is told where a ruling is about something else than a call.
pub(crate) fn of_ruling(what: &str, ruling: &Ruling) -> String {
    format!(
        "Bailiwick refused {what}.{} Go on without it, or tell the user what you need and why. {}",
        reasons(ruling),
        pointer("")
    )
}

/// What is told where the record says that the guard itself failed. The detail is in the ledger, for people.
pub(crate) fn of_failure(receipt: &Receipt) -> String {
    let stage = match &receipt.record().body {
        Body::Failure { stage, .. } => plain(stage, 40),
        Body::Prompt { .. }
        | Body::Call(_)
        | Body::Outcome { .. }
        | Body::Session { .. }
        | Body::Undo { .. }
        | Body::Observed(_)
        | Body::Approval { .. } => "no ruling".to_owned(),
    };
    format!(
        "Bailiwick could not judge this ({stage}) and refuses it. You broke no rule; tell the user, who can run `bailiwick doctor`. Entry {} of the log.",
        receipt.entry()
    )
}

/// What is told where there is not even a record. `reason` is the caller's.
pub(crate) fn of_refusal(reason: &str) -> String {
    let reason = plain(reason, LONGEST);
    let reason = if reason.is_empty() { "no reason was given" } else { &reason };
    format!("Bailiwick could not judge this and refuses it: {reason}. Tell the user, who can run `bailiwick doctor`.")
}

/// The acts that the deciding reasons are about: their kinds, not their objects.
fn acts(call: &CallRecord) -> String {
    let mut acts = Vec::new();
    for reason in deciding(&call.ruling) {
        let act = reason.effect.and_then(|index| call.effects.get(index)).map(|effect| effect.deed.act());
        acts.extend(act.filter(|act| !acts.contains(act)));
    }
    if acts.is_empty() { String::new() } else { format!(" (act: {})", acts.join(", ")) }
}

fn reasons(ruling: &Ruling) -> String {
    let mut told: Vec<(&str, &str)> = Vec::new();
    for reason in deciding(ruling) {
        let pair = (reason.policy.as_str(), reason.text.as_str());
        if !told.contains(&pair) {
            told.push(pair);
        }
    }
    let mut text = String::new();
    for (policy, reason) in told.iter().take(TOLD) {
        let _ = write!(text, " Rule {}: {}", plain(policy, 120), sentence(&plain(reason, LONGEST)));
    }
    if told.len() > TOLD {
        let _ = write!(text, " ({} more rules.)", told.len() - TOLD);
    }
    text
}

/// The reasons that made the verdict what it is.
pub(crate) fn deciding(ruling: &Ruling) -> impl Iterator<Item = &Reason> {
    ruling.reasons.iter().filter(|reason| reason.verdict == ruling.verdict)
}

/// Where a person finds the whole. A call's name is the agent's to choose, so only a plain one is repeated.
fn pointer(call: &str) -> String {
    let is_plain =
        !call.is_empty() && call.len() <= 128 && call.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if is_plain {
        format!("[call {call}; for the user: `bailiwick why {call}`]")
    } else {
        "[for the user: `bailiwick log`]".to_owned()
    }
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// Without control characters, and no longer than `longest` characters.
pub(crate) fn plain(text: &str, longest: usize) -> String {
    let text: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).take(longest).collect();
    text.trim().trim_end_matches('.').to_owned()
}
