//! What can be seen in a text: secrets, characters that people do not see, phrases that try to take an agent over.
//!
//! Text goes in, [`Finding`]s come out. A signal for policy and people, never a wall: a secret that looks like a word is
//! not seen, and neither is an instruction in words of its own. One pass, time linear in the text, no tables to build at
//! start. Pure.

mod bytes;
mod find;
mod hidden;
mod instruction;
mod rule;
mod secret;

use bailiwick_vocab::effect::Span;
use bailiwick_vocab::finding::Finding;

use crate::find::Match;
pub use crate::rule::{Rule, rules};

/// How much of a text is looked at, and how much is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes looked at, from the front.
    pub bytes: usize,
    /// Findings given at most, besides the one that says where the look ended.
    pub findings: usize,
}

impl Default for Limits {
    /// A MiB is more than an agent takes in at once and takes a few milliseconds; 64 findings are more than people read.
    fn default() -> Self {
        Limits { bytes: 1024 * 1024, findings: 64 }
    }
}

/// A text without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The text, each secret replaced by `[redacted RULE N bytes]`.
    pub text: String,
    /// How many were replaced.
    pub count: u32,
    /// What they were; spans are those in the original text.
    pub findings: Vec<Finding>,
}

/// Everything seen in a text, in the order in which it stands there. What was not looked at is a finding of its own, of
/// the family `unscanned`.
#[must_use]
pub fn scan(text: &str, limits: &Limits) -> Vec<Finding> {
    let read = text.get(..text.floor_char_boundary(limits.bytes)).unwrap_or(text);
    let mut matches = find::all(read);
    matches.extend(hidden::all(read));
    matches.sort_by_key(|found| (found.start, found.end));
    let mut findings: Vec<Finding> = matches.iter().take(limits.findings).map(finding).collect();
    let unread = match matches.get(limits.findings) {
        Some(first) => Some((first.start, &rule::TOO_MANY)),
        None => (read.len() < text.len()).then_some((read.len(), &rule::TOO_LONG)),
    };
    findings.extend(unread.map(|(start, rule)| finding(&Match { rule, start, end: text.len() })));
    findings
}

/// The text with its secrets replaced. The whole text is read; applying it again changes nothing.
#[must_use]
pub fn redact(text: &str) -> Redacted {
    let secrets: Vec<Match> = find::all(text).into_iter().filter(|found| found.rule.is_secret()).collect();
    let mut redacted = String::with_capacity(text.len());
    let mut copied = 0;
    for found in &secrets {
        redacted.push_str(text.get(copied..found.start).unwrap_or_default());
        redacted.push_str(&format!("{}{} {} bytes]", secret::REDACTED, found.rule.id, found.end - found.start));
        copied = found.end;
    }
    redacted.push_str(text.get(copied..).unwrap_or_default());
    let count = u32::try_from(secrets.len()).unwrap_or(u32::MAX);
    Redacted { text: redacted, count, findings: secrets.iter().map(finding).collect() }
}

fn finding(found: &Match) -> Finding {
    let span = Span { start: offset(found.start), end: offset(found.end) };
    Finding { rule: found.rule.id.to_owned(), span, text: found.rule.means.to_owned() }
}

/// Texts of more than 4 GiB do not come here; should one, its far end is named by the last offset there is.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
