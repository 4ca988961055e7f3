//! A short notation for an effect and its surroundings, for the examples that policies carry and for case pages:
//! `read ~/.ssh/id_rsa`, `connect evil.example upload=true untrusted=web:evil.example`. Out: an effect and a setting.
//!
//! The first word is the act, further words are what it is done to, `key=value` words are details. Quotes keep spaces.
//! `~` is `/home/user`, and what is not absolute lies in `/home/user/project`.
//! `receive …` is what comes back from a tool ([`received`]).
//! In a policy `@match("… ;; …")` must each match that policy alone, `@no_match("…")` must not.

mod notation;
pub mod received;

use bailiwick_vocab::case::Case;
use bailiwick_vocab::effect::Effect;
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::map::Map;
use bailiwick_vocab::origin::{Trace, Wish};

use crate::places::{Anchors, PlaceError, Places};

pub use notation::parse;

/// An effect in its surroundings.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What is done.
    pub effect: Effect,
    /// Who does it.
    pub agent: Agent,
    /// By which tool.
    pub tool: String,
    /// What the session has read.
    pub labels: Labels,
    /// What detection saw.
    pub findings: Vec<Finding>,
    /// Whether its host, program or tool is new to the session.
    pub first_seen: bool,
    /// Where its values come from.
    pub traces: Vec<Trace>,
    /// What kinds of acts the user's words ask for.
    pub asked: Vec<Wish>,
    /// Who has approved.
    pub approvals: Vec<String>,
}

/// The home of every example.
const HOME: &str = "/home/user";
/// The working directory of every example.
const WORKSPACE: &str = "/home/user/project";

/// The places as examples see them.
///
/// # Errors
/// The first pattern of the map that cannot be used.
pub fn places(map: &Map) -> Result<Places, PlaceError> {
    let anchors = Anchors {
        home: vec![HOME.to_owned()],
        workspace: vec![WORKSPACE.to_owned()],
        state: vec![format!("{HOME}/.local/state/bailiwick")],
        config: vec![format!("{HOME}/.config/bailiwick")],
        temp: Vec::new(),
    };
    Places::new(map, &anchors)
}

impl Example {
    /// As a case of one effect. `effects` and `first_seen` are the example's own, in slices for the case to borrow.
    #[must_use]
    pub fn case<'a>(&'a self, effects: &'a [Effect], first_seen: &'a [bool]) -> Case<'a> {
        Case {
            agent: &self.agent,
            session: "example",
            tool: &self.tool,
            effects,
            labels: &self.labels,
            findings: &self.findings,
            first_seen,
            traces: &self.traces,
            asked: &self.asked,
            approvals: &self.approvals,
        }
    }
}

/// What is wrong with a policy's examples.
pub(crate) fn check(policy: &cedar_policy::Policy, places: &Places) -> Vec<String> {
    let mut problems = Vec::new();
    for (key, wanted) in [("match", true), ("no_match", false)] {
        for text in policy.annotation(key).unwrap_or("").split(";;").map(str::trim).filter(|text| !text.is_empty()) {
            let found = if received::is(text) {
                received::parse(text).and_then(|example| crate::receive::matches(policy, &example.arrival()))
            } else {
                parse(text).and_then(|example| crate::judge::matches(policy, &example, places))
            };
            match found {
                Ok(found) if found == wanted => {}
                Ok(true) => problems.push(format!("@no_match example {text:?} matches")),
                Ok(false) => problems.push(format!("@match example {text:?} does not match")),
                Err(problem) => problems.push(format!("@{key} example {text:?}: {problem}")),
            }
        }
    }
    problems
}
