//! Codex's hooks: Claude Code's events, read with Codex's tools and answered as strictly as Codex reads.
//!
//! It ignores a denial without a reason or with an unknown member, has no "ask", and runs the call on any exit code but 2.
//! Measured on version 0.169.0. Hooks of the user run only once they are trusted ([`trust`]).

pub(crate) mod probe;
pub(crate) mod requirements;
pub(crate) mod settings;
pub(crate) mod tools;
pub(crate) mod trust;

use bailiwick_vocab::event::Event;
use bailiwick_vocab::handling::Means;
use bailiwick_vocab::record::Receipt;
use serde_json::Value;

use crate::claude::answer::{Asking, Receiving, named, received, refused, rendered};
use crate::claude::kin::Kin;
use crate::error::ParseError;
use crate::ruled::ruled;
use crate::tongue::{Answer, Form, Placement, Probe, Residue, Rewrite, Tier, Tongue};
use crate::{claude, guess, wording};

/// The client's name, as policy and ledger see it.
pub const CLIENT: &str = "codex";

/// Events that need no answer.
const NOTICES: [&str; 6] = ["Stop", "PreCompact", "PostCompact", "PreModelRequest", "PostModelRequest", "Interrupt"];

static KIN: Kin = Kin {
    client: CLIENT,
    event_key: "hook_event_name",
    session_key: "session_id",
    notices: &NOTICES,
    request: tools::request,
    model_reads: None,
    means: Means::REPLACES,
    failed_means: Means::ADDS,
    // "ask" is unsupported and runs the call. A permission request is about to be put to the user by Codex itself.
    unattended: |event, _| event == "PreToolUse",
};

/// Codex's contract.
pub static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "Codex CLI",
    programs: &["codex"],
    homes: &[".codex"],
    hosts_terminals: false,
    project_variable: None,
    switches: &["CODEX_HOME"],
    parse,
    render,
    // In Codex's own sandbox the guard could not write what it keeps: only a user who has taken that down can ask for it.
    rewrite: Some(Rewrite { answer: rewritten, by_default: false }),
    refuse,
    session_of: |bytes| guess::text(bytes, "session_id"),
    placements: &[
        Placement {
            tier: Tier::User,
            path: "~/.codex/hooks.json",
            moved_by: Some(("CODEX_HOME", "~/.codex")),
            form: Form::Settings(&settings::USER),
        },
        Placement {
            tier: Tier::Managed,
            path: "/etc/codex/requirements.toml",
            moved_by: None,
            form: Form::Own(requirements::text, false),
        },
    ],
    project: &[],
    trust: Some(&trust::TRUST),
    profile: Some(&crate::profile::CODEX),
    probe: Probe { shell: probe::shell, decision: probe::reply },
    residue: &RESIDUE,
};

const RESIDUE: [Residue; 9] = [
    Residue {
        what: "Hooks in the user's hooks.json do nothing, silently, until Codex trusts them, and --disable hooks, -c features.hooks=false or another CODEX_HOME leave them out.",
        cure: "`bailiwick init` has them trusted through Codex's own app-server, and `bailiwick doctor` fails where the user's configuration leaves them out. `bailiwick init --managed` writes /etc/codex/requirements.toml: these need no trust and survive all of it.",
    },
    Residue {
        what: "What the agent types into a shell that it opened with a terminal (write_stdin) is seen by no hook.",
        cure: "Commands that open such a shell are judged as if anything could be typed into them. Codex's own sandbox bounds the rest.",
    },
    Residue {
        what: "A command may name the shell that is to read it (zsh, PowerShell, sh); the hook is told only the command.",
        cure: "It is read as bash would. Where other shells are installed, Codex's own sandbox bounds what a difference can do.",
    },
    Residue {
        what: "Codex has no \"ask\": it would run the call.",
        cure: "What policy would ask for is denied with the number of the entry that the user can let pass once: `bailiwick approve ENTRY`.",
    },
    Residue {
        what: "A call runs when the hook is killed together with its shell, or, on machines without /usr/bin/timeout, when a hung hook outlasts Codex's limit of 15 s.",
        cure: "Our command turns every failure that it can see into a refusal, answers within 5 s, and is ended after 10 s.",
    },
    Residue {
        what: "A patch applied from a shell command, and a command still running when its turn ends, have no hook after them.",
        cure: "They are judged before they run; their outcome is not recorded.",
    },
    Residue {
        what: "Web searches that the model's provider runs, and the listing of MCP resources, pass no hook.",
        cure: "Set web_search to \"disabled\" in Codex's configuration (allowed_web_search_modes in requirements.toml) where that matters.",
    },
    Residue {
        what: "What one agent tells another may be encrypted by the provider: neither hooks nor a gateway can read it.",
        cure: "Each call of a sub-agent is judged like the main agent's.",
    },
    Residue {
        what: "A session cannot be refused at its start by a hook that fails.",
        cure: "Each of its calls is judged on its own.",
    },
];

/// Reads one hook message.
///
/// # Errors
/// Where the bytes are not one JSON object of a known event with the members that it must have.
pub fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    KIN.parse(bytes)
}

fn render(stdin: &[u8], event: &Event, receipt: &Receipt) -> Answer {
    let received = received(stdin, event, receipt, Receiving::Blocked);
    Answer::says(received.unwrap_or_else(|| rendered(claude::hook(event), receipt, Asking::Denied)))
}

/// A changed command is honoured only with "allow" beside it, which lets no question of Codex's own be skipped.
fn rewritten(stdin: &[u8], event: &Event, receipt: &Receipt, commands: &[String]) -> Option<Answer> {
    if ruled(event, receipt, false).denial().is_some() {
        return None;
    }
    let said = claude::answer::rewritten(stdin, claude::hook(event), receipt, commands, Asking::Denied)?;
    let mut answer: Value = serde_json::from_slice(&said).ok()?;
    let output = answer.get_mut("hookSpecificOutput")?.as_object_mut()?;
    output.insert("permissionDecision".to_owned(), Value::String("allow".to_owned()));
    Some(Answer::says(format!("{answer}\n").into_bytes()))
}

/// Where it is not known which event waits, exit code 2 with a reason is what all that can be stopped understand; as JSON
/// no form fits both a call and a permission request.
fn refuse(stdin: &[u8], reason: &str) -> Answer {
    match guess::text(stdin, "hook_event_name").and_then(|name| named(name, &NOTICES)) {
        Some(hook) => Answer::says(refused(Some(hook), reason)),
        None => Answer { stdout: Vec::new(), stderr: wording::of_refusal(reason), exit: 2 },
    }
}
