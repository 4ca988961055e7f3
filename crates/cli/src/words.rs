//! Effects, times and records in words for people. Everything that came from outside is made safe to show.

use bailiwick_vocab::effect::{Deed, Effect, Reversibility, Target};
use bailiwick_vocab::handling::Treatment;
use bailiwick_vocab::record::{Body, Record};

use crate::terminal::shown;

/// Longest argument vector or path shown in one line; the whole is in `--json`.
const WIDTH: usize = 140;

/// One effect: `delete /work/build with everything below (12 files, 3 untracked, cannot be undone)`.
pub fn effect(effect: &Effect) -> String {
    let what = match &effect.deed {
        Deed::Read(target) => format!("read {}", path(target)),
        Deed::Write { target, .. } => format!("write {}", path(target)),
        Deed::Delete(target) => format!("delete {}", path(target)),
        Deed::Execute { argv, .. } => format!("execute {}", argv.join(" ")),
        Deed::Connect { host, port, scheme, method, upload, .. } => {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            let method = method.as_ref().map(|method| format!(" {method}")).unwrap_or_default();
            format!("connect {scheme}://{host}{port}{method}{}", if *upload { ", sending data" } else { "" })
        }
        Deed::Push { remote, host, refs, force } => {
            let host = host.as_ref().map(|host| format!(" at {host}")).unwrap_or_default();
            format!("push {} to {remote:?}{host}{}", refs.join(" "), if *force { ", rewriting history" } else { "" })
        }
        Deed::Publish { registry, package } => format!("publish {package} to {registry}"),
        Deed::Send { channel, recipient } => format!("send by {channel} to {recipient}"),
        Deed::Query { database, kind } => format!("query {database} ({kind:?})"),
        Deed::Deploy { target, what, destroys } => {
            format!("deploy: {what} {target}{}", if *destroys { ", destroying" } else { "" })
        }
        Deed::Pay { recipient, amount } => format!("pay {amount} to {recipient}"),
        Deed::UseSecret { name } => format!("use secret {name}"),
        Deed::Spawn { agent } => format!("start agent {agent}"),
        Deed::Signal { process } => format!("signal process {process}"),
        Deed::Escalate { how } => format!("take more rights by {how}"),
        Deed::Persist { how } => format!("make something run later by {how}"),
        Deed::Configure { what } => format!("configure {what}"),
        Deed::Call { server, tool, knowledge } => format!("call {server}/{tool} ({knowledge:?})"),
        Deed::Opaque { cause, language, hints } => {
            let hints: Vec<String> = hints.iter().map(|hint| format!("{hint:?}").to_lowercase()).collect();
            let may = if hints.is_empty() { String::new() } else { format!(", may do: {}", hints.join(", ")) };
            format!("opaque {language} ({cause:?}){may}").replace("  ", " ")
        }
    };
    let undo = match effect.reversible {
        Reversibility::Reversible => "",
        Reversibility::Compensable => "",
        Reversibility::Irreversible if changes_files(&effect.deed) => " [cannot be undone]",
        Reversibility::Irreversible => "",
    };
    format!("{}{undo}", shown(&what, WIDTH))
}

fn changes_files(deed: &Deed) -> bool {
    matches!(deed, Deed::Write { .. } | Deed::Delete(_))
}

fn path(target: &Target) -> String {
    let mut text = target.path.clone();
    if !target.known {
        text.push_str(" (not known before it runs)");
    }
    if target.tree {
        text.push_str(" with everything below");
        if let Some(facts) = target.facts.filter(|facts| facts.files > 0) {
            text.push_str(&format!(" ({} files, {} not in version control)", facts.files, facts.untracked));
        }
    }
    text
}

/// What was done with an outcome.
pub fn handled(treatment: &Treatment) -> String {
    let (wanted, given) = (treatment.wanted.word(), treatment.given.word());
    if wanted == given {
        format!("handled by {given}")
    } else {
        format!("wanted {wanted}, gave {given}: the agent lets no more be done")
    }
}

/// What a record is about, in one line.
pub fn record(record: &Record) -> String {
    match &record.body {
        Body::Prompt { text, .. } => format!("prompt  {}", shown(text.text.as_deref().unwrap_or("(long)"), WIDTH)),
        Body::Call(call) => {
            let input = call.input.text.as_deref().unwrap_or("(long)");
            format!("{} {}", shown(&call.tool, 40), shown(input, WIDTH))
        }
        Body::Outcome { tool, failed, text, treatment, .. } => {
            let how = if *failed { "failed" } else { "done" };
            let handled = treatment.as_ref().map(|treatment| format!(", {}", handled(treatment))).unwrap_or_default();
            format!("outcome {tool} {how}{handled}: {}", shown(text.text.as_deref().unwrap_or("(long)"), 60))
        }
        Body::Session { what, detail, approval, .. } => {
            let by = approval.as_ref().map(|digest| format!(", under approval {digest}")).unwrap_or_default();
            format!("session {} {}{by}", shown(what, 40), shown(detail, WIDTH))
        }
        Body::Undo { call, files, .. } => format!("undo    {call}: {} file(s)", files.len()),
        Body::Approval { effects, by, .. } => format!("approval by {by} of {effects}"),
        Body::Observed(seen) => format!(
            "done    {}: {} program(s), {} change(s), {} connection(s), {} refused{}",
            shown(&seen.exit, 20),
            seen.execs.len(),
            seen.changed.len(),
            seen.connects.len(),
            seen.refused.len(),
            if seen.findings.is_empty() { String::new() } else { format!(", {} finding(s)", seen.findings.len()) }
        ),
        Body::Failure { stage, text, .. } => format!("failure in {stage}: {}", shown(text, WIDTH)),
    }
}

/// A time in milliseconds since the Unix epoch as `2026-11-22 19:50:22` (UTC).
pub fn time(at_ms: u64) -> String {
    let seconds = at_ms / 1000;
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Days since 1970-01-01 as a date of the Gregorian calendar, counting years from March so that a leap day comes last.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// A point in time as people give it: `2026-11-22`, `2026-11-22 19:50`, or an age: `90s`, `15m`, `2h`, `3d`.
pub fn parse_time(text: &str, now_ms: u64) -> Option<u64> {
    if let Some((number, unit)) = text.len().checked_sub(1).and_then(|at| text.split_at_checked(at))
        && let Ok(number) = number.parse::<u64>()
    {
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        return Some(now_ms.saturating_sub(number.checked_mul(seconds * 1_000)?));
    }
    let numbers: Vec<u64> = text.split(['-', ' ', 'T', ':']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let [year, month, day, rest @ ..] = numbers.as_slice() else { return None };
    let first = (1970..=9999).contains(year).then(|| (year - 1970) * 365)?;
    let day_number = (first..first + 3_000).find(|days| date(*days) == (*year, *month, *day))?;
    let part = |at: usize| rest.get(at).copied().unwrap_or(0);
    Some((day_number * 86_400 + part(0) * 3_600 + part(1) * 60 + part(2)) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_both_ways() {
        for at in [0, 951_782_400_000, 1_795_377_022_000] {
            assert_eq!(parse_time(&time(at), 0), Some(at), "{}", time(at));
        }
        assert_eq!(time(951_782_400_000), "2000-02-29 00:00:00");
        assert_eq!(parse_time("2h", 10_000_000), Some(2_800_000));
        assert_eq!(parse_time("yesterday", 0), None);
    }
}
