//! opencode: a plugin of ours inside the client, and the JSON between it and this program, which is ours to define.
//!
//! One message in: `bailiwick` (the version, 1), `event`, `session`, `cwd`, and what the event is about; nothing else.
//! One answer out: the version and `verdict`, `pass` or `deny` with a `reason`. The plugin throws on everything but a
//! pass. Measured on opencode 1.18.33: what a plugin throws before a tool keeps the tool from running, and the model reads
//! the text. It asks nobody: its permissions are "allow" by default.

mod files;
mod tools;

use bailiwick_vocab::call::ToolCall;
use bailiwick_vocab::event::{Agent, Event, Happening, Outcome, Scene};
use bailiwick_vocab::handling::Means;
use bailiwick_vocab::record::Receipt;
use serde_json::json;

use crate::claude::is_absolute;
use crate::error::ParseError;
use crate::fields::{self, Fields};
use crate::handled::handled;
use crate::ordered::Value;
use crate::project::ProjectFile;
use crate::ruled::ruled;
use crate::tongue::{Answer, Decision, Form, Placement, Probe, Reply, Residue, Rewrite, Stage, Tier, Tongue};
use crate::{guess, project, wording};

/// The client's name, as policy and ledger see it.
const CLIENT: &str = "opencode";

/// What both sides speak.
const VERSION: u64 = 1;

/// Every member that a message may have.
const MEMBERS: [&str; 10] = ["bailiwick", "event", "session", "agent", "kind", "cwd", "call", "tool", "args", "text"];

/// opencode's contract.
pub(crate) static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "opencode",
    programs: &["opencode"],
    homes: &[".config/opencode", ".opencode"],
    hosts_terminals: false,
    project_variable: None,
    switches: &["OPENCODE_PURE", "OPENCODE_TEST_MANAGED_CONFIG_DIR"],
    parse,
    render,
    rewrite: Rewrite::always(rewritten),
    refuse: |_, reason| answer(Some(&wording::of_refusal(reason))),
    session_of: |bytes| guess::text(bytes, "session"),
    placements: &[
        Placement {
            tier: Tier::User,
            path: "~/.config/opencode/plugins/bailiwick.js",
            moved_by: Some(("XDG_CONFIG_HOME", "~/.config")),
            form: Form::Own(files::plugin, false),
        },
        Placement {
            tier: Tier::Managed,
            path: "/etc/opencode/bailiwick.js",
            moved_by: None,
            form: Form::Own(files::plugin, false),
        },
        Placement {
            tier: Tier::Managed,
            path: "/etc/opencode/opencode.jsonc",
            moved_by: None,
            form: Form::Own(files::managed, false),
        },
    ],
    project: &[ProjectFile { path: "opencode.json", weakens: weakened_by }],
    trust: None,
    profile: None,
    probe: Probe { shell, decision },
    residue: &RESIDUE,
};

const RESIDUE: [Residue; 8] = [
    Residue {
        what: "Whoever starts the client can leave every plugin out, ours too, with --pure, OPENCODE_PURE=1 or, for the machine's tier, OPENCODE_TEST_MANAGED_CONFIG_DIR.",
        cure: "`bailiwick doctor` shows these variables where they are set; start the client from an environment without them.",
    },
    Residue {
        what: "Plugins and tools that a project brings run inside the client without a question, in the same process as ours: such code can do whatever the client can.",
        cure: "Set OPENCODE_DISABLE_PROJECT_CONFIG=1 for projects that are not yours. Our plugin fixes the arguments that were judged, so that a later one cannot change them; policy guards writing below .opencode.",
    },
    Residue {
        what: "A plugin file that does not load is passed over without a word.",
        cure: "Ours imports nothing but node:child_process; `bailiwick doctor` compares its text with what it must be.",
    },
    Residue {
        what: "The client never asks its user on our behalf: what should be asked is denied.",
        cure: "The denial names the entry to let pass with `bailiwick approve`.",
    },
    Residue {
        what: "What the user says is blocked where the guard fails, but the client shows its own \"Unexpected server error\" in the place of the reason.",
        cure: "`bailiwick doctor` says what is wrong.",
    },
    Residue {
        what: "Nothing is told of a tool that failed or of an MCP call that failed, so its outcome is not recorded.",
        cure: "What was called is recorded before it runs.",
    },
    Residue {
        what: "A project's opencode.json may move the model's address and the permissions; files named with @ and files of instructions reach the model without a tool call.",
        cure: "Set \"provider\" in /etc/opencode/opencode.json, which is read last. Keep secrets out of the workspace.",
    },
    Residue {
        what: "Commands that the user types with ! and inline shell of a slash command run without a hook, and a program that was allowed is not watched while it runs.",
        cure: "Run the agent in a sandbox for what must hold while a program runs.",
    },
];

/// How a project's settings would move what the agent talks to.
fn weakened_by(text: &str) -> Option<String> {
    project::weakens(text, &[("provider", |value| moves(value), "moves the model's address")])
}

/// Whether any provider among these is given an address.
fn moves(providers: &Value) -> bool {
    let Value::Object(providers) = providers else { return true };
    providers.iter().any(|(_, provider)| provider.get("options").is_some_and(|options| options.get("baseURL").is_some()))
}

/// Reads one message of our plugin.
fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    let message = fields::object(bytes)?;
    let fields = Fields::new(&message, "");
    if fields.optional_count("bailiwick")? != Some(VERSION) {
        return Err(fields.unexpected("bailiwick", "the version that this program speaks: run bailiwick init again"));
    }
    if let Value::Object(members) = &message
        && let Some((unknown, _)) = members.iter().find(|(key, _)| !MEMBERS.contains(&key.as_str()))
    {
        return Err(fields.unexpected(&unknown.chars().take(64).collect::<String>(), "a member of this message"));
    }
    let cwd = fields.name("cwd")?;
    if !is_absolute(&cwd) {
        return Err(fields.unexpected("cwd", "an absolute path"));
    }
    let agent = Agent { client: CLIENT.to_owned(), id: fields.text_or_empty("agent")?, kind: fields.text_or_empty("kind")? };
    let scene = Scene { session: fields.name("session")?, agent, cwd, project: None, unattended: true, told: None };
    Ok(Event { scene, happening: happening(fields)? })
}

fn happening(fields: Fields<'_>) -> Result<Happening, ParseError> {
    match fields.name("event")?.as_str() {
        "prompt" => Ok(Happening::Prompt { text: fields.text("text")? }),
        "call" => Ok(Happening::Call(call(fields)?)),
        "outcome" => {
            let text = fields.text("text")?;
            Ok(Happening::Outcome(Outcome { call: call(fields)?, text, error: None, duration_ms: None, means: Means::REPLACES }))
        }
        unknown => Err(ParseError::UnknownEvent { name: unknown.chars().take(64).collect() }),
    }
}

fn call(fields: Fields<'_>) -> Result<ToolCall, ParseError> {
    let tool = fields.name("tool")?;
    let input = fields.object("args")?;
    let request = tools::request(&tool, input)?;
    Ok(ToolCall { id: fields.name("call")?, tool, request, input: input.value().to_serde() })
}

fn render(_: &[u8], event: &Event, receipt: &Receipt) -> Answer {
    if let Some(handled) = handled(event, receipt) {
        let answer = json!({"bailiwick": VERSION, "verdict": "pass", "text": handled.in_one()});
        return Answer::says(format!("{answer}\n").into_bytes());
    }
    answer(ruled(event, receipt, false).denial().as_deref())
}

/// A pass with another command in the place of the call's own.
fn rewritten(_: &[u8], event: &Event, receipt: &Receipt, commands: &[String]) -> Option<Answer> {
    let [command] = commands else { return None };
    let passes = ruled(event, receipt, false).denial().is_none();
    let answer = json!({"bailiwick": VERSION, "verdict": "pass", "command": command});
    passes.then(|| Answer::says(format!("{answer}\n").into_bytes()))
}

fn answer(denial: Option<&str>) -> Answer {
    let answer = match denial {
        None => json!({"bailiwick": VERSION, "verdict": "pass"}),
        Some(reason) => json!({"bailiwick": VERSION, "verdict": "deny", "reason": reason}),
    };
    Answer::says(format!("{answer}\n").into_bytes())
}

/// A shell command about to run, as our plugin says it.
fn shell(stage: &Stage, id: &str, command: &str) -> String {
    let message = json!({
        "bailiwick": VERSION, "event": "call", "session": stage.session, "cwd": stage.cwd,
        "call": id, "tool": "bash", "args": {"command": command, "description": "a command"},
    });
    format!("{message}\n")
}

/// Reads an answer as our plugin does: what is not a pass is thrown.
fn decision(reply: &Reply<'_>) -> Decision {
    let answer: Option<serde_json::Value> = serde_json::from_slice(reply.stdout).ok();
    let answer = answer.filter(|answer| reply.exit == Some(0) && answer["bailiwick"] == VERSION);
    let verdict = answer.as_ref().and_then(|answer| answer["verdict"].as_str());
    if verdict == Some("pass") {
        return Decision::Pass;
    }
    let reason = answer.as_ref().and_then(|answer| answer["reason"].as_str());
    Decision::Deny(reason.unwrap_or_default().to_owned())
}
