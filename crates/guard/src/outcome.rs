//! What came of a call: its text is scanned, and what flows into the session by it is noted.

use bailiwick_detect::Limits;
use bailiwick_vocab::event::{Outcome, Scene};
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::record::Body;

use crate::line::{Line, stored};
use crate::session::Session;

impl Line<'_> {
    pub(crate) fn outcome(&self, scene: &Scene, outcome: &Outcome, session: &Session, objects: &mut Vec<Vec<u8>>) -> Body {
        let findings = self.scan(&outcome.text);
        let mut labels = Labels::default();
        labels.secrets.extend(findings.iter().filter(|f| f.family() == "secret").map(|f| f.rule.clone()));
        if !session.pending.contains_key(&outcome.call.id) {
            // No call that we have judged: find what flows in by what the outcome says of it.
            let effects = self.resolved_effects(&outcome.call, &scene.cwd);
            labels = labels.join(&self.flows(&outcome.call, &effects, session));
        }
        Body::Outcome {
            call: outcome.call.id.clone(),
            tool: outcome.call.tool.clone(),
            text: stored(&outcome.text, objects),
            failed: outcome.error.is_some(),
            duration_ms: outcome.duration_ms,
            findings,
            labels,
            after: Vec::new(),
        }
    }

    /// What detection sees in a text, but for placeholders. In their place stands something as long, so that spans hold.
    pub(crate) fn scan(&self, text: &str) -> Vec<Finding> {
        let held = self.placeholders.iter().filter(|held| !held.is_empty() && text.contains(held.as_str()));
        let blanked = held.fold(None, |blanked: Option<String>, held| {
            Some(blanked.as_deref().unwrap_or(text).replace(held.as_str(), &" ".repeat(held.len())))
        });
        bailiwick_detect::scan(blanked.as_deref().unwrap_or(text), &Limits::default())
    }
}
