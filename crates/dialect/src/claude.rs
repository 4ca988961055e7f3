//! Claude Code's hooks: one JSON object on standard input, one on standard output.
//!
//! Bytes become an [`Event`]; a [`Receipt`] becomes bytes. What the client does with each answer, and what it does when
//! there is none, was measured on versions 2.1.197 and 2.1.330. An allowed call is answered with `{}`, never with
//! "allow": that would also skip the questions the user has told the client itself to ask.

pub(crate) mod answer;
pub(crate) mod kin;
pub mod probe;
pub mod settings;
pub(crate) mod tools;
mod weakens;

use bailiwick_vocab::event::{Event, Happening};
use bailiwick_vocab::handling::Means;

pub use crate::claude::answer::{refuse, render};
use crate::claude::kin::Kin;
pub use crate::claude::weakens::weakens_guard;
use crate::error::ParseError;
use crate::guess;
use crate::project::ProjectFile;
use crate::tongue::{Answer, Form, Placement, Probe, Residue, Rewrite, Tier, Tongue};

/// The client's name, as policy and ledger see it.
pub const CLIENT: &str = "claude-code";

/// Which kind of answer the client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Before a tool runs: may be denied or put to the user.
    PreToolUse,
    /// Before the client asks its user: may be denied.
    PermissionRequest,
    /// After a tool ran.
    PostToolUse,
    /// After a tool failed.
    PostToolUseFailure,
    /// The user said something: may be blocked.
    UserPromptSubmit,
    /// A session begins.
    SessionStart,
    /// A session ends.
    SessionEnd,
    /// A sub-agent begins.
    SubagentStart,
    /// A sub-agent ends. A block here would make it go on.
    SubagentStop,
    /// Settings changed on disk: may be blocked.
    ConfigChange,
    /// A file of instructions was read.
    InstructionsLoaded,
    /// An event that only tells; a block is not understood or would make the agent go on.
    Other,
}

/// Every event of the measured versions that needs no answer.
const NOTICES: [&str; 22] = [
    "PostToolBatch",
    "Notification",
    "UserPromptExpansion",
    "Stop",
    "StopFailure",
    "PreCompact",
    "PostCompact",
    "PreModelSwitch",
    "PostModelSwitch",
    "PermissionDenied",
    "Setup",
    "TeammateIdle",
    "TaskCreated",
    "TaskCompleted",
    "Elicitation",
    "ElicitationResult",
    "WorktreeCreate",
    "WorktreeRemove",
    "CwdChanged",
    "FileChanged",
    "DirectoryAdded",
    "MessageDisplay",
];

/// How its messages differ from those of the agents that took over its hooks.
static KIN: Kin = Kin {
    client: CLIENT,
    event_key: "hook_event_name",
    session_key: "session_id",
    notices: &NOTICES,
    request: tools::request,
    model_reads: None,
    means: Means::REPLACES,
    failed_means: Means::ADDS,
    // In the other modes, also those that we do not know, the client lets some calls run on an ask (measured:
    // bypassPermissions writes start-up files). Events without a mode ask nobody anything.
    unattended: |_, mode| !matches!(mode, "" | "default" | "manual" | "acceptEdits" | "plan"),
};

/// Claude Code's contract.
pub static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "Claude Code",
    programs: &["claude"],
    homes: &[".claude"],
    hosts_terminals: false,
    project_variable: Some("CLAUDE_PROJECT_DIR"),
    switches: &["CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_SAFE_MODE"],
    parse,
    render: |bytes, event, receipt| {
        let received = answer::received(bytes, event, receipt, answer::Receiving::OwnShape);
        Answer::says(received.unwrap_or_else(|| render(hook(event), receipt)))
    },
    rewrite: Rewrite::always(|bytes, event, receipt, commands| {
        answer::rewritten(bytes, hook(event), receipt, commands, answer::Asking::Honoured).map(Answer::says)
    }),
    refuse: |stdin, reason| Answer::says(refuse(stdin, reason)),
    session_of,
    placements: &[
        Placement {
            tier: Tier::User,
            path: "~/.claude/settings.json",
            moved_by: Some(("CLAUDE_CONFIG_DIR", "~/.claude")),
            form: Form::Settings(&settings::USER),
        },
        Placement {
            tier: Tier::Managed,
            path: "/etc/claude-code/managed-settings.json",
            moved_by: None,
            form: Form::Settings(&settings::MANAGED),
        },
    ],
    project: &[
        ProjectFile { path: ".claude/settings.json", weakens: |text| weakens_guard("project_settings", text) },
        ProjectFile { path: ".claude/settings.local.json", weakens: |text| weakens_guard("local_settings", text) },
    ],
    trust: None,
    profile: Some(&crate::profile::CLAUDE),
    probe: Probe { shell: probe::shell, decision: probe::reply },
    residue: &RESIDUE,
};

const RESIDUE: [Residue; 10] = [
    Residue {
        what: "Whoever starts the client can leave user hooks out (--bare, --safe-mode, --setting-sources, another CLAUDE_CONFIG_DIR), and \"disableAllHooks\" in any settings file, or in what --settings is given, turns them off.",
        cure: "Put the hooks into the managed settings (/etc/claude-code/managed-settings.json): these survive all of it.",
    },
    Residue {
        what: "One known member with a value of a wrong kind in the user's settings (\"model\": 5) makes the client drop the whole file, the hooks with it, without a word.",
        cure: "`bailiwick doctor` fails on the members for which this was measured; such a change during a session is refused. The managed settings are not touched by it.",
    },
    Residue {
        what: "A project's settings may set ANTHROPIC_BASE_URL: from its start on, the session and the user's key go to that address.",
        cure: "Set \"env\": {\"ANTHROPIC_BASE_URL\": …} in the managed settings, which wins over a project's; `bailiwick init` does not, because it cannot know yours. `bailiwick doctor`, run in the project, fails; such a change during a session is refused.",
    },
    Residue {
        what: "A skill or slash command may hold inline shell commands. They run with no PreToolUse hook for the shell.",
        cure: "Set \"disableSkillShellExecution\": true in the managed settings. Our policy also guards writing below .claude/skills, commands and agents.",
    },
    Residue {
        what: "Files named with @ in a prompt, and instruction files, reach the model without a tool call.",
        cure: "They are recorded (UserPromptSubmit, InstructionsLoaded), not judged. Keep secrets out of the workspace.",
    },
    Residue {
        what: "The output of a command that failed reaches the model as it is; no hook can replace it, only put a note beside it.",
        cure: "The record says what was wanted and what was given (`bailiwick show`); it labels the session, so that policy can act on what follows.",
    },
    Residue {
        what: "A session cannot be refused at its start: the client ignores what a SessionStart hook says.",
        cure: "Each of its calls is judged on its own.",
    },
    Residue {
        what: "Blocking a change of settings keeps the old ones for this session only; the file stays changed for the next.",
        cure: "Policy denies writing these files by tool or shell; `bailiwick doctor` shows when the hooks are gone.",
    },
    Residue {
        what: "Versions without \"onFailure\" let a call run when a hook is killed by a signal or by the client's time limit.",
        cure: "Our command turns every failure that it can see into a refusal and answers before the client's limit; update the client.",
    },
    Residue {
        what: "Commands that the user types with ! run without a hook, and a program that was allowed is not watched while it runs.",
        cure: "Run the agent in a sandbox for what must hold while a program runs.",
    },
];

/// Reads one hook message.
///
/// # Errors
/// Where the bytes are not one JSON object of a known event with the members that it must have. The caller refuses.
pub fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    KIN.parse(bytes)
}

/// The session of a message that [`parse`] refused, as far as it can be told.
#[must_use]
pub fn session_of(bytes: &[u8]) -> Option<&str> {
    guess::text(bytes, "session_id")
}

/// Which kind of answer an event of [`parse`] waits for.
#[must_use]
pub fn hook(event: &Event) -> Hook {
    match &event.happening {
        Happening::Prompt { .. } => Hook::UserPromptSubmit,
        Happening::Call(_) => Hook::PreToolUse,
        Happening::PermissionAsked(_) => Hook::PermissionRequest,
        Happening::Outcome(outcome) if outcome.error.is_some() => Hook::PostToolUseFailure,
        Happening::Outcome(_) => Hook::PostToolUse,
        Happening::SessionStart { .. } => Hook::SessionStart,
        Happening::SessionEnd { .. } => Hook::SessionEnd,
        Happening::AgentStart => Hook::SubagentStart,
        Happening::AgentStop => Hook::SubagentStop,
        Happening::ConfigChange { .. } => Hook::ConfigChange,
        Happening::InstructionsLoaded { .. } => Hook::InstructionsLoaded,
        Happening::Notice { .. } => Hook::Other,
    }
}

pub(crate) fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.starts_with("\\\\") || path.as_bytes().get(1) == Some(&b':')
}
