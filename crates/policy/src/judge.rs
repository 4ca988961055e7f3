//! Rulings. In: a case, the places. Out: the strictest verdict over everything that its effects touch, with the policies
//! that decided.
//!
//! Ask is not a kind of policy: a request is *ask* if it is denied now and would be permitted with an approval in the
//! context. INVARIANT (an error denies): Cedar skips a policy that errs, even a forbid; here any error, in either
//! evaluation, is a denial.

use std::collections::{BTreeSet, HashSet};

use bailiwick_vocab::case::{Case, Reason, Ruling, Verdict};
use bailiwick_vocab::effect::{Effect, Reversibility};
use bailiwick_vocab::finding::Finding;
use cedar_policy::{
    AuthorizationError, Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request, Response,
};

use crate::entities::{Subject, Unbuilt, act, agent, flag, number, set, subjects, text, word};
use crate::example::Example;
use crate::places::Places;
use crate::policy::{Policy, Traits};
use crate::traced::{Origins, ROLES, filled, origins};

/// How many approvals are imagined when it is asked whether approval would help: more than any policy demands.
const IMAGINED_APPROVALS: u64 = 1_000;

/// The policy named where something could not be evaluated.
pub(crate) const POLICY_ERROR: &str = "guard/policy-error";

impl Policy {
    /// Rules on a case. Never fails: what cannot be evaluated is denied as `guard/policy-error`.
    #[must_use]
    pub fn judge(&self, case: &Case<'_>, places: &Places) -> Ruling {
        if case.effects.is_empty() {
            let text = "This call touches nothing that policy speaks of.";
            let reason = Reason { policy: "no-effects".into(), text: text.into(), effect: None, verdict: Verdict::Allow };
            return Ruling { verdict: Verdict::Allow, reasons: vec![reason] };
        }
        match Bench::new(self, case) {
            Ok(mut bench) => {
                let reasons = case.effects.iter().enumerate().flat_map(|(at, effect)| bench.weigh(at, effect, places)).collect();
                ruling(reasons)
            }
            Err(error) => ruling(vec![failed(&error.0, None)]),
        }
    }
}

/// The strictest verdict, with the policies that made it so, each once.
fn ruling(mut reasons: Vec<Reason>) -> Ruling {
    let verdict = reasons.iter().map(|reason| reason.verdict).max().unwrap_or(Verdict::Deny);
    let mut seen = HashSet::new();
    reasons.retain(|reason| reason.verdict == verdict && seen.insert(reason.policy.clone()));
    Ruling { verdict, reasons }
}

fn failed(what: &str, effect: Option<usize>) -> Reason {
    let text = format!("Policy could not be evaluated, so this is denied: {what}");
    Reason { policy: POLICY_ERROR.into(), text, effect, verdict: Verdict::Deny }
}

/// One request but for its context.
pub(crate) struct Asked<'r> {
    pub(crate) action: EntityUid,
    pub(crate) resource: EntityUid,
    pub(crate) entities: Entities,
    pub(crate) rules: &'r PolicySet,
}

fn unbuilt(error: impl std::fmt::Display) -> Unbuilt {
    Unbuilt(error.to_string())
}

/// In what the contexts of one case's requests differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Differs {
    first_seen: bool,
    reversible: Reversibility,
    /// Whether it is as if everybody had approved.
    imagined: bool,
    origins: Origins,
}

impl Differs {
    /// For what is no effect of a call.
    pub(crate) fn nothing() -> Differs {
        Differs { first_seen: true, reversible: Reversibility::Irreversible, imagined: false, origins: Origins::new() }
    }
}

/// What all requests of one case share.
pub(crate) struct Bench<'a> {
    policy: &'a Policy,
    case: &'a Case<'a>,
    authorizer: Authorizer,
    pub(crate) principal: Entity,
    /// Contexts made so far: they differ only in these.
    contexts: Vec<(Differs, Context)>,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(policy: &'a Policy, case: &'a Case<'a>) -> Result<Bench<'a>, Unbuilt> {
        let principal = agent(&case.agent.client, &case.agent.kind).entity()?;
        Ok(Bench { policy, case, authorizer: Authorizer::new(), principal, contexts: Vec::new() })
    }

    fn weigh(&mut self, at: usize, effect: &Effect, places: &Places) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = Vec::new();
        for subject in subjects(effect, &self.case.agent.client, places, &self.policy.traits) {
            let found = self.request(at, effect, subject).unwrap_or_else(|error| vec![failed(&error.0, Some(at))]);
            for reason in found {
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
        reasons
    }

    /// One request, weighed now and, where it is denied, with approval.
    fn request(&mut self, at: usize, effect: &Effect, subject: Subject<'_>) -> Result<Vec<Reason>, Unbuilt> {
        let name = effect.deed.act();
        let rules = self.policy.rules_for(name, &subject.places).map_err(|rule| Unbuilt(format!("{rule} does not parse")))?;
        let asked = self.asked(effect, subject, &rules)?;
        let first = self.case.first_seen.get(at).copied().unwrap_or(true);
        let origins = origins(self.case.traces, at);
        let mut differs = Differs { first_seen: first, reversible: effect.reversible, imagined: false, origins };
        let context = self.context(&differs)?;
        let now = self.ask(&asked, context)?;
        if now.decision() == Decision::Allow {
            return Ok(self.reasons(&now, at, Verdict::Allow));
        }
        differs.imagined = true;
        let context = self.context(&differs)?;
        let approved = self.ask(&asked, context)?;
        Ok(self.against(&now, &approved, at))
    }

    fn asked<'r>(&self, effect: &Effect, subject: Subject<'_>, rules: &'r PolicySet) -> Result<Asked<'r>, Unbuilt> {
        let resource = subject.uid()?;
        let act = act(effect.deed.act())?;
        let action = act.uid();
        // An agent that starts one of its own kind is both principal and resource.
        let other = (resource != self.principal.uid()).then(|| subject.entity()).transpose()?;
        let all = other.into_iter().chain([self.principal.clone(), act]);
        let entities = Entities::from_entities(all, None).map_err(unbuilt)?;
        Ok(Asked { action, resource, entities, rules })
    }

    /// The reasons of a request that is denied now.
    fn against(&self, now: &Response, approved: &Response, at: usize) -> Vec<Reason> {
        let (verdict, answer) = match approved.decision() {
            Decision::Allow => (Verdict::Ask, now),
            Decision::Deny => (Verdict::Deny, approved),
        };
        let mut reasons = self.reasons(answer, at, verdict);
        if reasons.is_empty() && verdict == Verdict::Ask {
            // No forbid stood against it: what asks is the permit that wants the approval.
            reasons = self.reasons(approved, at, verdict);
        }
        if reasons.is_empty() {
            let text = "No policy permits this, not even with approval.";
            reasons.push(Reason { policy: "default-deny".into(), text: text.into(), effect: Some(at), verdict });
        }
        reasons
    }

    fn reasons(&self, response: &Response, at: usize, verdict: Verdict) -> Vec<Reason> {
        let rules = response.diagnostics().reason().filter_map(|id| self.policy.rule(id));
        let mut reasons: Vec<Reason> = rules
            .map(|rule| Reason { policy: rule.id.clone(), text: self.reason(&rule.reason, at), effect: Some(at), verdict })
            .collect();
        reasons.sort_by(|one, other| one.policy.cmp(&other.policy));
        reasons
    }

    fn reason(&self, reason: &str, at: usize) -> String {
        filled(reason, self.case.traces, at)
    }

    pub(crate) fn ask(&self, asked: &Asked<'_>, context: Context) -> Result<Response, Unbuilt> {
        let request =
            Request::new(self.principal.uid(), asked.action.clone(), asked.resource.clone(), context, None).map_err(unbuilt)?;
        let response = self.authorizer.is_authorized(&request, asked.rules, &asked.entities);
        let named: Vec<String> = response.diagnostics().errors().map(|error| self.named(error)).collect();
        if named.is_empty() { Ok(response) } else { Err(Unbuilt(named.join("; "))) }
    }

    fn named(&self, error: &AuthorizationError) -> String {
        let AuthorizationError::PolicyEvaluationError(inner) = error;
        self.policy.rule(inner.policy_id()).map_or_else(|| "a policy errs".to_owned(), |rule| format!("{} errs", rule.id))
    }

    /// What the session knows. With `imagined`, as it would be if everybody had approved.
    pub(crate) fn context(&mut self, differs: &Differs) -> Result<Context, Unbuilt> {
        if let Some((_, context)) = self.contexts.iter().find(|(own, _)| own == differs) {
            return Ok(context.clone());
        }
        let context = self.new_context(differs)?;
        self.contexts.push((differs.clone(), context.clone()));
        Ok(context)
    }

    fn new_context(&self, differs: &Differs) -> Result<Context, Unbuilt> {
        let case = self.case;
        let imagined = differs.imagined;
        let named: &[String] = if imagined { &self.policy.traits.approvers } else { &[] };
        let approvals: BTreeSet<String> = case.approvals.iter().chain(named).cloned().collect();
        let count = if imagined { IMAGINED_APPROVALS } else { approvals.len() as u64 };
        let families: BTreeSet<&str> = case.findings.iter().map(Finding::family).collect();
        let pairs = [
            ("approved", flag(imagined || !case.approvals.is_empty())),
            ("approvals", set(approvals)),
            ("approvalCount", number(count)),
            ("untrusted", flag(!case.labels.untrusted.is_empty())),
            ("untrustedSources", set(case.labels.untrusted.iter().cloned())),
            ("secret", flag(!case.labels.secrets.is_empty())),
            ("secrets", set(case.labels.secrets.iter().cloned())),
            ("findings", set(case.findings.iter().map(|finding| finding.rule.clone()))),
            ("findingFamilies", set(families.into_iter().map(str::to_owned))),
            ("firstSeen", flag(differs.first_seen)),
            ("asked", set(case.asked.iter().map(word))),
            ("reversibility", text(&word(&differs.reversible))),
            ("subagent", flag(!case.agent.id.is_empty() || !case.agent.kind.is_empty())),
            ("tool", text(case.tool)),
        ];
        let by_role = ROLES.iter().map(|(role, name, _)| {
            let own = differs.origins.iter().filter(|(of, _)| of == role).map(|(_, origin)| word(origin));
            ((*name).to_owned(), set(own))
        });
        Context::from_pairs(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(by_role)).map_err(unbuilt)
    }
}

/// Whether `policy`, alone, speaks about what the example touches.
///
/// # Errors
/// An evaluation error, in words.
pub(crate) fn matches(policy: &cedar_policy::Policy, example: &Example, places: &Places) -> Result<bool, String> {
    let alone = PolicySet::from_policies([policy.clone()]).map_err(|error| error.to_string())?;
    let anything = Policy::new(
        Vec::new(),
        Vec::new(),
        Traits { directories: true, domains: true, origins: true, approvers: Vec::new() },
        String::new(),
    );
    let (effects, first_seen) = ([example.effect.clone()], [example.first_seen]);
    let case = example.case(&effects, &first_seen);
    let mut bench = Bench::new(&anything, &case).map_err(|error| error.0)?;
    let mut found = false;
    for subject in subjects(&example.effect, &case.agent.client, places, &anything.traits) {
        let asked = bench.asked(&example.effect, subject, &alone).map_err(|error| error.0)?;
        let context = bench.context(&example.differs(false)).map_err(|error| error.0)?;
        let response = bench.ask(&asked, context).map_err(|error| error.0)?;
        found |= response.diagnostics().reason().next().is_some();
    }
    Ok(found)
}

impl Example {
    fn differs(&self, imagined: bool) -> Differs {
        let origins = origins(&self.traces, 0);
        Differs { first_seen: self.first_seen, reversible: self.effect.reversible, imagined, origins }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::example::{parse, places};
    use crate::schema::{ACTS, schema};
    use bailiwick_vocab::map::Map;

    const EVERY_ACT: [&str; 21] = [
        "read a untrusted=web:x secret=path:y finding=secret/z approved=user",
        "read / tree=true files=3 untracked=2",
        "write a mode=change",
        "delete ~ tree=true also=/etc/x",
        "execute /usr/bin/git push",
        "connect example.org port=443 method=GET",
        "connect '*' upload=true",
        "push origin main host=github.com",
        "publish npm x",
        "send slack me destination=stranger,user carried=member asked=remove",
        "pay shop 3",
        "query db read",
        "deploy kubernetes apply",
        "use-secret x",
        "spawn Explore",
        "signal 3",
        "escalate sudo",
        "persist cron",
        "configure disk",
        "call server/tool writes",
        "opaque dynamic language=sh hints=network",
    ];

    /// At run time nothing is checked against the schema, so what is built must be what policies were checked for.
    #[test]
    fn everything_that_is_built_conforms_to_the_schema() {
        let (schema, places) = (schema().unwrap(), places(&Map::default()).unwrap());
        let traits = Traits { directories: true, domains: true, origins: true, approvers: vec!["alice".into()] };
        let policy = Policy::new(Vec::new(), Vec::new(), traits, String::new());
        let (mut acts, none) = (BTreeSet::new(), PolicySet::new());
        for line in EVERY_ACT {
            let example = parse(line).unwrap();
            let case = example.case(&[], &[]);
            let mut bench = Bench::new(&policy, &case).unwrap();
            acts.insert(example.effect.deed.act());
            for subject in subjects(&example.effect, "claude-code", &places, &policy.traits) {
                let asked = bench.asked(&example.effect, subject, &none).unwrap();
                let all = asked.entities.iter().filter(|entity| entity.uid() != asked.action).cloned();
                Entities::from_entities(all, Some(&schema)).unwrap();
                for imagined in [false, true] {
                    let context = bench.context(&example.differs(imagined)).unwrap();
                    let principal = bench.principal.uid();
                    Request::new(principal, asked.action.clone(), asked.resource.clone(), context, Some(&schema)).unwrap();
                }
            }
        }
        assert_eq!(acts.len(), ACTS.len());
    }
}
