//! Reading the ledger for people: opening it, finding a call, choosing entries.

use std::path::Path;

use bailiwick_ledger::reader::{Entry, Reader};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::effect::Deed;
use bailiwick_vocab::record::{Body, CallRecord};

use crate::failure::{Failure, Kind};
use crate::terminal::shown;

/// Opens the ledger for reading.
pub fn open(directory: &Path) -> Result<Reader, Failure> {
    Reader::open(directory).map_err(|error| {
        Failure::new(Kind::Environment, "the ledger cannot be read").because(error).hint("it is made by the first event")
    })
}

/// A failure to read an entry.
pub fn unreadable(error: bailiwick_ledger::reader::ReadError) -> Failure {
    Failure::new(Kind::No, "an entry of the ledger cannot be read").because(error).hint("bailiwick verify")
}

/// The call that a person names: by its identifier, an unambiguous beginning of it, or `#ENTRY`. The last one wins
/// where an agent used an identifier twice.
pub fn find(reader: &mut Reader, name: &str) -> Result<Entry, Failure> {
    if let Some(number) = name.strip_prefix('#').unwrap_or(name).parse().ok().filter(|number| *number < reader.size()) {
        return reader.entry(number).map_err(unreadable);
    }
    let mut found: Vec<Entry> = Vec::new();
    for entry in reader.entries(0) {
        let entry = entry.map_err(unreadable)?;
        if let Body::Call(call) = &entry.record.body
            && call.call.starts_with(name)
        {
            found.retain(|other| call_of(other).is_some_and(|other| other.call != call.call));
            found.push(entry);
        }
    }
    if let Some(exact) = found.iter().position(|entry| call_of(entry).is_some_and(|call| call.call == name)) {
        return Ok(found.swap_remove(exact));
    }
    match found.len() {
        1 => Ok(found.swap_remove(0)),
        0 => Err(Failure::new(Kind::No, format!("no call {}", shown(name, 60))).hint("bailiwick log")),
        more => Err(Failure::new(Kind::Usage, format!("{more} calls begin with {}", shown(name, 60))).hint("bailiwick log")),
    }
}

/// The call that an entry records.
pub fn call_of(entry: &Entry) -> Option<&CallRecord> {
    if let Body::Call(call) = &entry.record.body { Some(call) } else { None }
}

/// Which entries a person wants to see; an empty field wants all.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Filter {
    /// Only this session (a beginning of its identifier is enough)
    #[arg(long)]
    pub session: Option<String>,
    /// Only this agent or sub-agent
    #[arg(long)]
    pub agent: Option<String>,
    /// Only this verdict: allow, ask, deny
    #[arg(long)]
    pub verdict: Option<String>,
    /// Only calls that touch this host, or a host below it
    #[arg(long)]
    pub host: Option<String>,
    /// Only calls that touch this path, or something below it
    #[arg(long)]
    pub path: Option<String>,
    /// Only since then: 2026-11-22, "2026-11-22 19:50", or an age: 15m, 2h, 3d
    #[arg(long)]
    pub since: Option<String>,
    /// Only until then
    #[arg(long)]
    pub until: Option<String>,
}

impl Filter {
    /// The filter with its times and verdict understood.
    pub fn prepare(&self, now_ms: u64) -> Result<Prepared<'_>, Failure> {
        let time = |text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => crate::words::parse_time(text, now_ms)
                .map(Some)
                .ok_or_else(|| Failure::new(Kind::Usage, format!("{text:?} is not a time")).hint("2026-11-22, or 2h")),
        };
        let verdict = match self.verdict.as_deref() {
            None => None,
            Some("allow") => Some(Verdict::Allow),
            Some("ask") => Some(Verdict::Ask),
            Some("deny") => Some(Verdict::Deny),
            Some(other) => return Err(Failure::new(Kind::Usage, format!("{other:?} is not a verdict")).hint("allow, ask, deny")),
        };
        Ok(Prepared { filter: self, verdict, since: time(&self.since)?, until: time(&self.until)? })
    }
}

/// A [`Filter`] ready to be asked.
pub struct Prepared<'a> {
    filter: &'a Filter,
    verdict: Option<Verdict>,
    since: Option<u64>,
    until: Option<u64>,
}

impl Prepared<'_> {
    /// Whether a person wants to see this entry.
    pub fn wants(&self, entry: &Entry) -> bool {
        let record = &entry.record;
        let agent = &record.agent;
        let ruling = match &record.body {
            Body::Call(call) => Some(call.ruling.verdict),
            Body::Session { ruling, .. } => ruling.as_ref().map(|ruling| ruling.verdict),
            Body::Failure { .. } => Some(Verdict::Deny),
            Body::Prompt { .. } | Body::Outcome { .. } | Body::Undo { .. } | Body::Approval { .. } | Body::Observed(_) => None,
        };
        self.filter.session.as_ref().is_none_or(|session| record.session.starts_with(session))
            && self.filter.agent.as_ref().is_none_or(|name| [&agent.client, &agent.id, &agent.kind].contains(&name))
            && self.verdict.is_none_or(|verdict| ruling == Some(verdict))
            && self.since.is_none_or(|since| record.at_ms >= since)
            && self.until.is_none_or(|until| record.at_ms <= until)
            && self.filter.host.as_ref().is_none_or(|host| touches(entry, |deed| on_host(deed, host)))
            && self.filter.path.as_ref().is_none_or(|path| touches(entry, |deed| on_path(deed, path)))
    }
}

fn touches(entry: &Entry, wanted: impl Fn(&Deed) -> bool) -> bool {
    call_of(entry).is_some_and(|call| call.effects.iter().any(|effect| wanted(&effect.deed)))
}

fn on_host(deed: &Deed, wanted: &str) -> bool {
    let host = if let Deed::Connect { host, .. } | Deed::Push { host: Some(host), .. } = deed { Some(host) } else { None };
    host.is_some_and(|host| host == wanted || host.strip_suffix(wanted).is_some_and(|rest| rest.ends_with('.')))
}

fn on_path(deed: &Deed, wanted: &str) -> bool {
    let wanted = std::path::absolute(wanted).unwrap_or_else(|_| wanted.into());
    deed.target().is_some_and(|target| std::path::Path::new(&target.path).starts_with(&wanted))
}
