//! Qwen Code's hooks: Claude Code's events and answers with Gemini CLI's tools.
//!
//! An "ask" is put to the user where there is one and denied where there is none; in the modes that ask nothing it is
//! said as a denial. Measured on version 0.24.4.

mod settings;
mod tools;

use bailiwick_vocab::event::{Event, Happening, Outcome};
use bailiwick_vocab::handling::Means;
use bailiwick_vocab::record::Receipt;
use serde_json::json;

use crate::claude::answer::{Asking, Receiving, named, received, refused, rendered};
use crate::claude::kin::Kin;
use crate::error::ParseError;
use crate::gemini::tools::placed;
use crate::project::ProjectFile;
use crate::tongue::{Answer, Decision, Form, Placement, Probe, Reply, Residue, Stage, Tier, Tongue};
use crate::{claude, guess, project};

/// The client's name, as policy and ledger see it.
pub const CLIENT: &str = "qwen-code";

/// Events that need no answer.
const NOTICES: [&str; 12] = [
    "PostToolBatch",
    "Notification",
    "PermissionDenied",
    "UserPromptExpansion",
    "Stop",
    "StopFailure",
    "PreCompact",
    "PostCompact",
    "MessageDisplay",
    "SessionDelete",
    "TodoCreated",
    "TodoCompleted",
];

static KIN: Kin = Kin {
    client: CLIENT,
    event_key: "hook_event_name",
    session_key: "session_id",
    notices: &NOTICES,
    request: tools::request,
    model_reads: Some("llmContent"),
    means: Means::ADDS,
    failed_means: Means::ADDS,
    // Events without a mode ask nobody anything; modes that we do not know may ask nobody either.
    unattended: |_, mode| !matches!(mode, "" | "default" | "plan"),
};

/// Qwen Code's contract.
pub static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "Qwen Code",
    programs: &["qwen"],
    homes: &[".qwen"],
    hosts_terminals: false,
    project_variable: Some("QWEN_PROJECT_DIR"),
    switches: &["QWEN_CODE_SYSTEM_SETTINGS_PATH", "QWEN_HOME", "QWEN_CODE_SIMPLE"],
    parse,
    render,
    rewrite: None,
    refuse,
    session_of: |bytes| guess::text(bytes, "session_id"),
    placements: &[
        Placement {
            tier: Tier::User,
            path: "~/.qwen/settings.json",
            moved_by: Some(("QWEN_HOME", "~/.qwen")),
            form: Form::Settings(&settings::LAYOUT),
        },
        Placement {
            tier: Tier::Managed,
            path: "/etc/qwen-code/settings.json",
            moved_by: None,
            form: Form::Settings(&settings::LAYOUT),
        },
    ],
    project: &[ProjectFile { path: ".qwen/settings.json", weakens: project::all_hooks_off }],
    trust: None,
    profile: None,
    probe: Probe { shell, decision },
    residue: &RESIDUE,
};

const RESIDUE: [Residue; 7] = [
    Residue {
        what: "No tier of settings holds against whoever starts the client: --bare, --safe-mode and QWEN_CODE_SYSTEM_SETTINGS_PATH leave even the system's hooks out.",
        cure: "Start it without them; `bailiwick doctor` shows the variables. Run the agent in a sandbox for what must hold.",
    },
    Residue {
        what: "A project's \"disableAllHooks\" switches the user's hooks off.",
        cure: "`bailiwick init --managed` says false in the system's settings, which holds against it.",
    },
    Residue {
        what: "A call runs when the hook is killed together with its shell, or, on machines without /usr/bin/timeout, when a hung hook outlasts the client's limit of 15 s.",
        cure: "Our command turns every failure that it can see into a refusal, answers within 5 s, and is ended after 10 s.",
    },
    Residue {
        what: "No hook can replace what a tool gave back: it reaches the model as it is, with a note beside it where policy wants it marked, cut or withheld.",
        cure: "The record says what was wanted and what was given (`bailiwick show`); it labels the session, so that policy can act on what follows.",
    },
    Residue {
        what: "Commands that the user types with !, shell in custom commands, files named with @ and files of instructions reach the shell or the model without a tool call.",
        cure: "Policy guards writing below .qwen. Keep secrets out of the workspace.",
    },
    Residue {
        what: "A session cannot be refused at its start, and its end was not seen to be told where nobody sits.",
        cure: "Each of its calls is judged on its own.",
    },
    Residue {
        what: "Hooks get the whole environment, the provider's API key included; so does what the agent's shell runs.",
        cure: "We keep none of it. Run the agent in a sandbox for what must hold while a program runs.",
    },
];

/// Reads one hook message.
///
/// # Errors
/// Where the bytes are not one JSON object of a known event with the members that it must have.
pub fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    let mut event = KIN.parse(bytes)?;
    if let Happening::Call(call) | Happening::PermissionAsked(call) | Happening::Outcome(Outcome { call, .. }) =
        &mut event.happening
    {
        event.scene.cwd = placed(call, event.scene.cwd)?;
    }
    Ok(event)
}

fn render(stdin: &[u8], event: &Event, receipt: &Receipt) -> Answer {
    if let Some(received) = received(stdin, event, receipt, Receiving::Beside) {
        return Answer::says(received);
    }
    let asking = if event.scene.unattended { Asking::Denied } else { Asking::Honoured };
    Answer::says(rendered(claude::hook(event), receipt, asking))
}

fn refuse(stdin: &[u8], reason: &str) -> Answer {
    let hook = guess::text(stdin, "hook_event_name").and_then(|name| named(name, &NOTICES));
    Answer::says(refused(hook, reason))
}

/// A shell command about to run, as the client says it.
fn shell(stage: &Stage, id: &str, command: &str) -> String {
    let event = json!({
        "session_id": stage.session, "transcript_path": "", "cwd": stage.cwd, "hook_event_name": "PreToolUse",
        "timestamp": "1970-01-01T00:00:00.000Z", "permission_mode": "default", "tool_name": "run_shell_command",
        "tool_input": {"command": command, "is_background": false}, "tool_use_id": id, "tool_call_id": id,
    });
    format!("{event}\n")
}

/// Reads what the hook process gave back; an exit code without a reason is no denial here.
fn decision(reply: &Reply<'_>) -> Decision {
    let unexplained = reply.exit == Some(2) && reply.stderr.trim_ascii().is_empty();
    if unexplained { Decision::Garbage } else { claude::probe::reply(reply) }
}
