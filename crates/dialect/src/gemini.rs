//! Gemini CLI's hooks: its own events and answers, one JSON object in, one out.
//!
//! It understands `decision` and `reason` and ignores Claude Code's form. An "ask" hangs where nobody sits, so there is
//! none. Measured on version 0.61.0. A call has no identifier, and a sub-agent's calls look like the main agent's.

mod answer;
mod settings;
pub(crate) mod tools;

use bailiwick_vocab::call::{Request, ToolCall};
use bailiwick_vocab::event::{Agent, Event, Happening, Outcome, Scene};
use bailiwick_vocab::handling::Means;

use crate::claude::is_absolute;
use crate::error::ParseError;
use crate::fields::{self, Fields};
use crate::ordered::Value;
use crate::project::ProjectFile;
use crate::tongue::{Form, Placement, Probe, Residue, Rewrite, Tier, Tongue};
use crate::{call_id, guess, project, response};

/// The client's name, as policy and ledger see it.
pub const CLIENT: &str = "gemini-cli";

/// Events that need no answer. Those of the model carry whole conversations and come for every piece of an answer: we do
/// not hook into them.
const NOTICES: [&str; 6] = ["AfterAgent", "BeforeModel", "AfterModel", "BeforeToolSelection", "PreCompress", "Notification"];

/// Gemini CLI's contract.
pub static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "Gemini CLI",
    programs: &["gemini"],
    homes: &[".gemini"],
    hosts_terminals: false,
    project_variable: Some("GEMINI_PROJECT_DIR"),
    switches: &["GEMINI_CLI_SYSTEM_SETTINGS_PATH", "GEMINI_CLI_HOME"],
    parse,
    render: answer::render,
    rewrite: Rewrite::always(answer::rewritten),
    refuse: answer::refuse,
    session_of: |bytes| guess::text(bytes, "session_id"),
    placements: &[
        Placement {
            tier: Tier::User,
            path: "~/.gemini/settings.json",
            moved_by: Some(("GEMINI_CLI_HOME", "~")),
            form: Form::Settings(&settings::LAYOUT),
        },
        Placement {
            tier: Tier::Managed,
            path: "/etc/gemini-cli/settings.json",
            moved_by: None,
            form: Form::Settings(&settings::LAYOUT),
        },
    ],
    project: &[ProjectFile { path: ".gemini/settings.json", weakens: weakened_by }],
    trust: None,
    profile: Some(&crate::profile::GEMINI),
    probe: Probe { shell: answer::shell, decision: answer::decision },
    residue: &RESIDUE,
};

const RESIDUE: [Residue; 9] = [
    Residue {
        what: "No tier of settings holds against whoever starts the client: \"hooksConfig.disabled\" in any settings file switches a hook off by its name or command, even the system's, and GEMINI_CLI_SYSTEM_SETTINGS_PATH moves the system's file.",
        cure: "`bailiwick init --managed` sets \"hooksConfig.enabled\" in the system's file, which a user's or project's false does not undo. Policy denies writing these files by tool or shell; `bailiwick doctor` shows when the hooks are gone.",
    },
    Residue {
        what: "\"hooksConfig.enabled\": false of a project that the user trusts switches the user's hooks off.",
        cure: "`bailiwick init --managed` says true in the system's settings, which holds against it.",
    },
    Residue {
        what: "Gemini CLI has no \"ask\" that works where nobody sits: it would wait for ever.",
        cure: "What policy would ask for is denied with the number of the entry that the user can let pass once: `bailiwick approve ENTRY`.",
    },
    Residue {
        what: "A call runs when the hook is killed together with its shell, or, on machines without /usr/bin/timeout, when a hung hook outlasts the client's limit of 15 s.",
        cure: "Our command turns every failure that it can see into a refusal, answers within 5 s, and is ended after 10 s.",
    },
    Residue {
        what: "Shell commands in custom commands (!{...}), commands that the user types with !, files named with @ and GEMINI.md files reach the shell or the model without a tool call.",
        cure: "Policy guards writing below .gemini. Look at the custom commands of a repository before you use one; keep secrets out of the workspace.",
    },
    Residue {
        what: "A call has no identifier: two equal calls of one session have the same, and a search's outcome, whose arguments the client completes, has another than its call.",
        cure: "All are judged and recorded; `bailiwick log` shows them in their order.",
    },
    Residue {
        what: "Calls of a sub-agent cannot be told from the main agent's.",
        cure: "They are judged and recorded as the main agent's.",
    },
    Residue {
        what: "A session cannot be refused at its start, and its end does not wait for us.",
        cure: "Each of its calls is judged on its own.",
    },
    Residue {
        what: "Hooks get the whole environment, the client's API key included; so does what the agent's shell runs.",
        cure: "We keep none of it. Run the agent in a sandbox for what must hold while a program runs.",
    },
];

/// How a project's settings would leave hooks out, once the user trusts it.
fn weakened_by(text: &str) -> Option<String> {
    let off = |value: &Value| *value == Value::Bool(false);
    let some = |value: &Value| *value != Value::List(Vec::new());
    project::weakens(
        text,
        &[("hooksConfig.enabled", off, "switches hooks off"), ("hooksConfig.disabled", some, "switches hooks off by name")],
    )
}

/// Reads one hook message.
///
/// # Errors
/// Where the bytes are not one JSON object of a known event with the members that it must have.
pub fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    let message = fields::object(bytes)?;
    let fields = Fields::new(&message, "");
    let name = fields.name("hook_event_name")?;
    let mut scene = scene(fields)?;
    let mut happening = happening(&name, fields)?;
    if let Happening::Call(call) | Happening::Outcome(Outcome { call, .. }) = &mut happening {
        scene.cwd = tools::placed(call, scene.cwd)?;
    }
    Ok(Event { scene, happening })
}

fn scene(fields: Fields<'_>) -> Result<Scene, ParseError> {
    let cwd = fields.name("cwd")?;
    if !is_absolute(&cwd) {
        return Err(fields.unexpected("cwd", "an absolute path"));
    }
    let agent = Agent { client: CLIENT.to_owned(), id: String::new(), kind: String::new() };
    // One time for an event, whichever tiers its hooks are of.
    let told = fields.optional_text("timestamp")?;
    Ok(Scene { session: fields.name("session_id")?, agent, cwd, project: None, unattended: true, told })
}

fn happening(name: &str, fields: Fields<'_>) -> Result<Happening, ParseError> {
    match name {
        "BeforeTool" => Ok(Happening::Call(call(fields)?)),
        "AfterTool" => Ok(Happening::Outcome(outcome(fields)?)),
        "BeforeAgent" => Ok(Happening::Prompt { text: fields.text("prompt")? }),
        "SessionStart" => Ok(Happening::SessionStart { source: fields.text("source")? }),
        "SessionEnd" => Ok(Happening::SessionEnd { reason: fields.text("reason")? }),
        notice if NOTICES.contains(&notice) => Ok(Happening::Notice { name: notice.to_owned() }),
        unknown => Err(ParseError::UnknownEvent { name: unknown.chars().take(64).collect() }),
    }
}

fn call(fields: Fields<'_>) -> Result<ToolCall, ParseError> {
    let tool = fields.name("tool_name")?;
    let input = fields.object("tool_input")?;
    let request = match fields.get("mcp_context") {
        Some(_) => mcp(fields.object("mcp_context")?)?,
        None => tools::request(&tool, input)?,
    };
    Ok(ToolCall { id: call_id::of(&tool, input.value()), tool, request, input: input.value().to_serde() })
}

/// The client says which server and tool: the tool's own name does not show where one ends and the other begins.
fn mcp(context: Fields<'_>) -> Result<Request, ParseError> {
    Ok(Request::Mcp { server: context.name("server_name")?, tool: context.name("tool_name")? })
}

/// The model reads `llmContent`; the rest of a response is for the screen.
fn outcome(fields: Fields<'_>) -> Result<Outcome, ParseError> {
    let call = call(fields)?;
    let Some(response) = fields.get("tool_response") else { return Err(fields.missing("tool_response")) };
    let read = response.get("llmContent").unwrap_or(response);
    let error = response.get("error").filter(|error| **error != Value::Null).map(response::flatten);
    Ok(Outcome { call, text: response::flatten(read), error, duration_ms: None, means: Means::REPLACES })
}
