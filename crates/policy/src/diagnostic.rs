//! What is wrong with a policy text, with the place underlined. In: Cedar's errors or our own. Out: plain text for people.

use std::fmt::Write as _;
use std::ops::Range;

use cedar_policy::ffi::DetailedError;
use serde::{Deserialize, Serialize};

use crate::load::LayerKind;

/// A message about one stretch of a layer's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Which layer.
    pub layer: LayerKind,
    /// Its file name.
    pub source: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// The stretch in bytes of the layer's text, where the message is about one.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The line that the stretch begins on.
    pub text: String,
}

/// Where a diagnostic belongs.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) kind: LayerKind,
    pub(crate) source: &'a str,
    pub(crate) text: &'a str,
}

impl Origin<'_> {
    /// A message of our own.
    pub(crate) fn diagnostic(&self, span: Option<Range<usize>>, message: impl Into<String>, help: Option<&str>) -> Diagnostic {
        let start = span.as_ref().map_or(0, |span| floor(self.text, span.start));
        let before = self.text.get(..start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Diagnostic {
            layer: self.kind,
            source: self.source.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).map_or(0, |text| text.chars().count()) + 1,
            span,
            message: message.into(),
            help: help.map(str::to_owned),
            text: self.text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or("").to_owned(),
        }
    }

    /// One of Cedar's errors with everything related to it. `shift` is where the text that it saw begins in the layer.
    pub(crate) fn cedar(&self, error: &DetailedError, shift: usize, out: &mut Vec<Diagnostic>) {
        let label = error.source_locations.first();
        let span = label.map(|label| label.loc.start + shift..label.loc.end + shift);
        let note = label.and_then(|label| label.label.as_deref()).map(|label| format!(": {label}")).unwrap_or_default();
        let help = hint(&error.message).map(str::to_owned).or_else(|| error.help.clone());
        out.push(self.diagnostic(span, format!("{}{note}", without_number(&error.message)), help.as_deref()));
        for related in &error.related {
            self.cedar(related, shift, out);
        }
    }
}

/// Cedar's number of a policy says nothing to people: the place is underlined.
fn without_number(message: &str) -> &str {
    let rest = message.strip_prefix("for policy `").and_then(|rest| rest.split_once("`, "));
    rest.map_or(message, |(_, rest)| rest)
}

/// Better words for errors whose own words do not say what to do.
fn hint(message: &str) -> Option<&'static str> {
    let impossible =
        "it can never hold, so it protects nothing: look at the names after `has`, the types after `is`, and the acts";
    if message.contains("policy is impossible") {
        Some(impossible)
    } else if message.contains("unrecognized entity type") || message.contains("unrecognized action") {
        Some("the types, acts and attributes that a policy can name are in crates/policy/src/schema.cedarschema")
    } else {
        None
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl Diagnostic {
    /// The message, where it is, and the line with the stretch underlined. Plain text, ends with a newline.
    #[must_use]
    pub fn render(&self) -> String {
        let mut all = format!(
            "{}\n  {} ({} policy), line {}, column {}\n",
            self.message,
            self.source,
            self.layer.word(),
            self.line,
            self.column
        );
        if self.span.is_some() {
            let number = self.line.to_string();
            let _ = writeln!(all, "  {number} | {}", self.text);
            let indent: String =
                self.text.chars().take(self.column - 1).map(|letter| if letter == '\t' { '\t' } else { ' ' }).collect();
            let _ = writeln!(all, "  {} | {indent}{}", " ".repeat(number.len()), "^".repeat(self.width()));
        }
        if let Some(help) = &self.help {
            let _ = writeln!(all, "  help: {help}");
        }
        all
    }

    /// How many characters are underlined: to the end of the stretch or of the line, at least one.
    fn width(&self) -> usize {
        let rest = self.text.chars().skip(self.column - 1);
        let bytes = self.span.as_ref().map_or(0, |span| span.len());
        let mut seen = 0;
        let inside = rest.take_while(|letter| {
            seen += letter.len_utf8();
            seen <= bytes
        });
        inside.count().max(1)
    }
}
