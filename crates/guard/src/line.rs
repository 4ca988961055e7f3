//! The line itself: event in, record out. Effects are found, resolved, judged; what the outcome will bring is noted.
//!
//! It answers nothing and writes nothing: the caller appends the record and renders the receipt.

use std::borrow::Cow;
use std::collections::BTreeSet;

use bailiwick_effect::{resolve, world::World};
use bailiwick_policy::places::Places;
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::call::{Request, ToolCall};
use bailiwick_vocab::case::{Case, NOBODY_TO_ASK, Reason, Ruling, Verdict};
use bailiwick_vocab::effect::{Deed, Effect, ToolKnowledge};
use bailiwick_vocab::event::{Event, Happening, Scene};
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::map::Map;
use bailiwick_vocab::origin::{Trace, Wish};
use bailiwick_vocab::record::{Body, CallRecord, Payload, Record};
use sha2::{Digest as _, Sha256};

use crate::approval::effects_digest;
use crate::canary::{self, all_purged};
use crate::origin::tracing::{self, Earlier};
use crate::outcome::Second;
use crate::payload::{Kept, fitting, hex, keep, redact_effect};
use crate::session::Session;

/// Places whose files are secrets once read.
const SECRET_PLACES: [&str; 2] = ["secrets", "project-secrets"];

/// Settings and skills above this are not read, and count as weakening.
const MAX_SETTINGS_BYTES: usize = 1 << 20;

/// Findings recorded of one call; one is enough to judge by, and an entry must hold them.
const MAX_FINDINGS: usize = 64;

/// What judging needs besides the event: everything is borrowed, nothing is kept.
pub struct Line<'a> {
    /// How a call becomes effects: the analysis of crate effect, wherever people rely on the answer.
    pub reading: fn(&ToolCall, &str, &Map, &dyn World) -> Vec<Effect>,
    /// The compiled policy.
    pub policy: &'a Policy,
    /// The digest it is known by.
    pub policy_digest: &'a str,
    /// The places, anchored to this session's workspace.
    pub places: &'a Places,
    /// What is known of tools.
    pub map: &'a Map,
    /// What the session has said and read.
    pub earlier: &'a dyn Earlier,
    /// The disk.
    pub world: &'a dyn World,
    /// Texts in a credential's form that this session was given and that are worth nothing: no secret is where one stands.
    pub placeholders: &'a [String],
    /// Tokens that were planted as traps.
    pub canaries: &'a [String],
    /// Random text for what is said of an outcome: whoever wrote that cannot have known it.
    pub nonce: &'a str,
    /// A model's opinion on a text that strangers may have written, where the map names one.
    pub second: Option<Second<'a>>,
}

/// A record ready for the ledger, and the objects that must be stored before it.
#[derive(Debug)]
pub struct Judged {
    /// The record.
    pub record: Record,
    /// Long texts of the record, redacted.
    pub objects: Vec<Vec<u8>>,
}

/// What the policy is asked about.
struct Asked<'a> {
    scene: &'a Scene,
    tool: &'a str,
    effects: &'a [Effect],
    findings: &'a [Finding],
    traces: &'a [Trace],
    wishes: &'a [Wish],
    approvals: &'a [String],
}

impl Line<'_> {
    /// Judges one event of a session whose past is `session`.
    #[must_use]
    pub fn judge(&self, event: &Event, session: &Session, now_ms: u64) -> Judged {
        let mut objects = Vec::new();
        let body = match &event.happening {
            Happening::Prompt { text } => self.prompt(text, &mut objects),
            Happening::Call(call) => {
                let call = self.as_mapped(&event.scene, call);
                Body::Call(Box::new(self.call(&event.scene, &call, session, now_ms, &mut objects)))
            }
            Happening::PermissionAsked(call) => self.permission(&event.scene, call, session, now_ms),
            Happening::Outcome(outcome) => self.outcome(&event.scene, outcome, session, &mut objects),
            Happening::SessionStart { source } => session_event("start", source, None),
            Happening::SessionEnd { reason } => session_event("end", reason, None),
            Happening::AgentStart => session_event("agent-start", &event.scene.agent.kind, None),
            Happening::AgentStop => session_event("agent-stop", &event.scene.agent.kind, None),
            Happening::ConfigChange { source, path } => {
                let ruling = self.config_change(&event.scene, source, path, session);
                session_event("config-change", &format!("{source} {path}"), Some(ruling))
            }
            Happening::InstructionsLoaded { path } => session_event("instructions", path, None),
            Happening::Notice { name } => session_event(name, "", None),
        };
        let scene = &event.scene;
        let record =
            Record { at_ms: now_ms, session: scene.session.clone(), agent: scene.agent.clone(), cwd: scene.cwd.clone(), body };
        let record = all_purged(record, &mut objects, self.canaries);
        Judged { record, objects }
    }

    /// The user's words. What hides in them from a person's eye they have pasted unread: that is a stranger's.
    fn prompt(&self, text: &str, objects: &mut Vec<Vec<u8>>) -> Body {
        let mut findings = self.scan(text);
        findings.truncate(MAX_FINDINGS);
        let mut labels = Labels::default();
        let hides = |finding: &&Finding| finding.strength.is_strong() && bailiwick_detect::is_unseen(finding);
        labels.untrusted.extend(findings.iter().find(hides).map(|finding| format!("prompt:{}", finding.rule)));
        Body::Prompt { text: stored(text, objects), findings, labels }
    }

    /// What a call may do, with real paths and hosts.
    #[must_use]
    pub fn resolved_effects(&self, call: &ToolCall, cwd: &str) -> Vec<Effect> {
        resolve::resolve((self.reading)(call, cwd, self.map, self.world), cwd, self.world)
    }

    /// In a stream of events a common name (`read_file`) may be any tool's: where the map describes it, it is that tool.
    /// What reads commands stays what it is.
    fn as_mapped<'c>(&self, scene: &Scene, call: &'c ToolCall) -> Cow<'c, ToolCall> {
        let runs = matches!(call.request, Request::Shell { .. } | Request::Type { .. } | Request::Many { .. });
        if runs || scene.agent.client != bailiwick_dialect::judge::CLIENT || !self.map.tools.contains_key(&call.tool) {
            return Cow::Borrowed(call);
        }
        Cow::Owned(ToolCall { request: Request::Named { name: call.tool.clone() }, ..call.clone() })
    }

    /// The agent is about to ask its user: judged as the call was, with the approval that it used up, if it did.
    fn permission(&self, scene: &Scene, call: &ToolCall, session: &Session, now_ms: u64) -> Body {
        let effects = self.resolved_effects(call, &scene.cwd);
        let digest = effects_digest(&effects);
        let mut approvals = session.approvers(&digest, now_ms);
        approvals.extend(session.approvers_in_flight(&scene.agent, &call.id, &digest, now_ms));
        let (traces, wishes) = self.traced(call, &effects);
        let asked = Asked {
            scene,
            tool: &call.tool,
            effects: &effects,
            findings: &self.scan_arguments(call),
            traces: &traces,
            wishes: &wishes,
            approvals: &approvals,
        };
        let ruling = self.ruling(&asked, session);
        let approval = (ruling.verdict == Verdict::Allow && !approvals.is_empty()).then_some(digest);
        let (what, detail) = ("permission-request".to_owned(), call.tool.clone());
        Body::Session { what, detail, ruling: Some(ruling), approval }
    }

    fn call(&self, scene: &Scene, call: &ToolCall, session: &Session, now_ms: u64, objects: &mut Vec<Vec<u8>>) -> CallRecord {
        let effects = self.resolved_effects(call, &scene.cwd);
        let findings = self.scan_arguments(call);
        let approved = !session.approvals.is_empty() || !session.approved.is_empty();
        let known = approved.then(|| effects_digest(&effects));
        let by = |digest: &String| {
            let first = session.approvers(digest, now_ms);
            if first.is_empty() { session.approvers_again(scene, &call.id, digest, now_ms) } else { first }
        };
        let approvals = known.as_ref().map(by).unwrap_or_default();
        let (traces, wishes) = self.traced(call, &effects);
        let asked = Asked {
            scene,
            tool: &call.tool,
            effects: &effects,
            findings: &findings,
            traces: &traces,
            wishes: &wishes,
            approvals: &approvals,
        };
        let ruling = self.ruling(&asked, session);
        let approval = known.clone().filter(|_| ruling.verdict == Verdict::Allow && !approvals.is_empty());
        let approvable = asks(&ruling).then(|| known.unwrap_or_else(|| effects_digest(&effects)));
        let flows = self.flows(call, &effects, session);
        let (effects, rest) = fitting(effects.into_iter().map(redact_effect).collect());
        let all_effects = rest.as_ref().map(|bytes| hex(&Sha256::digest(bytes)));
        objects.extend(rest);
        CallRecord {
            call: call.id.clone(),
            tool: call.tool.clone(),
            input: stored(&call.input.to_string(), objects),
            flows,
            effects,
            all_effects,
            findings,
            traces,
            asked: wishes,
            labels: session.labels.clone(),
            ruling,
            policy: self.policy_digest.to_owned(),
            approvable,
            told: approval.as_ref().and(scene.told.clone()),
            approval,
            before: Vec::new(),
        }
    }

    fn ruling(&self, asked: &Asked<'_>, session: &Session) -> Ruling {
        let first_seen: Vec<bool> = asked.effects.iter().map(|effect| !session.has_seen(&effect.deed)).collect();
        let case = Case {
            agent: &asked.scene.agent,
            session: &asked.scene.session,
            tool: asked.tool,
            effects: asked.effects,
            labels: &session.labels,
            findings: asked.findings,
            first_seen: &first_seen,
            traces: asked.traces,
            asked: asked.wishes,
            approvals: asked.approvals,
        };
        let ruling = self.policy.judge(&case, self.places);
        if asked.scene.unattended { without_asking(ruling) } else { ruling }
    }

    /// Where a call's values come from, and what the user's words ask for, where that matters to it.
    fn traced(&self, call: &ToolCall, effects: &[Effect]) -> (Vec<Trace>, Vec<Wish>) {
        if !self.policy.wants_origins() {
            return (Vec::new(), Vec::new());
        }
        let inside = |host: &str| self.places.of_host(host).contains(&"loopback");
        let traces = tracing::traces(call, effects, self.map, &inside, self.earlier);
        let destroys = |effect: &Effect| matches!(effect.deed, Deed::Call { knowledge: ToolKnowledge::Destructive, .. });
        let orders = |effect: &Effect| matches!(&effect.deed, Deed::Send { channel, .. } if channel == "order");
        let writes = |effect: &Effect| matches!(effect.deed, Deed::Call { knowledge: ToolKnowledge::Writes, .. });
        let any = |of: &dyn Fn(&Effect) -> bool| effects.iter().any(of);
        let of_it = [(Wish::Remove, any(&destroys)), (Wish::Order, any(&orders)), (Wish::Know, any(&writes))];
        let asked = |(wish, is_there): (Wish, bool)| (is_there && self.earlier.texts().asks(wish)).then_some(wish);
        (traces, of_it.into_iter().filter_map(asked).collect())
    }

    /// Settings changed: the policy judges whether the guard would still stand afterwards.
    fn config_change(&self, scene: &Scene, source: &str, path: &str, session: &Session) -> Ruling {
        let how = match self.world.text(path, MAX_SETTINGS_BYTES) {
            Some(text) if text.len() < MAX_SETTINGS_BYTES => bailiwick_dialect::claude::weakens_guard(source, &text),
            Some(_) | None => Some("it cannot be read".to_owned()),
        };
        let weakened = how.map(|how| Effect::new(Deed::Configure { what: format!("agent-settings, so that {how}") }, None));
        let asked = Asked {
            scene,
            tool: "ConfigChange",
            effects: weakened.as_slice(),
            findings: &[],
            traces: &[],
            wishes: &[],
            approvals: &[],
        };
        self.ruling(&asked, session)
    }

    /// Findings over every text among the arguments. Spans are in the text of the argument that holds them.
    fn scan_arguments(&self, call: &ToolCall) -> Vec<Finding> {
        // Also what is cut up over several arguments.
        let mut findings =
            if self.canaries.is_empty() { Vec::new() } else { canary::findings(&texts(&call.input).concat(), self.canaries) };
        let mut seen = BTreeSet::new();
        for text in texts(&call.input) {
            for finding in self.scan(text) {
                if findings.len() < MAX_FINDINGS && seen.insert((finding.rule.clone(), finding.span)) {
                    findings.push(finding);
                }
            }
        }
        findings
    }

    /// What flows into the session when the agent reads this call's outcome.
    pub(crate) fn flows(&self, call: &ToolCall, effects: &[Effect], session: &Session) -> Labels {
        let mut labels = Labels::default();
        if let Request::Mcp { server, tool } = &call.request {
            self.tool_flows(&format!("{server}/{tool}"), &format!("{server}/*"), server, &mut labels);
        } else if let Request::Named { name } = &call.request {
            self.tool_flows(name, name, name, &mut labels);
        } else if let Request::WebSearch { .. } = &call.request {
            labels.untrusted.insert("web:search".to_owned());
        }
        for effect in effects {
            self.effect_flows(&effect.deed, session, &mut labels);
        }
        labels
    }

    fn tool_flows(&self, name: &str, pattern: &str, provider: &str, labels: &mut Labels) {
        let known = self.map.tools.get(name).or_else(|| self.map.tools.get(pattern));
        if known.is_none_or(|tool| tool.untrusted) {
            labels.untrusted.insert(format!("mcp:{provider}"));
        }
        if known.is_some_and(|tool| tool.secret) {
            labels.secrets.insert(format!("mcp:{provider}"));
        }
    }

    fn effect_flows(&self, deed: &Deed, session: &Session, labels: &mut Labels) {
        match deed {
            Deed::Connect { host, .. } if !self.places.of_host(host).contains(&"loopback") => {
                labels.untrusted.insert(format!("web:{host}"));
            }
            Deed::UseSecret { name } => {
                labels.secrets.insert(format!("store:{name}"));
            }
            Deed::Read(target) => {
                let places = self.places.of_path(&target.path);
                if places.iter().any(|place| SECRET_PLACES.contains(place)) {
                    labels.secrets.insert(format!("path:{}", target.path));
                }
                let foreign = target.known && !target.tree && !session.wrote.contains(&target.path);
                let unknown = || foreign && places.contains(&"workspace") && self.world.facts(&target.path, false).untracked > 0;
                if target.known && (unknown() || self.earlier.is_tainted(&target.path)) {
                    labels.untrusted.insert(format!("file:{}", target.path));
                }
            }
            Deed::Connect { .. }
            | Deed::Write { .. }
            | Deed::Delete(_)
            | Deed::Execute { .. }
            | Deed::Push { .. }
            | Deed::Publish { .. }
            | Deed::Send { .. }
            | Deed::Query { .. }
            | Deed::Deploy { .. }
            | Deed::Pay { .. }
            | Deed::Spawn { .. }
            | Deed::Signal { .. }
            | Deed::Escalate { .. }
            | Deed::Persist { .. }
            | Deed::Configure { .. }
            | Deed::Call { .. }
            | Deed::Opaque { .. } => {}
        }
    }
}

/// Whether a person's yes is all that is missing.
fn asks(ruling: &Ruling) -> bool {
    let nobody = || ruling.reasons.iter().any(|reason| reason.policy == NOBODY_TO_ASK);
    ruling.verdict == Verdict::Ask || (ruling.verdict == Verdict::Deny && nobody())
}

/// An ask where nobody will be asked is a denial.
fn without_asking(mut ruling: Ruling) -> Ruling {
    if ruling.verdict == Verdict::Ask {
        ruling.verdict = Verdict::Deny;
        for reason in ruling.reasons.iter_mut().filter(|reason| reason.verdict == Verdict::Ask) {
            reason.verdict = Verdict::Deny;
        }
        ruling.reasons.push(Reason {
            policy: NOBODY_TO_ASK.to_owned(),
            text: "This needs a person's yes, and nobody is asked here.".to_owned(),
            effect: None,
            verdict: Verdict::Deny,
        });
    }
    ruling
}

fn session_event(what: &str, detail: &str, ruling: Option<Ruling>) -> Body {
    Body::Session { what: what.to_owned(), detail: detail.to_owned(), ruling, approval: None }
}

pub(crate) fn stored(text: &str, objects: &mut Vec<Vec<u8>>) -> Payload {
    let Kept { payload, object } = keep(text);
    objects.extend(object);
    payload
}

/// Every string in a JSON value. Depth is bounded by the reader that made the value (128).
fn texts(value: &serde_json::Value) -> Vec<&str> {
    match value {
        serde_json::Value::String(text) => vec![text.as_str()],
        serde_json::Value::Array(items) => items.iter().flat_map(texts).collect(),
        serde_json::Value::Object(fields) => fields.values().flat_map(texts).collect(),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => Vec::new(),
    }
}
