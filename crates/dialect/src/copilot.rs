//! GitHub Copilot CLI's hooks: one JSON object in, one out, in two spellings.
//!
//! An event that is set up under a PascalCase name comes with Claude Code's member names and says which event it is; one
//! under a camelCase name comes with its own and does not say, so that its shape has to. We set up the former and read
//! both: the answer's form goes by the spelling. Measured on version 1.0.102. No call has an identifier.

pub(crate) mod answer;
mod settings;
mod tools;

use bailiwick_vocab::call::ToolCall;
use bailiwick_vocab::event::{Agent, Event, Happening, Outcome, Scene};
use bailiwick_vocab::handling::Means;

use crate::claude::is_absolute;
use crate::error::ParseError;
use crate::fields::{self, Fields};
use crate::ordered::{self, Value};
use crate::project::ProjectFile;
use crate::tongue::{Form, Placement, Probe, Residue, Rewrite, Tier, Tongue};
use crate::{call_id, guess, project, response, vscode};

/// The client's name, as policy and ledger see it.
const CLIENT: &str = "copilot-cli";

/// Events that need no answer, in their PascalCase names.
const NOTICES: [&str; 6] = ["Stop", "PreCompact", "ErrorOccurred", "Notification", "UserPromptTransformed", "AgentStop"];

/// Copilot CLI's contract.
pub(crate) static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "GitHub Copilot CLI",
    programs: &["copilot"],
    homes: &[".copilot"],
    hosts_terminals: false,
    project_variable: Some("COPILOT_PROJECT_DIR"),
    switches: &["COPILOT_HOME"],
    parse,
    render: answer::render,
    rewrite: Rewrite::always(answer::rewritten),
    refuse: answer::refuse,
    session_of: |bytes| guess::text(bytes, "session_id").or_else(|| guess::text(bytes, "sessionId")),
    placements: &[
        Placement {
            tier: Tier::User,
            path: "~/.copilot/hooks/bailiwick.json",
            moved_by: Some(("COPILOT_HOME", "~/.copilot")),
            form: Form::Settings(&settings::LAYOUT),
        },
        Placement {
            tier: Tier::Managed,
            path: "/etc/github-copilot/policy.d/bailiwick.json",
            moved_by: None,
            form: Form::Settings(&settings::LAYOUT),
        },
    ],
    project: &[
        ProjectFile { path: ".github/copilot/settings.json", weakens: project::all_hooks_off },
        ProjectFile { path: ".github/copilot/settings.local.json", weakens: project::all_hooks_off },
    ],
    trust: None,
    profile: Some(&crate::profile::COPILOT),
    probe: Probe { shell: answer::shell, decision: answer::decision },
    residue: &RESIDUE,
};

const RESIDUE: [Residue; 8] = [
    Residue {
        what: "\"disableAllHooks\" in a trusted repository's .github/copilot/settings files, or another COPILOT_HOME, leaves the user's hooks out.",
        cure: "Put the hooks into the machine's policy (/etc/github-copilot/policy.d): they survive both.",
    },
    Residue {
        what: "A hook of a trusted repository may change a call's arguments after ours. The permission request shows us those that run, so that a denial still holds; but what should be asked is not under --allow-all, and a reading has no such request.",
        cure: "Read .github/hooks before you trust a repository; policy guards writing there.",
    },
    Residue {
        what: "A policy file that is not JSON, or that others than root may write, is skipped without a word.",
        cure: "`bailiwick doctor` reads it as the client does; keep it owned by root and writable by nobody else.",
    },
    Residue {
        what: "When a hook outlasts the client's limit (ours: 15 s) the call runs.",
        cure: "Our own limit is 5 s and its end is a refusal.",
    },
    Residue {
        what: "A call has no identifier: two equal calls of one session have the same, and their outcomes cannot be told apart.",
        cure: "Both are judged and recorded; `bailiwick log` shows them in their order.",
    },
    Residue {
        what: "What a tool that failed gave back can be neither marked nor replaced (a command with another exit code than 0 has not failed in this sense).",
        cure: "The record says what was wanted and what was given (`bailiwick show`); it labels the session, so that policy can act on what follows.",
    },
    Residue {
        what: "A call of an MCP server comes as SERVER-TOOL: where the server's name holds a hyphen, the map sees another server, one it does not know.",
        cure: "Give MCP servers names without hyphens.",
    },
    Residue {
        what: "Commands that the user types with !, files named with @ and files of instructions reach the model without a tool call; a program that was allowed is not watched while it runs.",
        cure: "Keep secrets out of the workspace; run the agent in a sandbox for what must hold while a program runs.",
    },
];

/// Reads one hook message. VS Code runs the hooks of the user's directory too, in its own words.
pub(crate) fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    if vscode::speaks(bytes) {
        return vscode::read(bytes);
    }
    let message = fields::object(bytes)?;
    let fields = Fields::new(&message, "");
    let name = event_name(fields)?;
    let scene = scene(fields)?;
    Ok(Event { scene, happening: happening(&name, fields)? })
}

/// The event's PascalCase name: as the message says, else as its shape says.
fn event_name(fields: Fields<'_>) -> Result<String, ParseError> {
    if let Some(name) = fields.optional_text("hook_event_name")? {
        return Ok(name);
    }
    if fields.optional_text("hookName")?.as_deref() == Some("permissionRequest") {
        return Ok("PermissionRequest".to_owned());
    }
    shape(|key| fields.get(key).is_some()).map(str::to_owned).ok_or_else(|| fields.missing("hook_event_name"))
}

/// Which event has members of these names. What could be a call is a call: it needs the most.
fn shape(has: impl Fn(&str) -> bool) -> Option<&'static str> {
    if has("toolName") {
        let after = if has("error") { "PostToolUseFailure" } else { "PreToolUse" };
        return Some(if has("toolResult") { "PostToolUse" } else { after });
    }
    let shapes = [
        ("transformedPrompt", "UserPromptTransformed"),
        ("prompt", "UserPromptSubmit"),
        ("agentName", if has("stopReason") { "SubagentStop" } else { "SubagentStart" }),
        ("stopReason", "Stop"),
        ("source", "SessionStart"),
        ("reason", "SessionEnd"),
        ("error", "ErrorOccurred"),
        ("trigger", "PreCompact"),
    ];
    shapes.into_iter().find(|(key, _)| has(key)).map(|(_, event)| event)
}

/// Which of two spellings of a member the message has; both at once could be read either way.
fn spelt(fields: Fields<'_>, pascal: &'static str, camel: &'static str) -> Result<&'static str, ParseError> {
    match (fields.get(pascal).is_some(), fields.get(camel).is_some()) {
        (true, true) => Err(fields.unexpected(camel, "there in one spelling only")),
        (false, true) => Ok(camel),
        (true | false, false) => Ok(pascal),
    }
}

/// A sub-agent's events come in a session of its own that has the sub-agent's name: they belong to the one that started
/// it.
fn scene(fields: Fields<'_>) -> Result<Scene, ParseError> {
    let cwd = fields.name("cwd")?;
    if !is_absolute(&cwd) {
        return Err(fields.unexpected("cwd", "an absolute path"));
    }
    let session = fields.name(spelt(fields, "session_id", "sessionId")?)?;
    let id = fields.text_or_empty(spelt(fields, "agent_id", "agentId")?)?;
    let kind = fields.text_or_empty(spelt(fields, "agent_type", "agentType")?)?;
    let parent = fields.text_or_empty(spelt(fields, "parent_agent_id", "parentAgentId")?)?;
    let session = if session == id && !parent.is_empty() { parent } else { session };
    let agent = Agent { client: CLIENT.to_owned(), id, kind };
    // One time for an event, whichever files its hooks stand in: a number, or a text where the event's name is in capitals.
    let told = fields.get("timestamp").map(|at| at.pretty(""));
    Ok(Scene { session, agent, cwd, project: None, unattended: false, told })
}

fn happening(name: &str, fields: Fields<'_>) -> Result<Happening, ParseError> {
    match name {
        "PreToolUse" => Ok(Happening::Call(call(fields)?)),
        // It comes with other names and arguments than the call, so that an identifier made of them would be another's.
        "PermissionRequest" => Ok(Happening::PermissionAsked(ToolCall { id: String::new(), ..call(fields)? })),
        "PostToolUse" => Ok(Happening::Outcome(success(fields)?)),
        "PostToolUseFailure" => {
            let error = fields.text("error")?;
            Ok(Happening::Outcome(Outcome {
                call: call(fields)?,
                text: error.clone(),
                error: Some(error),
                duration_ms: None,
                means: Means::NONE,
            }))
        }
        "UserPromptSubmit" => prompt(fields),
        "SessionStart" => Ok(Happening::SessionStart { source: fields.text("source")? }),
        "SessionEnd" => Ok(Happening::SessionEnd { reason: fields.text("reason")? }),
        "SubagentStart" => Ok(Happening::AgentStart),
        "SubagentStop" => Ok(Happening::AgentStop),
        notice if NOTICES.contains(&notice) => Ok(Happening::Notice { name: notice.to_owned() }),
        unknown => Err(ParseError::UnknownEvent { name: unknown.chars().take(64).collect() }),
    }
}

/// What a sub-agent is told comes from another agent: it is not the user's word.
fn prompt(fields: Fields<'_>) -> Result<Happening, ParseError> {
    let text = fields.text("prompt")?;
    if fields.text_or_empty(spelt(fields, "agent_id", "agentId")?)?.is_empty() {
        Ok(Happening::Prompt { text })
    } else {
        Ok(Happening::Notice { name: "UserPromptSubmit".to_owned() })
    }
}

fn call(fields: Fields<'_>) -> Result<ToolCall, ParseError> {
    let tool = fields.name(spelt(fields, "tool_name", "toolName")?)?;
    let input = arguments(fields, &tool)?;
    let request = tools::request(&tool, Fields::new(&input, "tool_input"))?;
    Ok(ToolCall { id: call_id::of(&tool, &input), tool, request, input: input.to_serde() })
}

/// The arguments: an object, or a text that holds one. The patch tool of some models has only a text.
fn arguments(fields: Fields<'_>, tool: &str) -> Result<Value, ParseError> {
    let key = spelt(fields, "tool_input", "toolArgs")?;
    let key = if fields.get(key).is_none() && fields.get("toolInput").is_some() { "toolInput" } else { key };
    match fields.get(key) {
        None => Err(fields.missing(key)),
        Some(object @ Value::Object(_)) => Ok(object.clone()),
        Some(Value::Text(text)) => match ordered::parse(text) {
            Ok(object @ Value::Object(_)) => Ok(object),
            Ok(_) | Err(_) if tools::takes_patch(tool) => {
                Ok(Value::Object(vec![("input".to_owned(), Value::Text(text.clone()))]))
            }
            Ok(_) | Err(_) => Err(fields.unexpected(key, "an object")),
        },
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_)) => Err(fields.unexpected(key, "an object")),
    }
}

fn success(fields: Fields<'_>) -> Result<Outcome, ParseError> {
    let key = spelt(fields, "tool_result", "toolResult")?;
    let result = fields.object(key)?;
    let kind = result.text_or_empty(spelt(result, "result_type", "resultType")?)?;
    let said = result.get(spelt(result, "text_result_for_llm", "textResultForLlm")?).unwrap_or_else(|| result.value());
    let text = response::flatten(said);
    let error = (!matches!(kind.as_str(), "" | "success")).then(|| text.clone());
    let means = if error.is_none() { Means::REPLACES } else { Means::NONE };
    Ok(Outcome { call: call(fields)?, text, error, duration_ms: None, means })
}
