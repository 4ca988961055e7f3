//! What is done with an outcome before its agent reads it. In: an arrival. Out: every policy that wants something done with
//! it or with a part of it; none where it goes on as it came.
//!
//! The text as a whole is one request, each thing that detection saw in it another. INVARIANT (an error withholds): where
//! anything cannot be evaluated, the whole is withheld.

use std::collections::BTreeMap;

use bailiwick_vocab::case::Case;
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::handling::{Arrival, Cause, Handling};
use cedar_policy::{Entities, PolicySet, Response, RestrictedExpression};

use crate::entities::{Kind, Subject, Unbuilt, act, flag, number, set, text};
use crate::judge::{Asked, Bench, Differs, POLICY_ERROR};
use crate::policy::{Policy, Traits};
use crate::schema::RECEIVE;

impl Policy {
    /// What is wanted of an outcome, one cause for each policy. Never fails: what cannot be evaluated is withheld as
    /// `guard/policy-error`.
    #[must_use]
    pub fn receive(&self, arrival: &Arrival<'_>) -> Vec<Cause> {
        self.weighed(arrival).unwrap_or_else(|error| {
            let text = format!("Policy could not be evaluated, so this is withheld: {}", error.0);
            vec![Cause { policy: POLICY_ERROR.to_owned(), text, handling: Handling::Withhold, findings: Vec::new() }]
        })
    }

    fn weighed(&self, arrival: &Arrival<'_>) -> Result<Vec<Cause>, Unbuilt> {
        let parse = |kind: Kind| self.rules_for_arrivals(kind.word()).map_err(|rule| Unbuilt(format!("{rule} does not parse")));
        // Most outcomes end here: nothing is parsed for them.
        let parts_matter = !arrival.findings.is_empty() && self.looks_at(Kind::Finding.word());
        if !parts_matter && !self.looks_at(Kind::Outcome.word()) {
            return Ok(Vec::new());
        }
        let (whole, parts) = (parse(Kind::Outcome)?, parse(Kind::Finding)?);
        let mut causes = BTreeMap::new();
        for (finding, response) in responses(self, arrival, &whole, &parts)? {
            for rule in response.diagnostics().reason().filter_map(|id| self.rule(id)) {
                let handling = rule.handling.unwrap_or(Handling::Withhold);
                let new = || Cause { policy: rule.id.clone(), text: rule.reason.clone(), handling, findings: Vec::new() };
                causes.entry(rule.id.as_str()).or_insert_with(new).findings.extend(finding);
            }
        }
        Ok(causes.into_values().collect())
    }
}

/// What Cedar says of the whole, and of each finding under its index. Findings alike are asked about once.
fn responses(
    policy: &Policy,
    arrival: &Arrival<'_>,
    whole: &PolicySet,
    parts: &PolicySet,
) -> Result<Vec<(Option<usize>, Response)>, Unbuilt> {
    let case = case(arrival);
    let mut bench = Bench::new(policy, &case)?;
    let mut all = Vec::new();
    if !whole.is_empty() {
        all.push((None, ask(&mut bench, outcome(arrival), whole)?));
    }
    let mut known: Vec<((&Finding, bool), Response)> = Vec::new();
    for (index, finding) in arrival.findings.iter().enumerate().filter(|_| !parts.is_empty()) {
        let hidden = arrival.hidden.get(index).copied().unwrap_or(true);
        let alike = |(other, seen): &(&Finding, bool)| {
            other.rule == finding.rule && other.strength == finding.strength && other.seen == finding.seen && *seen == hidden
        };
        let response = match known.iter().find(|(other, _)| alike(other)) {
            Some((_, response)) => response.clone(),
            None => ask(&mut bench, part(arrival, finding, hidden), parts)?,
        };
        known.push(((finding, hidden), response.clone()));
        all.push((Some(index), response));
    }
    Ok(all)
}

fn ask(bench: &mut Bench<'_>, subject: Subject<'_>, rules: &PolicySet) -> Result<Response, Unbuilt> {
    let asked = asked(bench, subject, rules)?;
    let context = bench.context(&Differs::nothing())?;
    bench.ask(&asked, context)
}

fn asked<'r>(bench: &Bench<'_>, subject: Subject<'_>, rules: &'r PolicySet) -> Result<Asked<'r>, Unbuilt> {
    let (resource, act) = (subject.uid()?, act(RECEIVE)?);
    let action = act.uid();
    let all = [subject.entity()?, bench.principal.clone(), act];
    let entities = Entities::from_entities(all, None).map_err(|error| Unbuilt(error.to_string()))?;
    Ok(Asked { action, resource, entities, rules })
}

/// The surroundings, as those of a call are.
fn case<'a>(arrival: &'a Arrival<'_>) -> Case<'a> {
    Case {
        agent: arrival.agent,
        session: arrival.session,
        tool: arrival.tool,
        effects: &[],
        labels: arrival.labels,
        findings: arrival.findings,
        first_seen: &[],
        traces: &[],
        asked: &[],
        approvals: &[],
    }
}

fn outcome<'p>(arrival: &Arrival<'_>) -> Subject<'p> {
    subject(Kind::Outcome, "outcome", arrival, Vec::new())
}

fn part<'p>(arrival: &Arrival<'_>, finding: &Finding, hidden: bool) -> Subject<'p> {
    let own = vec![
        ("rule", text(&finding.rule)),
        ("family", text(finding.family())),
        ("strength", text(finding.strength.word())),
        ("hidden", flag(hidden)),
        ("seen", text(&finding.seen)),
    ];
    subject(Kind::Finding, &finding.rule, arrival, own)
}

fn subject<'p>(kind: Kind, id: &str, arrival: &Arrival<'_>, own: Vec<(&'static str, RestrictedExpression)>) -> Subject<'p> {
    let unscanned = arrival.findings.iter().any(|finding| finding.family() == "unscanned");
    let mut attributes = own;
    attributes.extend([
        ("server", text(arrival.server)),
        ("name", text(arrival.name)),
        ("untrusted", flag(!arrival.brings.untrusted.is_empty())),
        ("secret", flag(!arrival.brings.secrets.is_empty())),
        ("sources", set(arrival.brings.untrusted.iter().cloned())),
        ("score", number(u64::from(arrival.score))),
        ("unscanned", flag(unscanned)),
        ("failed", flag(arrival.failed)),
        ("bytes", number(arrival.bytes)),
    ]);
    let within = if arrival.server.is_empty() {
        vec![(Kind::Tool, arrival.name.to_owned())]
    } else {
        let whole = format!("{}/{}", arrival.server, arrival.name);
        vec![(Kind::Tool, whole), (Kind::Tool, arrival.server.to_owned())]
    };
    Subject { kind, id: id.to_owned(), attributes, within, places: Vec::new() }
}

/// Whether `policy`, alone, speaks about what the example says has come.
///
/// # Errors
/// An evaluation error, in words.
pub(crate) fn matches(policy: &cedar_policy::Policy, arrival: &Arrival<'_>) -> Result<bool, String> {
    let alone = PolicySet::from_policies([policy.clone()]).map_err(|error| error.to_string())?;
    let nothing = Policy::new(Vec::new(), Vec::new(), Traits::default(), String::new());
    let all = responses(&nothing, arrival, &alone, &alone).map_err(|error| error.0)?;
    Ok(all.iter().any(|(_, response)| response.diagnostics().reason().next().is_some()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::example::received;
    use crate::schema::schema;
    use cedar_policy::Request;

    /// At run time nothing is checked against the schema, so what is built must be what policies were checked for.
    #[test]
    fn everything_that_is_built_conforms_to_the_schema() {
        let (schema, nothing, none) =
            (schema().unwrap(), Policy::new(Vec::new(), Vec::new(), Traits::default(), String::new()), PolicySet::new());
        for line in
            ["receive text untrusted=web:x", "receive instruction/override tool=tickets/get score=80 hidden=true secret=a"]
        {
            let example = received::parse(line).unwrap();
            let arrival = example.arrival();
            let case = case(&arrival);
            let mut bench = Bench::new(&nothing, &case).unwrap();
            let parts = arrival.findings.iter().map(|finding| part(&arrival, finding, false));
            for subject in parts.chain([outcome(&arrival)]) {
                let asked = asked(&bench, subject, &none).unwrap();
                let all = asked.entities.iter().filter(|entity| entity.uid() != asked.action).cloned();
                Entities::from_entities(all, Some(&schema)).unwrap();
                let context = bench.context(&Differs::nothing()).unwrap();
                let principal = bench.principal.uid();
                Request::new(principal, asked.action.clone(), asked.resource.clone(), context, Some(&schema)).unwrap();
            }
        }
    }
}
