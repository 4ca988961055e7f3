//! What can be seen in a text: secrets, personal data, characters that people do not see, orders to whoever reads it, markup
//! that passes itself off as another speaker.
//!
//! Text goes in, [`Finding`]s come out. A signal for policy and people, never a wall. Every rule reads the text's [`view`]s:
//! the text in plain letters, and each passage without the disguise it wears. Each finding says which bytes of the text it is
//! about, in which dress they came, and how much it says; what was not read is a finding too. Time is linear in the text;
//! nothing is built at start. Pure.

mod bytes;
pub mod canary;
pub mod classifier;
mod context;
mod document;
mod dress;
mod find;
mod fold;
mod hidden;
mod lex;
mod lexicon;
mod map;
mod markup;
mod personal;
mod place;
mod report;
mod rule;
mod secret;
mod signature;
pub mod view;

use bailiwick_vocab::effect::Span;
use bailiwick_vocab::finding::Finding;

pub use crate::dress::Dress;
pub use crate::rule::{Named, rules};

use crate::document::Document;
use crate::find::Match;
use crate::report::{Report, finding};
use crate::view::Depth;

/// How much of a text is looked at, and how much is said of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Bytes looked at, from the front.
    pub bytes: usize,
    /// Findings given at most, besides those that say what was not looked at.
    pub findings: usize,
    /// How far disguises are taken off.
    pub depth: Depth,
    /// The probability from which the classifier's strongest passage is a finding; nothing: it is not asked.
    pub classifier: Option<f32>,
}

impl Default for Limits {
    /// 64 MiB take about a second and are more than any agent takes in; 64 findings are more than people read.
    fn default() -> Self {
        Limits { bytes: 64 << 20, findings: 64, depth: Depth::default(), classifier: None }
    }
}

/// Whether people who look at the text do not see what a finding is about.
#[must_use]
pub fn is_unseen(finding: &Finding) -> bool {
    finding.family() == "hidden" || report::is_unseen(&finding.seen)
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
    report(text, limits, false).finish(text, limits.findings)
}

/// What the classifier takes for the likeliest order of a text, whatever disguise it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeliest {
    /// How likely it is one.
    pub probability: f32,
    /// Where it stands in the text, in bytes.
    pub span: Span,
    /// The disguise that it came in; empty for none.
    pub seen: String,
}

/// What [`scan`] gives, and beside it the classifier's likeliest order, however unlikely: both in one pass. No order where the
/// text, without any disguise, is a word or two.
#[must_use]
pub fn read(text: &str, limits: &Limits) -> (Vec<Finding>, Option<Likeliest>) {
    let mut report = report(text, limits, true);
    let likeliest = report.likeliest(text);
    (report.finish(text, limits.findings), likeliest)
}

fn report(text: &str, limits: &Limits, always: bool) -> Report {
    let read = text.get(..text.floor_char_boundary(limits.bytes)).unwrap_or(text);
    let mut report = Report::default();
    report.read(read, limits, always);
    if read.len() < text.len() {
        report.unread(&rule::TOO_LONG, read.len()..text.len());
    }
    report
}

/// Everything seen in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// What was seen.
    pub findings: Vec<Finding>,
    /// The format that the text was taken out of; spans are then in that text, else in the bytes.
    pub format: Option<Dress>,
}

/// Everything seen in a file's bytes: of a PDF, an office document or UTF-16 in the text that is taken out first.
#[must_use]
pub fn scan_bytes(bytes: &[u8], limits: &Limits) -> Scanned {
    match document::read(bytes, limits.bytes) {
        Document::Plain(text) => {
            let mut findings = scan(&text, &Limits { bytes: usize::MAX, ..*limits });
            if limits.bytes < bytes.len() {
                findings.push(finding(&Match { rule: &rule::TOO_LONG, start: limits.bytes, end: bytes.len() }));
            }
            Scanned { findings, format: None }
        }
        Document::Archive => {
            Scanned { findings: vec![finding(&Match { rule: &rule::ARCHIVE, start: 0, end: bytes.len() })], format: None }
        }
        Document::Extracted { dress, text, partial } => {
            let mut findings = scan(&text, limits);
            for finding in &mut findings {
                finding.seen = if finding.seen.is_empty() {
                    dress.name().to_owned()
                } else {
                    format!("{} in {}", finding.seen, dress.name())
                };
            }
            if partial {
                let whole = Match { rule: &rule::NOT_READ, start: 0, end: bytes.len() };
                findings.push(finding(&whole));
            }
            Scanned { findings, format: Some(dress) }
        }
    }
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
