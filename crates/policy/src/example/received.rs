//! A short notation for what comes back from a tool: `receive instruction/override untrusted=web:example.org hidden=true`.
//!
//! The first word is the rule that detection saw, several with commas between, or `text` where it saw nothing. Details:
//! `strength` (strong where it is not said), `hidden`, `seen`, `untrusted`, `secret`, `tool` (`server/name` for an MCP
//! tool), `score`, `bytes`, `failed`, `client`, `subagent`.

use bailiwick_vocab::effect::Span;
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::finding::{Finding, Strength};
use bailiwick_vocab::handling::Arrival;
use bailiwick_vocab::label::Labels;

use super::notation::{closed, split};

/// The act's word.
const ACT: &str = "receive";

/// An arrival in its surroundings.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    agent: Agent,
    tool: String,
    server: String,
    name: String,
    brings: Labels,
    findings: Vec<Finding>,
    hidden: Vec<bool>,
    score: u8,
    bytes: u64,
    failed: bool,
}

/// Whether an example is one of these.
#[must_use]
pub fn is(text: &str) -> bool {
    text.split_whitespace().next() == Some(ACT)
}

/// Reads one.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(text: &str) -> Result<Received, String> {
    let mut words = split(text)?.into_iter().skip(1);
    let rules = words.next().ok_or("what was seen is missing: a rule, or `text`")?;
    let (mut strength, mut seen, mut hidden) = (Strength::Strong, String::new(), false);
    let mut received = nothing();
    for word in words {
        let (key, value) = word.split_once('=').ok_or_else(|| format!("{word:?} is no detail"))?;
        match key {
            "strength" => strength = closed(value)?,
            "hidden" => hidden = flag(key, value)?,
            "seen" => value.clone_into(&mut seen),
            "untrusted" => received.brings.untrusted = value.split(',').map(str::to_owned).collect(),
            "secret" => received.brings.secrets = value.split(',').map(str::to_owned).collect(),
            "tool" => received.of_tool(value),
            "score" => received.score = value.parse().map_err(|_| format!("{value:?} is no percentage"))?,
            "bytes" => received.bytes = value.parse().map_err(|_| format!("{value:?} is no number"))?,
            "failed" => received.failed = flag(key, value)?,
            "client" => value.clone_into(&mut received.agent.client),
            "subagent" => (received.agent.id, received.agent.kind) = (value.to_owned(), value.to_owned()),
            _ => return Err(format!("{ACT} knows no {key:?}")),
        }
    }
    for rule in rules.split(',').filter(|rule| *rule != "text") {
        let finding = Finding::new(rule, Span { start: 0, end: 0 }, String::new());
        received.findings.push(Finding { strength, seen: seen.clone(), ..finding });
        received.hidden.push(hidden);
    }
    Ok(received)
}

fn nothing() -> Received {
    Received {
        agent: Agent { client: "claude-code".to_owned(), ..Agent::default() },
        tool: "WebFetch".to_owned(),
        server: String::new(),
        name: "WebFetch".to_owned(),
        brings: Labels::default(),
        findings: Vec::new(),
        hidden: Vec::new(),
        score: 0,
        bytes: 1000,
        failed: false,
    }
}

fn flag(key: &str, value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| format!("{key} is true or false, not {value:?}"))
}

impl Received {
    fn of_tool(&mut self, tool: &str) {
        let (server, name) = tool.split_once('/').unwrap_or(("", tool));
        (self.server, self.name, self.tool) = (server.to_owned(), name.to_owned(), tool.to_owned());
    }

    /// As the policy looks at it. The session has read nothing before.
    #[must_use]
    pub fn arrival(&self) -> Arrival<'_> {
        Arrival {
            agent: &self.agent,
            session: "example",
            tool: &self.tool,
            server: &self.server,
            name: &self.name,
            labels: &self.brings,
            brings: &self.brings,
            findings: &self.findings,
            hidden: &self.hidden,
            score: self.score,
            bytes: self.bytes,
            failed: self.failed,
        }
    }
}
