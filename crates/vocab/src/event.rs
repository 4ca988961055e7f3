//! What an agent tells us: one event a message.

use serde::{Deserialize, Serialize};

use crate::call::ToolCall;
use crate::handling::Means;

/// One thing that happened in an agent's session, as its dialect parsed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Who and where.
    pub scene: Scene,
    /// What.
    pub happening: Happening,
}

/// Who speaks, in which session, from which directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// The session's identifier, as the agent gives it.
    pub session: String,
    /// Which agent.
    pub agent: Agent,
    /// The working directory of the call, absolute; empty where the agent does not say.
    pub cwd: String,
    /// The directory the session belongs to, absolute, where the agent says.
    pub project: Option<String>,
    /// Whether nobody will be asked: the agent runs in a mode in which an ask lets some calls through. Every ask is a
    /// denial then.
    pub unattended: bool,
    /// The time that the agent gives the event, where all its hooks are known to get the same one: it tells two equal calls
    /// apart that have no identifier.
    pub told: Option<String>,
}

/// Which agent acts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Agent {
    /// The client: `claude-code`, `judge` …
    pub client: String,
    /// The sub-agent's identifier, empty for the main agent.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub id: String,
    /// The sub-agent's kind, empty for the main agent.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub kind: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// The user said something.
    Prompt {
        /// The words.
        text: String,
    },
    /// A tool is about to be called. Must be answered with a verdict.
    Call(ToolCall),
    /// The agent would ask its user before this call. Must be answered with a verdict.
    PermissionAsked(ToolCall),
    /// A tool has been called.
    Outcome(Outcome),
    /// A session begins; `source` says how.
    SessionStart {
        /// `startup`, `resume` …
        source: String,
    },
    /// A session ends.
    SessionEnd {
        /// Why.
        reason: String,
    },
    /// A sub-agent begins.
    AgentStart,
    /// A sub-agent ends.
    AgentStop,
    /// Settings changed on disk. May be refused.
    ConfigChange {
        /// Which tier.
        source: String,
        /// Which file.
        path: String,
    },
    /// A file of instructions entered the conversation.
    InstructionsLoaded {
        /// Which file.
        path: String,
    },
    /// Anything else that needs no answer; recorded by name.
    Notice {
        /// The agent's name of the event.
        name: String,
    },
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Which call.
    pub call: ToolCall,
    /// What the agent will read, flattened to text.
    pub text: String,
    /// The error, where the tool failed.
    pub error: Option<String>,
    /// How long it ran, in milliseconds, where the agent says.
    pub duration_ms: Option<u64>,
    /// What the agent lets be done with it.
    pub means: Means,
}
