//! The batch tongue: one event a line in, one answer a line out, for other tools and for benchmarks.
//!
//! Tools may have Claude Code's names or the common ones of other agents (`judge/tools.rs`). An outcome names its call
//! only by its identifier; the caller looks the call up.

pub(crate) mod tools;

use std::borrow::Cow;

use bailiwick_vocab::call::{Request, ToolCall};
use bailiwick_vocab::case::{Ruling, Verdict};
use bailiwick_vocab::event::{Agent, Event, Happening, Outcome, Scene};
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::handling::{Handling, Means};
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::record::{Body, Receipt};
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::ParseError;
use crate::fields::{self, Fields};
use crate::handled::{Handled, handled};
use crate::ordered;
use crate::wording;

/// The client's name, as policy and ledger see it.
pub const CLIENT: &str = "judge";

/// One line, understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its `id` as it came, to be given back; null where it has none.
    pub id: Value,
    /// What it says.
    pub event: Event,
}

/// One line, not understood.
#[derive(Clone, Debug, PartialEq)]
pub struct BadLine {
    /// Its `id`, where that much could be read.
    pub id: Value,
    /// Why not.
    pub error: ParseError,
}

/// Reads one line.
///
/// # Errors
/// Where it is not one JSON object of the three events. The caller answers with [`refuse`] and goes on.
pub fn parse(line: &[u8]) -> Result<Line, BadLine> {
    let message = fields::object(line).map_err(|error| BadLine { id: Value::Null, error })?;
    let id = match message.get("id") {
        Some(id @ (ordered::Value::Text(_) | ordered::Value::Number(_))) => id.to_serde(),
        _ => Value::Null,
    };
    match event(Fields::new(&message, ""), &id) {
        Ok(event) => Ok(Line { id, event }),
        Err(error) => Err(BadLine { id, error }),
    }
}

fn event(fields: Fields<'_>, id: &Value) -> Result<Event, ParseError> {
    let cwd = fields.text_or_empty("cwd")?;
    if !cwd.is_empty() && !crate::claude::is_absolute(&cwd) {
        return Err(fields.unexpected("cwd", "an absolute path"));
    }
    let agent = Agent { client: CLIENT.to_owned(), id: fields.text_or_empty("agent")?, kind: String::new() };
    let scene = Scene { session: fields.name("session")?, agent, cwd, project: None, unattended: false, told: None };
    let happening = match fields.name("event")?.as_str() {
        "prompt" => Happening::Prompt { text: fields.text("text")? },
        "call" => Happening::Call(call(fields, id)?),
        "outcome" => Happening::Outcome(outcome(fields, id)?),
        unknown => return Err(ParseError::UnknownEvent { name: unknown.chars().take(64).collect() }),
    };
    Ok(Event { scene, happening })
}

fn call(fields: Fields<'_>, id: &Value) -> Result<ToolCall, ParseError> {
    let tool = fields.name("tool")?;
    let input = fields.object("input")?;
    let request = tools::request(&tool, input)?;
    Ok(ToolCall { id: call_id(fields, id)?, tool, request, input: input.value().to_serde() })
}

/// Only the identifier is known; the rest stays empty.
fn outcome(fields: Fields<'_>, id: &Value) -> Result<Outcome, ParseError> {
    let request = Request::Named { name: String::new() };
    let call = ToolCall { id: call_id(fields, id)?, tool: String::new(), request, input: Value::Null };
    Ok(Outcome {
        call,
        text: fields.text("text")?,
        error: fields.optional_text("error")?,
        duration_ms: None,
        means: Means::REPLACES,
    })
}

fn call_id(fields: Fields<'_>, id: &Value) -> Result<String, ParseError> {
    match id {
        Value::String(text) if !text.is_empty() => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            Err(if fields.get("id").is_none() { fields.missing("id") } else { fields.unexpected("id", "a text or a number") })
        }
    }
}

/// One answer, in the order in which its members are written.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    verdict: Verdict,
    reasons: Vec<Told<'a>>,
    effects: Value,
    findings: &'a [Finding],
    labels: &'a Labels,
    entry: Option<u64>,
    /// What is done with an outcome's text, where it does not simply go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    handling: Option<Handling>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Told<'a> {
    policy: &'a str,
    text: &'a str,
}

/// The answer to a recorded line; of an outcome with its text as it goes on.
#[must_use]
pub fn answer(line: &Line, receipt: &Receipt) -> Vec<u8> {
    let none = Labels::default();
    let mut answer = Answer {
        id: &line.id,
        verdict: Verdict::Allow,
        reasons: Vec::new(),
        effects: json!([]),
        findings: &[],
        labels: &none,
        entry: Some(receipt.entry()),
        handling: None,
        text: None,
    };
    match (&receipt.record().body, &line.event.happening) {
        (Body::Call(call), Happening::Call(_)) => {
            answer.verdict = call.ruling.verdict;
            answer.reasons = told(&call.ruling);
            answer.effects = serde_json::to_value(&call.effects).unwrap_or(Value::Null);
            answer.findings = &call.findings;
            answer.labels = &call.labels;
        }
        (Body::Outcome { findings, labels, treatment, .. }, Happening::Outcome(outcome)) => {
            answer.findings = findings;
            answer.labels = labels;
            let causes = treatment.iter().flat_map(|treatment| &treatment.causes);
            answer.reasons = causes.map(|cause| Told { policy: &cause.policy, text: &cause.text }).collect();
            let handled = handled(&line.event, receipt);
            answer.handling = handled.as_ref().map(Handled::given);
            let text = handled.map(|handled| Cow::Owned(handled.in_one()));
            answer.text = Some(text.unwrap_or(Cow::Borrowed(&outcome.text)));
        }
        (Body::Prompt { findings, labels, .. }, Happening::Prompt { .. }) => {
            answer.findings = findings;
            answer.labels = labels;
        }
        (Body::Failure { text, .. }, _) => {
            answer.verdict = Verdict::Deny;
            answer.reasons = vec![Told { policy: "guard/failed", text }];
        }
        _ => {
            answer.verdict = Verdict::Deny;
            answer.reasons = vec![Told { policy: "guard/failed", text: "the record does not belong to this line" }];
        }
    }
    written(&answer)
}

/// The answer where there is no record: a bad line, or a ledger that could not be written.
#[must_use]
pub fn refuse(id: &Value, reason: &str) -> Vec<u8> {
    written(&Answer {
        id,
        verdict: Verdict::Deny,
        reasons: vec![Told { policy: "guard/refused", text: reason }],
        effects: json!([]),
        findings: &[],
        labels: &Labels::default(),
        entry: None,
        handling: None,
        text: None,
    })
}

fn told(ruling: &Ruling) -> Vec<Told<'_>> {
    wording::deciding(ruling).map(|reason| Told { policy: &reason.policy, text: &reason.text }).collect()
}

/// What cannot be written as JSON is still answered, with a denial.
fn written(answer: &Answer<'_>) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(answer).unwrap_or_else(|_| br#"{"id":null,"verdict":"deny","reasons":[]}"#.to_vec());
    bytes.push(b'\n');
    bytes
}
