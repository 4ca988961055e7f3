//! What came of a call: its text is scanned, what flows into the session by it is noted, and the policy says how it goes on to
//! the agent.

use std::borrow::Cow;

use bailiwick_detect::{Likeliest, Limits, classifier, is_unseen};
use bailiwick_vocab::call::Request;
use bailiwick_vocab::effect::Span;
use bailiwick_vocab::event::{Outcome, Scene};
use bailiwick_vocab::finding::{Finding, Strength};
use bailiwick_vocab::handling::{Arrival, Cause, Handling, Treatment};
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::record::Body;

use crate::canary;
use crate::line::{Line, stored};
use crate::session::Session;

/// The rule under which the classifier's passage stands among the findings.
const CLASSIFIER: &str = "instruction/classifier";

/// The rules of a further model: what it takes for an order, and that it said nothing.
const JUDGE: &str = "instruction/judge";
const UNJUDGED: &str = "unscanned/judge";

/// From here on (per cent) the classifier's passage is recorded also where nothing is done about it.
const TELLING: u8 = 42;

/// Below this (per cent) the classifier has seen nothing: no policy is asked about it.
const LEAST: u8 = 10;

/// What a further model says of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// It orders an agent about.
    Order,
    /// It does not.
    Plain,
    /// There is none, and why.
    None(String),
}

/// How a further opinion is had: of a text, around a passage of it.
#[derive(Clone, Copy)]
pub struct Second<'a> {
    /// Whether it is asked about every text that strangers may have written; else only where the first stage is not sure.
    pub always: bool,
    /// Asks.
    pub ask: &'a dyn Fn(&str, std::ops::Range<usize>) -> Opinion,
}

/// Between these scores (per cent) the first stage is not sure: above, one harmless text in a thousand lies.
const UNSURE: std::ops::Range<u8> = 20..88;

impl Line<'_> {
    pub(crate) fn outcome(&self, scene: &Scene, outcome: &Outcome, session: &Session, objects: &mut Vec<Vec<u8>>) -> Body {
        let (mut findings, likeliest) = self.read(&outcome.text);
        let mut labels = Labels::default();
        let is_secret = |finding: &&Finding| matches!(finding.family(), "secret" | "canary");
        labels.secrets.extend(findings.iter().filter(is_secret).map(|finding| finding.rule.clone()));
        let brings = match session.pending.get(&outcome.call.id) {
            Some(foreseen) => labels.clone().join(foreseen),
            None => {
                // No call that we have judged: find what flows in by what the outcome says of it.
                let effects = self.resolved_effects(&outcome.call, &scene.cwd);
                labels = labels.join(&self.flows(&outcome.call, &effects, session));
                labels.clone()
            }
        };
        let treatment = self.treatment(scene, outcome, session, &brings, &mut findings, likeliest.and_then(likely));
        Body::Outcome {
            call: outcome.call.id.clone(),
            tool: outcome.call.tool.clone(),
            text: stored(&outcome.text, objects),
            failed: outcome.error.is_some(),
            duration_ms: outcome.duration_ms,
            findings,
            labels,
            treatment,
            after: Vec::new(),
        }
    }

    /// What the policy wants of an outcome, and what of it the agent lets be done; none where it goes on as it came. The
    /// classifier's finding joins the others where it says something.
    fn treatment(
        &self,
        scene: &Scene,
        outcome: &Outcome,
        session: &Session,
        brings: &Labels,
        findings: &mut Vec<Finding>,
        likely: Option<(u8, Finding)>,
    ) -> Option<Treatment> {
        let score = likely.as_ref().map_or(0, |(score, _)| *score);
        findings.extend(likely.map(|(_, finding)| finding));
        if !brings.untrusted.is_empty() {
            self.second_opinion(&outcome.text, score, findings);
        }
        let hidden: Vec<bool> = findings.iter().map(is_unseen).collect();
        let (server, name) = of_tool(outcome);
        let causes = self.policy.receive(&Arrival {
            agent: &scene.agent,
            session: &scene.session,
            tool: &outcome.call.tool,
            server,
            name,
            labels: &session.labels.clone().join(brings),
            brings,
            findings,
            hidden: &hidden,
            score,
            bytes: outcome.text.len() as u64,
            failed: outcome.error.is_some(),
        });
        let last = findings.len().saturating_sub(1);
        let meant = causes.iter().any(|cause| cause.findings.contains(&last));
        if findings.last().is_some_and(|finding| finding.rule == CLASSIFIER) && score < TELLING && !meant {
            findings.pop();
        }
        self.treated(causes, outcome)
    }

    /// What a further model says, as a finding; its silence is one too. It is not asked where a rule is sure already.
    fn second_opinion(&self, text: &str, score: u8, findings: &mut Vec<Finding>) {
        let Some(second) = self.second else { return };
        let order = |finding: &&Finding| finding.family() == "instruction" && finding.rule != CLASSIFIER;
        let sure = findings.iter().filter(order).any(|finding| finding.strength.is_strong());
        if sure || text.is_empty() || !(second.always || UNSURE.contains(&score)) {
            return;
        }
        let span = findings.last().filter(|finding| finding.rule == CLASSIFIER).map(|finding| finding.span);
        let span = span.unwrap_or(Span { start: 0, end: 0 });
        let hidden = canary::blanked(text, self.canaries);
        let (start, end) = (span.start as usize, span.end as usize);
        let found = match (second.ask)(hidden.as_deref().unwrap_or(text), start..end) {
            Opinion::Plain => return,
            Opinion::Order => {
                let finding = Finding::new(JUDGE, span, "is an order to an agent in the opinion of another model");
                Finding { strength: Strength::Fair, ..finding }
            }
            Opinion::None(why) => Finding::new(UNJUDGED, span, format!("the model that the map names gave no opinion: {why}")),
        };
        // The classifier's stays the last: it is dropped where nothing comes of it.
        findings.insert(findings.len().saturating_sub(1), found);
    }

    fn treated(&self, causes: Vec<Cause>, outcome: &Outcome) -> Option<Treatment> {
        let wanted = causes.iter().map(|cause| cause.handling).max().unwrap_or_default();
        let given = outcome.means.best(wanted);
        (wanted > Handling::Pass).then(|| Treatment { wanted, given, causes, nonce: self.nonce.to_owned() })
    }

    /// What detection sees in a text, planted tokens first, but for placeholders. In their place stands something as long, so that spans hold.
    pub(crate) fn scan(&self, text: &str) -> Vec<Finding> {
        let mut findings = canary::findings(text, self.canaries);
        findings.extend(bailiwick_detect::scan(&self.without_placeholders(text), &Limits::default()));
        findings
    }

    /// The same, and what in it is likeliest an order, in one pass.
    fn read(&self, text: &str) -> (Vec<Finding>, Option<Likeliest>) {
        let mut findings = canary::findings(text, self.canaries);
        let (seen, likeliest) = bailiwick_detect::read(&self.without_placeholders(text), &Limits::default());
        findings.extend(seen);
        (findings, likeliest)
    }

    fn without_placeholders<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let held = self.placeholders.iter().filter(|held| !held.is_empty() && text.contains(held.as_str()));
        held.fold(Cow::Borrowed(text), |text, held| Cow::Owned(text.replace(held.as_str(), &" ".repeat(held.len()))))
    }
}

/// The tool that gave it, as the policy names tools: server and name.
fn of_tool(outcome: &Outcome) -> (&str, &str) {
    if let Request::Mcp { server, tool } = &outcome.call.request { (server, tool) } else { ("", &outcome.call.tool) }
}

/// How likely a text orders an agent about, in per cent, and the passage that does, where that says anything.
fn likely(found: Likeliest) -> Option<(u8, Finding)> {
    let score = percent(found.probability);
    let mut finding = Finding::new(CLASSIFIER, found.span, "reads like an order to an agent");
    finding.strength = if found.probability >= classifier::ONE_IN_A_THOUSAND { Strength::Fair } else { Strength::Weak };
    finding.seen = found.seen;
    (score >= LEAST).then_some((score, finding))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
fn percent(probability: f32) -> u8 {
    (probability.clamp(0.0, 1.0) * 100.0).floor() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use bailiwick_policy::policy::Policy;

    /// The classifier's bars move with its training; policies know nothing of crate detect.
    #[test]
    fn the_bars_in_policies_are_the_classifiers() {
        let bar = |probability: f32| percent(probability + 0.001);
        let holds =
            |preset: &str, bar: u8| Policy::preset(preset).is_some_and(|text| text.contains(&format!("resource.score >= {bar}")));
        assert!(holds("coding-agent", bar(classifier::ONE_IN_A_THOUSAND)), "{}", bar(classifier::ONE_IN_A_THOUSAND));
        assert!(holds("strict", bar(classifier::ONE_IN_A_HUNDRED)), "{}", bar(classifier::ONE_IN_A_HUNDRED));
        assert_eq!((TELLING, UNSURE.end), (bar(classifier::ONE_IN_A_HUNDRED), bar(classifier::ONE_IN_A_THOUSAND)));
    }
}
