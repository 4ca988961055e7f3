//! A session is a fold over the ledger: [`Session::apply`] takes one record after the other and nothing else, so two
//! readers of one ledger can never disagree. [`Snapshot`] is a fold kept for speed; losing it loses nothing.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::effect::Deed;
use bailiwick_vocab::event::{Agent, Scene};
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::record::{Body, CallRecord, Record};
use serde::{Deserialize, Serialize};

/// Calls whose outcome has not come yet are kept up to this number; the oldest are joined into the labels at once,
/// which is the strict side. An agent has a handful in flight; 256 leaves room for a burst of sub-agents.
const MAX_PENDING: usize = 256;

/// How much later the hooks of another tier judge the same call: an agent starts them together, or one after the other.
const AGAIN_MS: u64 = 5_000;

/// Approved calls in flight that are remembered; a person approves one at a time. Past it the oldest is forgotten, and its
/// permission request needs an approval again.
const MAX_APPROVED: usize = 64;

/// Files and destinations remembered per session; beyond it they count as never seen, the strict side.
const MAX_REMEMBERED: usize = 4_096;

/// Labels kept of each kind, and characters of each: 2 × 65 × 160 is a third of what an entry can hold.
const MAX_LABELS: usize = 64;
const MAX_LABEL_CHARS: usize = 160;

/// What one session's records amount to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The working directory of its first record: what its workspace is found from.
    pub first_cwd: String,
    /// What has flowed in.
    pub labels: Labels,
    /// Hosts, programs and tools that an allowed call of this session has touched, as `act:name`.
    pub seen: BTreeSet<String>,
    /// Files that this session itself wrote while it had read nothing untrusted.
    pub wrote: BTreeSet<String>,
    /// What the outcome of a call will bring, by call identifier.
    pub pending: BTreeMap<String, Labels>,
    /// Approvals in force, each for one call: digest of effects → (who, until in ms).
    pub approvals: BTreeMap<String, (String, u64)>,
    /// Calls that used one up and are not known to be over.
    pub approved: Vec<Approved>,
}

/// A call that an approval let pass. An agent may still ask its user before it runs it: that request is the same act
/// and needs no second approval, until the call's outcome comes, its turn ends, or the approval would have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The call's identifier.
    pub call: String,
    /// The agent or sub-agent whose call it is.
    pub agent: Agent,
    /// The time that the agent gave it, where that tells it from an equal call.
    #[serde(default)]
    pub told: Option<String>,
    /// Digest of its effects.
    pub effects: String,
    /// Who approved.
    pub by: String,
    /// Until when, in milliseconds since the Unix epoch.
    pub until_ms: u64,
    /// Until when the hooks of another tier may judge the same call once more; 0 where they have.
    #[serde(default)]
    pub again_ms: u64,
}

/// A session folded up to, and not including, entry `upto`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The session's identifier.
    pub session: String,
    /// Number of ledger entries that have been looked at.
    pub upto: u64,
    /// The fold over those of them that belong to the session.
    pub state: Session,
}

impl Session {
    /// Takes the next record of this session.
    pub fn apply(&mut self, record: &Record) {
        if self.first_cwd.is_empty() {
            self.first_cwd.clone_from(&record.cwd);
        }
        match &record.body {
            Body::Call(call) => self.apply_call(call, record),
            Body::Outcome { call, labels, .. } => {
                self.approved.retain(|approved| approved.call != *call);
                let pending = self.pending.remove(call).unwrap_or_default();
                self.join(&pending);
                self.join(labels);
            }
            Body::Approval { effects, by, until_ms } => {
                self.approvals.insert(effects.clone(), (by.clone(), *until_ms));
            }
            // The user speaks again, or an event could not be read: an outcome that never came to us has still been
            // read by the agent.
            Body::Prompt { labels, .. } => {
                self.read_all();
                self.join(labels);
            }
            Body::Failure { .. } => self.read_all(),
            Body::Session { what, .. } if is_boundary(what) => self.approved.retain(|approved| approved.agent != record.agent),
            // A program that carries credentials off does as strangers want.
            Body::Observed(seen) if seen.findings.iter().any(|finding| finding.family() == "leak") => {
                let mut labels = Labels::default();
                labels.untrusted.insert("wall:leak".to_owned());
                self.join(&labels);
            }
            Body::Session { .. } | Body::Undo { .. } | Body::Observed(_) => {}
        }
    }

    /// What calls in flight bring counts as read.
    fn read_all(&mut self) {
        self.approved.clear();
        for (_, labels) in std::mem::take(&mut self.pending) {
            self.join(&labels);
        }
    }

    fn apply_call(&mut self, call: &CallRecord, record: &Record) {
        if call.ruling.verdict == Verdict::Deny {
            return;
        }
        if let Some(used) = &call.approval {
            self.use_up(used, call, record);
        }
        if self.pending.len() >= MAX_PENDING
            && let Some((_, oldest)) = self.pending.pop_first()
        {
            self.join(&oldest);
        }
        self.pending.insert(call.call.clone(), call.flows.clone());
        let trusted = self.labels.untrusted.is_empty();
        for effect in &call.effects {
            if let Some(key) = seen_key(&effect.deed)
                && self.seen.len() < MAX_REMEMBERED
            {
                self.seen.insert(key);
            }
            if let Deed::Write { target, .. } = &effect.deed
                && trusted
                && target.known
                && self.wrote.len() < MAX_REMEMBERED
            {
                self.wrote.insert(target.path.clone());
            }
        }
    }

    fn use_up(&mut self, effects: &str, call: &CallRecord, record: &Record) {
        let Some((by, until_ms)) = self.approvals.remove(effects) else {
            let same = |approved: &&mut Approved| approved.is_of(&record.agent, &call.call, effects);
            self.approved.iter_mut().filter(same).for_each(|approved| approved.again_ms = 0);
            return;
        };
        if self.approved.len() >= MAX_APPROVED {
            self.approved.remove(0);
        }
        let told = call.told.clone();
        let (call, agent, effects) = (call.call.clone(), record.agent.clone(), effects.to_owned());
        let again_ms = until_ms.min(record.at_ms.saturating_add(AGAIN_MS));
        self.approved.push(Approved { call, agent, told, effects, by, until_ms, again_ms });
    }

    /// Joins, up to a bound: an entry must hold the labels, and past it one more source changes no ruling.
    fn join(&mut self, more: &Labels) {
        let extend = |all: &mut BTreeSet<String>, more: &BTreeSet<String>| {
            for label in more {
                let label: String = label.chars().take(MAX_LABEL_CHARS).collect();
                if all.len() < MAX_LABELS || all.contains(&label) {
                    all.insert(label);
                } else {
                    all.insert("and more".to_owned());
                }
            }
        };
        extend(&mut self.labels.untrusted, &more.untrusted);
        extend(&mut self.labels.secrets, &more.secrets);
    }

    /// Whether this session has touched the deed's host, program or tool in an earlier allowed call; deeds without
    /// such a name count as seen.
    #[must_use]
    pub fn has_seen(&self, deed: &Deed) -> bool {
        seen_key(deed).is_none_or(|key| self.seen.contains(&key))
    }

    /// Who approved these effects, at `now_ms`.
    #[must_use]
    pub fn approvers(&self, effects: &str, now_ms: u64) -> Vec<String> {
        self.approvals.get(effects).filter(|(_, until)| *until > now_ms).map(|(by, _)| by.clone()).into_iter().collect()
    }

    /// Who approved the call in flight whose permission is asked, at `now_ms`: the same agent's, with the same effects
    /// and, where the request says which call it is for (`call` is not empty), that call.
    #[must_use]
    pub fn approvers_in_flight(&self, agent: &Agent, call: &str, effects: &str, now_ms: u64) -> Vec<String> {
        let same = |approved: &&Approved| {
            let call = if call.is_empty() { approved.call.as_str() } else { call };
            approved.until_ms > now_ms && approved.is_of(agent, call, effects)
        };
        self.approved.iter().find(same).map(|approved| approved.by.clone()).into_iter().collect()
    }

    /// Who approved the call that is judged for the second time, at `now_ms`: where the hooks of two tiers stand, each
    /// judges it, and the first has used the approval up.
    #[must_use]
    pub fn approvers_again(&self, scene: &Scene, call: &str, effects: &str, now_ms: u64) -> Vec<String> {
        let same = |approved: &&Approved| {
            let known = !call.is_empty() && approved.told == scene.told;
            known && approved.again_ms > now_ms && approved.is_of(&scene.agent, call, effects)
        };
        self.approved.iter().find(same).map(|approved| approved.by.clone()).into_iter().collect()
    }
}

impl Approved {
    fn is_of(&self, agent: &Agent, call: &str, effects: &str) -> bool {
        self.agent == *agent && self.call == call && self.effects == effects
    }
}

/// Whether an agent's turn begins or ends with the session event of that name.
fn is_boundary(what: &str) -> bool {
    matches!(what, "start" | "end" | "agent-start" | "agent-stop")
}

fn seen_key(deed: &Deed) -> Option<String> {
    match deed {
        Deed::Connect { host, .. } => Some(format!("connect:{host}")),
        Deed::Execute { program, .. } => Some(format!("execute:{program}")),
        Deed::Call { server, tool, .. } => Some(format!("call:{server}/{tool}")),
        Deed::Push { remote, host, .. } => Some(format!("push:{}", host.as_ref().unwrap_or(remote))),
        Deed::Publish { registry, .. } => Some(format!("publish:{registry}")),
        Deed::Send { channel, recipient } => Some(format!("send:{channel}/{recipient}")),
        Deed::Pay { recipient, .. } => Some(format!("pay:{recipient}")),
        Deed::Read(_)
        | Deed::Write { .. }
        | Deed::Delete(_)
        | Deed::Query { .. }
        | Deed::Deploy { .. }
        | Deed::UseSecret { .. }
        | Deed::Spawn { .. }
        | Deed::Signal { .. }
        | Deed::Escalate { .. }
        | Deed::Persist { .. }
        | Deed::Configure { .. }
        | Deed::Opaque { .. } => None,
    }
}
