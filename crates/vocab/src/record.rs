//! What the ledger holds: one record an event, and the receipt that proves it is on disk.

use serde::{Deserialize, Serialize};

use crate::case::Ruling;
use crate::effect::Effect;
use crate::event::Agent;
use crate::finding::Finding;
use crate::handling::Treatment;
use crate::label::Labels;
use crate::origin::{Trace, Wish};

/// One entry of the ledger, before it has a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// When, in milliseconds since the Unix epoch, by the writer's clock.
    pub at_ms: u64,
    /// Which session; empty for what belongs to none.
    pub session: String,
    /// Which agent.
    pub agent: Agent,
    /// The working directory, absolute.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub cwd: String,
    /// What happened.
    #[serde(flatten)]
    pub body: Body,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Body {
    /// The user's words.
    Prompt {
        /// The words.
        text: Payload,
        /// What detection saw in them: people paste what they have not read.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        findings: Vec<Finding>,
        /// What flows into the session by them.
        #[serde(skip_serializing_if = "Labels::is_empty", default)]
        labels: Labels,
    },
    /// A call and its ruling.
    Call(Box<CallRecord>),
    /// What came of a call.
    Outcome {
        /// Which call.
        call: String,
        /// The tool's name.
        tool: String,
        /// What the agent reads.
        text: Payload,
        /// Whether the tool failed.
        failed: bool,
        /// How long it ran, in milliseconds.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        duration_ms: Option<u64>,
        /// What detection saw in it.
        findings: Vec<Finding>,
        /// What flows into the session by it.
        labels: Labels,
        /// What was done with the text, where it did not simply go on to the agent.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        treatment: Option<Treatment>,
        /// The files that the call was to write, as it left them (digests only).
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        after: Vec<FileState>,
    },
    /// A session, sub-agent, settings or instruction event.
    Session {
        /// `start`, `end`, `agent-start`, `agent-stop`, `config-change`, `instructions`, or the agent's own name.
        what: String,
        /// Its source, reason or path.
        detail: String,
        /// What we answered, where the event can be refused.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        ruling: Option<Ruling>,
        /// The approval under which a permission request passed. It is the call that uses it up, not this.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        approval: Option<String>,
    },
    /// A call's files were put back.
    Undo {
        /// Which call.
        call: String,
        /// Each file with what was done to it.
        files: Vec<UndoneFile>,
        /// The journal of what the undo itself changed, where it went by one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        journal: Option<String>,
    },
    /// A person approved, or took back, exactly these effects.
    Approval {
        /// Digest of the resolved effects.
        effects: String,
        /// Who.
        by: String,
        /// Until when, in milliseconds since the Unix epoch.
        until_ms: u64,
    },
    /// What a call really did, seen by the wall around it.
    Observed(Box<Observed>),
    /// The guard refused because something of its own failed.
    Failure {
        /// Where: `parse`, `policy`, `budget`, `panic` …
        stage: String,
        /// What was said.
        text: String,
        /// The bytes that could not be read, where there are any.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        input: Option<Payload>,
    },
}

/// What the wall saw of one call, from its first program to the end of its command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observed {
    /// The agent's identifier of the call; empty where no agent reported it.
    pub call: String,
    /// The entry that allowed it.
    pub entry: u64,
    /// How the command ended: `exit 0`, `signal 9`.
    pub exit: String,
    /// What was really enforced.
    pub wall: Vec<String>,
    /// Programs that were started, with their arguments, redacted; each once.
    pub execs: Vec<Vec<String>>,
    /// Files and directories that were changed, each once.
    pub changed: Vec<String>,
    /// Connections out: `host:port`, bytes out, bytes in.
    pub connects: Vec<(String, u64, u64)>,
    /// Credentials that were put in: `NAME to HOST`, each once. Never a value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<String>,
    /// What was found on the way out: a credential on its way to somebody it is not for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// What was refused as it happened, and why.
    pub refused: Vec<String>,
    /// What happened that the call's effects do not say.
    pub unpredicted: Vec<String>,
    /// How many of all these are left out here, because there were too many.
    pub left_out: u64,
    /// The journal that can undo it, where anything was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal: Option<String>,
    /// What cannot be undone of it.
    pub not_kept: Vec<String>,
}

/// A call as recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The agent's identifier of the call.
    pub call: String,
    /// The agent's name of the tool.
    pub tool: String,
    /// Its full arguments.
    pub input: Payload,
    /// What it may do; the first of them where the entry cannot hold all.
    pub effects: Vec<Effect>,
    /// SHA-256 of the whole list, as JSON in the object store, where `effects` is cut.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub all_effects: Option<String>,
    /// What detection saw in the arguments.
    pub findings: Vec<Finding>,
    /// Where its values come from, where it reaches somebody or something outside.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub traces: Vec<Trace>,
    /// Of what rules want to be asked for, where it matters to this call, what the user's own words had asked for.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub asked: Vec<Wish>,
    /// What had flowed into the session before it.
    pub labels: Labels,
    /// What flows into the session when its outcome is read.
    #[serde(default)]
    pub flows: Labels,
    /// What was decided.
    pub ruling: Ruling,
    /// Digest of the policy that decided.
    pub policy: String,
    /// What an approval must name to let exactly these effects pass, where a person's yes is all that is missing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub approvable: Option<String>,
    /// The approval that let it pass, used up by this.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub approval: Option<String>,
    /// Of such a call, the time that the agent gives it, where that tells it from an equal one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub told: Option<String>,
    /// What was there before: what it takes to undo.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub before: Vec<PreImage>,
}

/// A text, redacted, with the digest of the original.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// SHA-256 of the original bytes, lower-case hex.
    pub sha256: String,
    /// Length of the original, in bytes.
    pub bytes: u64,
    /// The redacted text, where it is short.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// SHA-256 of the redacted text in the object store, where it is long.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub object: Option<String>,
    /// How many secrets were taken out.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub redacted: u32,
}

/// A file as it was before a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreImage {
    /// Which file, absolute and real.
    pub path: String,
    /// SHA-256 of its content in the object store; `None` where there was no file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub object: Option<String>,
    /// Its permission bits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mode: Option<u32>,
}

/// A file as a call left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    /// Which file, absolute and real.
    pub path: String,
    /// SHA-256 of its content, lower-case hex; `None` where there is no file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
}

/// What an undo did to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoneFile {
    /// What it was before the undo, so that the undo can be undone.
    pub before: PreImage,
    /// What the undo left, to tell later changes from its own.
    pub after: FileState,
    /// `restored`, `removed`, `unchanged`, `conflict`.
    pub done: String,
}

/// Proof that a record is durably on disk. Only crate `ledger` makes one (`cargo xtask tidy` holds that), and a
/// dialect renders nothing else: INVARIANT (recorded before answered).
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    entry: u64,
    record: Record,
}

impl Receipt {
    /// For crate `ledger` alone: `record` is durable as entry number `entry`.
    #[must_use]
    pub fn issued_by_ledger(entry: u64, record: Record) -> Receipt {
        Receipt { entry, record }
    }

    /// The entry's number in the log, from 0.
    #[must_use]
    pub fn entry(&self) -> u64 {
        self.entry
    }

    /// What was recorded.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The ruling that was recorded, where the record holds one.
    #[must_use]
    pub fn ruling(&self) -> Option<&Ruling> {
        match &self.record.body {
            Body::Call(call) => Some(&call.ruling),
            Body::Session { ruling, .. } => ruling.as_ref(),
            Body::Prompt { .. }
            | Body::Outcome { .. }
            | Body::Undo { .. }
            | Body::Approval { .. }
            | Body::Failure { .. }
            | Body::Observed(_) => None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}
