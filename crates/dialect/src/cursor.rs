//! Cursor's hooks: one JSON object in, one out, a form for each event.
//!
//! The same call comes up to three times: before any tool (2.4 and later), and before a command, an MCP tool or a reading
//! by its own event (older versions and the command-line agent know only these). From public documents; not run here.

mod answer;
mod settings;
mod tools;

use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::event::{Agent, Event, Happening, Outcome, Scene};
use bailiwick_vocab::handling::Means;

use crate::claude::is_absolute;
use crate::error::ParseError;
use crate::fields::{self, Fields};
use crate::ordered::{self, Value};
use crate::tongue::{Form, Placement, Probe, Residue, Tier, Tongue};
use crate::{call_id, guess, response};

/// The client's name, as policy and ledger see it.
const CLIENT: &str = "cursor";

/// Events that need no answer.
const NOTICES: [&str; 7] =
    ["stop", "preCompact", "afterFileEdit", "afterAgentResponse", "afterAgentThought", "afterTabFileEdit", "workspaceOpen"];

/// Cursor's contract.
pub(crate) static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "Cursor",
    programs: &["cursor", "cursor-agent"],
    homes: &[".cursor"],
    hosts_terminals: true,
    project_variable: Some("CURSOR_PROJECT_DIR"),
    switches: &[],
    parse,
    render: answer::render,
    rewrite: None,
    refuse: answer::refuse,
    session_of: |bytes| guess::text(bytes, "conversation_id"),
    placements: &[
        Placement { tier: Tier::User, path: "~/.cursor/hooks.json", moved_by: None, form: Form::Settings(&settings::LAYOUT) },
        Placement {
            tier: Tier::Managed,
            path: "/etc/cursor/hooks.json",
            moved_by: None,
            form: Form::Settings(&settings::LAYOUT),
        },
    ],
    project: &[],
    trust: None,
    profile: None,
    probe: Probe { shell: answer::shell, decision: answer::decision },
    residue: &RESIDUE,
};

const RESIDUE: [Residue; 8] = [
    Residue {
        what: "This contract is taken from public documents, which changed over time, and has not been run here.",
        cure: "Ask the agent for something that policy denies and look for it in `bailiwick log` before you rely on it.",
    },
    Residue {
        what: "Without \"failClosed\", which older versions do not know, a failing hook lets the call run; the command-line agent tells only part of the events.",
        cure: "Our hooks set it, and our command turns every failure that it can see into exit code 2; update the client.",
    },
    Residue {
        what: "Before a tool, an \"ask\" is taken but not put to anybody: what should be asked is denied there.",
        cure: "The denial names the entry to let pass with `bailiwick approve`.",
    },
    Residue {
        what: "With \"failClosed\" a hook must say \"allow\" to let a call pass; the client may take it for the user's consent too.",
        cure: "Rules that ask belong into our policy for this client.",
    },
    Residue {
        what: "Of what a tool gave back only an MCP tool's can be replaced; beside others stands a note, and the command-line agent's own events after a command take none.",
        cure: "The record says what was wanted and what was given (`bailiwick show`); it labels the session, so that policy can act on what follows.",
    },
    Residue {
        what: "Cursor also runs Claude Code's hooks: where they are installed it starts `hook claude-code` with messages that may not be Claude Code's, and these are refused.",
        cure: "Turn the loading of third-party hooks off in Cursor's settings.",
    },
    Residue {
        what: "Inline completion reads and edits files without these hooks; before a tool, an MCP call does not say of which server it is.",
        cure: "Turn it off for workspaces with secrets; describe MCP tools in the map under the server \"*\".",
    },
    Residue {
        what: "Whoever edits ~/.cursor/hooks.json changes the hooks at once; files named with @ and rules of the project reach the model without a tool call; a program that was allowed is not watched while it runs.",
        cure: "Put the hooks into /etc/cursor/hooks.json; policy denies writing these files; run the agent in a container for what must hold.",
    },
];

/// Reads one hook message.
fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    let message = fields::object(bytes)?;
    let fields = Fields::new(&message, "");
    let name = fields.name("hook_event_name")?;
    let scene = scene(&name, fields)?;
    Ok(Event { scene, happening: happening(&name, fields)? })
}

/// The directory is the call's own, else the first of the workspace's roots.
fn scene(event: &str, fields: Fields<'_>) -> Result<Scene, ParseError> {
    let said = fields.text_or_empty("cwd")?;
    let cwd = if said.is_empty() {
        fields.list("workspace_roots")?.first().and_then(Value::text).unwrap_or_default().to_owned()
    } else {
        said
    };
    if !cwd.is_empty() && !is_absolute(&cwd) {
        return Err(fields.unexpected("cwd", "an absolute path"));
    }
    let own = fields.name("conversation_id")?;
    let parent = fields.text_or_empty("parent_conversation_id")?;
    let (session, id) = if parent.is_empty() || parent == own { (own, String::new()) } else { (parent, own) };
    let agent = Agent { client: CLIENT.to_owned(), id, kind: fields.text_or_empty("subagent_type")? };
    let unattended = !matches!(event, "beforeShellExecution" | "beforeMCPExecution");
    Ok(Scene { session, agent, cwd, project: None, unattended, told: None })
}

fn happening(name: &str, fields: Fields<'_>) -> Result<Happening, ParseError> {
    match name {
        "preToolUse" => Ok(Happening::Call(called(fields)?)),
        "beforeShellExecution" => Ok(Happening::Call(command(fields)?)),
        "beforeMCPExecution" => Ok(Happening::Call(mcp(fields)?)),
        "beforeReadFile" | "beforeTabFileRead" => Ok(Happening::Call(reading(fields)?)),
        "postToolUse" => {
            let mut outcome = outcome(called(fields)?, fields, "tool_output")?;
            // Only of an MCP tool another output is taken.
            let replaces = matches!(outcome.call.request, Request::Mcp { .. });
            outcome.means = Means { adds: true, replaces, stops: false };
            Ok(Happening::Outcome(outcome))
        }
        "afterShellExecution" => Ok(Happening::Outcome(outcome(command(fields)?, fields, "output")?)),
        "afterMCPExecution" => Ok(Happening::Outcome(outcome(mcp(fields)?, fields, "result_json")?)),
        "postToolUseFailure" => {
            let mut outcome = outcome(called(fields)?, fields, "error_message")?;
            outcome.error = Some(outcome.text.clone());
            Ok(Happening::Outcome(outcome))
        }
        "beforeSubmitPrompt" => Ok(Happening::Prompt { text: fields.text("prompt")? }),
        "sessionStart" => Ok(Happening::SessionStart { source: fields.text_or_empty("composer_mode")? }),
        "sessionEnd" => Ok(Happening::SessionEnd { reason: fields.text_or_empty("reason")? }),
        "subagentStart" => Ok(Happening::AgentStart),
        "subagentStop" => Ok(Happening::AgentStop),
        notice if NOTICES.contains(&notice) => Ok(Happening::Notice { name: notice.to_owned() }),
        unknown => Err(ParseError::UnknownEvent { name: unknown.chars().take(64).collect() }),
    }
}

fn called(fields: Fields<'_>) -> Result<ToolCall, ParseError> {
    let tool = fields.name("tool_name")?;
    let input = arguments(fields)?;
    let request = tools::request(&tool, Fields::new(&input, "tool_input"))?;
    let id = fields.text_or_empty("tool_use_id")?;
    let id = if id.is_empty() { call_id::of(&tool, &input) } else { id };
    Ok(ToolCall { id, tool, request, input: input.to_serde() })
}

/// An object, or a text that holds one.
fn arguments(fields: Fields<'_>) -> Result<Value, ParseError> {
    if let Some(Value::Text(text)) = fields.get("tool_input") {
        return match ordered::parse(text) {
            Ok(object @ Value::Object(_)) => Ok(object),
            Ok(_) | Err(_) => Err(fields.unexpected("tool_input", "an object")),
        };
    }
    Ok(fields.object("tool_input")?.value().clone())
}

fn command(fields: Fields<'_>) -> Result<ToolCall, ParseError> {
    let command = fields.text("command")?;
    let request = Request::Shell { command: command.clone(), shell: Shell::Bash, background: false, unseen_input: false };
    Ok(made("Shell", "command", command, request))
}

fn reading(fields: Fields<'_>) -> Result<ToolCall, ParseError> {
    let path = fields.name("file_path")?;
    Ok(made("Read", "file_path", path.clone(), Request::Read { path }))
}

/// The server's name in the client's configuration is not told, only how it is reached.
fn mcp(fields: Fields<'_>) -> Result<ToolCall, ParseError> {
    let tool = fields.name("tool_name")?;
    let input = arguments(fields)?;
    let request = Request::Mcp { server: "*".to_owned(), tool: tool.clone() };
    Ok(ToolCall { id: call_id::of(&tool, &input), tool, request, input: input.to_serde() })
}

/// A call of which the event has one argument and no identifier.
fn made(tool: &str, key: &str, value: String, request: Request) -> ToolCall {
    let input = Value::Object(vec![(key.to_owned(), Value::Text(value))]);
    ToolCall { id: call_id::of(tool, &input), tool: tool.to_owned(), request, input: input.to_serde() }
}

fn outcome(call: ToolCall, fields: Fields<'_>, key: &str) -> Result<Outcome, ParseError> {
    let text = fields.get(key).map(response::flatten).unwrap_or_default();
    Ok(Outcome { call, text, error: None, duration_ms: fields.optional_count("duration")?, means: Means::NONE })
}
