//! VS Code's agent hooks: Claude Code's events under two other member names, with VS Code's own tools.
//!
//! It reads the user's directory of Copilot CLI's hook files, and Copilot CLI reads ours there: each of the two dialects
//! hands a message of the other over, and the record names who spoke. From public documents; not run here.

mod tools;

use bailiwick_vocab::event::Event;
use bailiwick_vocab::handling::Means;
use bailiwick_vocab::record::Receipt;
use serde_json::json;

use crate::claude::answer::{Asking, Receiving, named, received, rendered};
use crate::claude::kin::Kin;
use crate::error::ParseError;
use crate::ordered::Value;
use crate::settings::{CLIENT_LIMIT_S, Closing, Constant, Entry, Layout};
use crate::tongue::{Answer, Form, Placement, Probe, Residue, Stage, Tier, Tongue};
use crate::{claude, copilot, guess};

/// The client's name, as policy and ledger see it.
const CLIENT: &str = "vscode";

/// Events that need no answer.
const NOTICES: [&str; 2] = ["Stop", "PreCompact"];

static KIN: Kin = Kin {
    client: CLIENT,
    event_key: "hookEventName",
    session_key: "sessionId",
    notices: &NOTICES,
    request: tools::request,
    model_reads: None,
    means: Means::ADDS,
    failed_means: Means::NONE,
    // "ask" is put to the user whatever the mode.
    unattended: |_, _| false,
};

/// VS Code's contract. It has no file for the machine.
pub(crate) static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "VS Code",
    programs: &["code", "code-insiders", "codium"],
    homes: &[".vscode", ".vscode-server", ".config/Code"],
    hosts_terminals: true,
    project_variable: None,
    switches: &["COPILOT_HOME"],
    parse: |bytes| if speaks(bytes) { read(bytes) } else { copilot::parse(bytes) },
    render: copilot::answer::render,
    rewrite: None,
    refuse: copilot::answer::refuse,
    session_of: |bytes| guess::text(bytes, "sessionId"),
    placements: &[Placement {
        tier: Tier::User,
        path: "~/.copilot/hooks/bailiwick-vscode.json",
        moved_by: Some(("COPILOT_HOME", "~/.copilot")),
        form: Form::Settings(&LAYOUT),
    }],
    project: &[],
    trust: None,
    profile: None,
    probe: Probe { shell, decision: claude::probe::reply },
    residue: &RESIDUE,
};

const RESIDUE: [Residue; 8] = [
    Residue {
        what: "This contract is taken from public documents and has not been run here; hooks are a preview, and where they are read from depends on \"chat.hookFilesLocations\".",
        cure: "Ask the agent for something that policy denies and look for it in `bailiwick log` before you rely on it.",
    },
    Residue {
        what: "VS Code also runs the hooks of ~/.claude/settings.json. Where Claude Code's are installed there, it starts `hook claude-code` with messages that are not Claude Code's: these are refused, which may block every call.",
        cure: "Take \"~/.claude/settings.json\" out of \"chat.hookFilesLocations\" in VS Code, or put Claude Code's hooks into its managed settings alone.",
    },
    Residue {
        what: "Any failure but exit code 2, and the client's own limit, let the call run.",
        cure: "Our command turns every failure that it can see into exit code 2 and answers before that limit.",
    },
    Residue {
        what: "What a tool gave back cannot be replaced, only a note put beside it; beside that of a tool that failed not even that.",
        cure: "The record says what was wanted and what was given (`bailiwick show`); it labels the session, so that policy can act on what follows.",
    },
    Residue {
        what: "There is no tier for the machine, and settings of the workspace may say where hooks are read from.",
        cure: "Policy guards writing to .vscode/settings.json; keep an untrusted workspace in restricted mode.",
    },
    Residue {
        what: "Copilot CLI reads the same directory: a call there is judged twice where both are installed.",
        cure: "Install for one of them: each hands the other's messages over.",
    },
    Residue {
        what: "A tool of an extension runs inside the editor, under a name that only the map can describe.",
        cure: "A tool that is not described needs a person's yes.",
    },
    Residue {
        what: "Files named with #, open editors and files of instructions reach the model without a tool call; a program that was allowed is not watched while it runs.",
        cure: "Keep secrets out of the workspace; run it in a container for what must hold while a program runs.",
    },
];

const LAYOUT: Layout = Layout {
    client: CLIENT,
    entries: &ENTRIES,
    grouped: false,
    closing: Closing::ExitTwo,
    hook,
    forced: &[("version", Constant::Count(1), true)],
    switches: &["disableAllHooks"],
    kinds: &[],
};

const ENTRIES: [Entry; 6] = [
    Entry { event: "PreToolUse", matcher: None, stops: true },
    Entry { event: "PostToolUse", matcher: None, stops: true },
    Entry { event: "UserPromptSubmit", matcher: None, stops: true },
    Entry { event: "SessionStart", matcher: None, stops: false },
    Entry { event: "SubagentStart", matcher: None, stops: false },
    Entry { event: "SubagentStop", matcher: None, stops: false },
];

/// The limit under the name of either reader.
fn hook(_: &Entry, line: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("type", Value::Text("command".to_owned())),
        ("command", Value::Text(line.to_owned())),
        ("timeout", Value::Number(CLIENT_LIMIT_S.into())),
        ("timeoutSec", Value::Number(CLIENT_LIMIT_S.into())),
    ]
}

/// Whether a message is VS Code's: only there is the event called so.
pub(crate) fn speaks(bytes: &[u8]) -> bool {
    guess::text(bytes, KIN.event_key).is_some()
}

/// Reads one of its messages.
pub(crate) fn read(bytes: &[u8]) -> Result<Event, ParseError> {
    KIN.parse(bytes)
}

/// The answer to one of its recorded events.
pub(crate) fn answered(stdin: &[u8], event: &Event, receipt: &Receipt) -> Answer {
    let received = received(stdin, event, receipt, Receiving::Beside);
    Answer::says(received.unwrap_or_else(|| rendered(claude::hook(event), receipt, Asking::Honoured)))
}

/// The answer to one of its messages where there is no record.
pub(crate) fn refused(stdin: &[u8], reason: &str) -> Answer {
    let hook = guess::text(stdin, KIN.event_key).and_then(|name| named(name, &NOTICES));
    // An event that is not known is refused as a call would be: of all forms, that one is documented.
    Answer::says(claude::answer::refused(Some(hook.unwrap_or(claude::Hook::PreToolUse)), reason))
}

/// A shell command about to run, as the client says it.
fn shell(stage: &Stage, id: &str, command: &str) -> String {
    let event = json!({
        "timestamp": "2026-01-01T00:00:00.000Z", "cwd": stage.cwd, "sessionId": stage.session, "hookEventName": "PreToolUse",
        "transcript_path": "", "tool_name": "run_in_terminal", "tool_use_id": id,
        "tool_input": {"command": command, "explanation": "a command", "isBackground": false},
    });
    format!("{event}\n")
}
