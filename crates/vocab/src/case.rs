//! A case for the policy, and its ruling.

use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::event::Agent;
use crate::finding::Finding;
use crate::label::Labels;
use crate::origin::{Trace, Wish};

/// Everything that a policy may look at to judge one call. Resolved: effects name real paths and hosts.
#[derive(Clone, Debug, PartialEq)]
pub struct Case<'a> {
    /// Who acts.
    pub agent: &'a Agent,
    /// In which session.
    pub session: &'a str,
    /// The agent's name of the tool.
    pub tool: &'a str,
    /// What it may do.
    pub effects: &'a [Effect],
    /// What has flowed into the session so far.
    pub labels: &'a Labels,
    /// What detection saw in the arguments.
    pub findings: &'a [Finding],
    /// Per effect, in order: whether this session has touched its host, program or tool before.
    pub first_seen: &'a [bool],
    /// Where the values come from that say whom the effects reach and what is sent.
    pub traces: &'a [Trace],
    /// Of what rules want to be asked for, where it matters to this call, what the user's own words ask for.
    pub asked: &'a [Wish],
    /// Who has approved exactly these effects.
    pub approvals: &'a [String],
}

/// The answer's strength, weakest first, so that the strictest of several is their `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It may run.
    Allow,
    /// A person must say yes.
    Ask,
    /// It must not run.
    Deny,
}

/// A verdict with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The strictest verdict over all effects.
    pub verdict: Verdict,
    /// Why, one for each policy that decided; for an allowed call the permits that let it through.
    pub reasons: Vec<Reason>,
}

/// One policy's part in a ruling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The policy's `@id`.
    pub policy: String,
    /// Its `@reason`, for people.
    pub text: String,
    /// Which effect it is about, as an index into the case's effects; `None` for the whole call.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub effect: Option<usize>,
    /// What this policy's part alone amounts to.
    pub verdict: Verdict,
}

impl Ruling {
    /// A denial by the guard itself, where no policy was or could be asked. `policy` is `guard/…`.
    #[must_use]
    pub fn refusal(policy: &str, text: impl Into<String>) -> Ruling {
        let reason = Reason { policy: policy.into(), text: text.into(), effect: None, verdict: Verdict::Deny };
        Ruling { verdict: Verdict::Deny, reasons: vec![reason] }
    }
}

/// The rule under which the guard denies what needs a person's yes where nobody can be asked.
pub const NOBODY_TO_ASK: &str = "guard/nobody-to-ask";
