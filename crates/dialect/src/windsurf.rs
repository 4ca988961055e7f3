//! Windsurf's hooks: one JSON object on standard input; the answer is the exit code, its reason on standard error.
//!
//! Only the events before something happens can be blocked, by exit code 2; on any other the action proceeds. From public
//! documents; not run here.

use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::event::{Agent, Event, Happening, Outcome, Scene};
use bailiwick_vocab::handling::Means;
use serde_json::json;

use crate::claude::is_absolute;
use crate::error::ParseError;
use crate::fields::{self, Fields};
use crate::ordered::{self, Value};
use crate::ruled::ruled;
use crate::settings::{Closing, Entry, Layout};
use crate::tongue::{Answer, Decision, Form, Placement, Probe, Reply, Residue, Stage, Tier, Tongue};
use crate::{call_id, guess, response, wording};

/// The client's name, as policy and ledger see it.
const CLIENT: &str = "windsurf";

/// Events that need no answer.
const NOTICES: [&str; 3] = ["post_cascade_response", "post_cascade_response_with_transcript", "post_setup_worktree"];

/// Windsurf's contract.
pub(crate) static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "Windsurf",
    programs: &["windsurf"],
    homes: &[".codeium/windsurf", ".windsurf"],
    hosts_terminals: true,
    project_variable: None,
    switches: &[],
    parse,
    render: |_, event, receipt| answer(ruled(event, receipt, false).denial()),
    rewrite: None,
    refuse: |_, reason| answer(Some(wording::of_refusal(reason))),
    session_of: |bytes| guess::text(bytes, "trajectory_id"),
    placements: &[
        Placement { tier: Tier::User, path: "~/.codeium/windsurf/hooks.json", moved_by: None, form: Form::Settings(&LAYOUT) },
        Placement { tier: Tier::Managed, path: "/etc/windsurf/hooks.json", moved_by: None, form: Form::Settings(&LAYOUT) },
    ],
    project: &[],
    trust: None,
    profile: None,
    probe: Probe { shell, decision },
    residue: &RESIDUE,
};

const RESIDUE: [Residue; 6] = [
    Residue {
        what: "This contract is taken from public documents and has not been run here.",
        cure: "Ask the agent for something that policy denies and look for it in `bailiwick log` before you rely on it.",
    },
    Residue {
        what: "Every exit code but 2 lets the action proceed, a missing program and one killed from outside among them; what happens to a hook that takes long is not documented.",
        cure: "Our command turns every failure that it can see into exit code 2 and answers within 5 s.",
    },
    Residue {
        what: "Only files, commands, MCP tools and prompts are told: searches, pages that are fetched and the client's other tools are not.",
        cure: "Turn off in the client what you do not need; run it in a container for what must hold.",
    },
    Residue {
        what: "/etc/devin/hooks.json, where it is there, is read in the place of /etc/windsurf/hooks.json.",
        cure: "Have no such file, or put the same hooks into it.",
    },
    Residue {
        what: "The client never asks its user on our behalf: what should be asked is denied. What a tool gave back can be neither replaced nor marked.",
        cure: "The denial names the entry to let pass with `bailiwick approve`; what came back labels the session.",
    },
    Residue {
        what: "A project's .windsurf/hooks.json runs its commands too, and a program that was allowed is not watched while it runs.",
        cure: "Read it before you open a project that is not yours; run the client in a container for what must hold.",
    },
];

const LAYOUT: Layout = Layout {
    client: CLIENT,
    entries: &ENTRIES,
    grouped: false,
    closing: Closing::ExitTwo,
    hook: |_, line| vec![("command", Value::Text(line.to_owned()))],
    forced: &[],
    switches: &[],
    kinds: &[],
};

const ENTRIES: [Entry; 9] = [
    Entry { event: "pre_run_command", matcher: None, stops: true },
    Entry { event: "pre_write_code", matcher: None, stops: true },
    Entry { event: "pre_read_code", matcher: None, stops: true },
    Entry { event: "pre_mcp_tool_use", matcher: None, stops: true },
    Entry { event: "pre_user_prompt", matcher: None, stops: true },
    Entry { event: "post_run_command", matcher: None, stops: false },
    Entry { event: "post_write_code", matcher: None, stops: false },
    Entry { event: "post_read_code", matcher: None, stops: false },
    Entry { event: "post_mcp_tool_use", matcher: None, stops: false },
];

/// Reads one hook message. Only commands come with a directory.
fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    let message = fields::object(bytes)?;
    let fields = Fields::new(&message, "");
    let name = fields.name("agent_action_name")?;
    let cwd = match fields.get("tool_info") {
        Some(Value::Object(_)) => fields.object("tool_info")?.text_or_empty("cwd")?,
        Some(_) | None => String::new(),
    };
    if !cwd.is_empty() && !is_absolute(&cwd) {
        return Err(fields.unexpected("tool_info.cwd", "an absolute path"));
    }
    let agent = Agent { client: CLIENT.to_owned(), id: String::new(), kind: String::new() };
    let scene = Scene { session: fields.name("trajectory_id")?, agent, cwd, project: None, unattended: true, told: None };
    Ok(Event { scene, happening: happening(&name, fields)? })
}

fn happening(name: &str, fields: Fields<'_>) -> Result<Happening, ParseError> {
    if NOTICES.contains(&name) {
        return Ok(Happening::Notice { name: name.to_owned() });
    }
    let info = || fields.object("tool_info");
    match name.split_once('_') {
        Some(("pre", "user_prompt")) => Ok(Happening::Prompt { text: info()?.text("user_prompt")? }),
        Some(("pre", what)) if TOOLS.contains(&what) => Ok(Happening::Call(call(what, info()?)?)),
        Some(("post", what)) if TOOLS.contains(&what) => {
            let text = info()?.get("mcp_result").map(response::flatten).unwrap_or_default();
            Ok(Happening::Outcome(Outcome {
                call: call(what, info()?)?,
                text,
                error: None,
                duration_ms: None,
                means: Means::NONE,
            }))
        }
        Some(_) | None => Err(ParseError::UnknownEvent { name: name.chars().take(64).collect() }),
    }
}

const TOOLS: [&str; 4] = ["run_command", "write_code", "read_code", "mcp_tool_use"];

/// The call is called as the event is; its arguments are those that are told before and after.
fn call(tool: &str, info: Fields<'_>) -> Result<ToolCall, ParseError> {
    let (request, told): (_, &[&str]) = match tool {
        "run_command" => {
            let command = info.text("command_line")?;
            (Request::Shell { command, shell: Shell::Bash, background: false, unseen_input: false }, &["command_line", "cwd"])
        }
        "write_code" => (Request::Edit { path: info.name("file_path")?, new_text: new_text(info)? }, &["file_path", "edits"]),
        "read_code" => (Request::Read { path: info.name("file_path")? }, &["file_path"]),
        _ => (
            Request::Mcp { server: info.name("mcp_server_name")?, tool: info.name("mcp_tool_name")? },
            &["mcp_server_name", "mcp_tool_name", "mcp_tool_arguments"],
        ),
    };
    let members = told.iter().filter_map(|key| info.get(key).map(|value| ((*key).to_owned(), value.clone())));
    let input = Value::Object(members.collect());
    Ok(ToolCall { id: call_id::of(tool, &input), tool: tool.to_owned(), request, input: input.to_serde() })
}

fn new_text(info: Fields<'_>) -> Result<String, ParseError> {
    let edits = info.list("edits")?.iter().map(|edit: &ordered::Value| Fields::new(edit, "edits").text("new_string"));
    Ok(edits.collect::<Result<Vec<_>, _>>()?.join("\n"))
}

fn answer(denial: Option<String>) -> Answer {
    match denial {
        None => Answer { stdout: Vec::new(), stderr: String::new(), exit: 0 },
        Some(reason) => Answer { stdout: Vec::new(), stderr: format!("{reason}\n"), exit: 2 },
    }
}

/// A shell command about to run, as the client says it.
fn shell(stage: &Stage, _id: &str, command: &str) -> String {
    let event = json!({
        "agent_action_name": "pre_run_command", "trajectory_id": stage.session, "execution_id": "e",
        "timestamp": "2026-01-01T00:00:00Z", "tool_info": {"command_line": command, "cwd": stage.cwd},
    });
    format!("{event}\n")
}

/// Reads the answer as the client does.
fn decision(reply: &Reply<'_>) -> Decision {
    match reply.exit {
        Some(2) => Decision::Deny(String::from_utf8_lossy(reply.stderr).trim().to_owned()),
        Some(0) => Decision::Pass,
        Some(_) | None => Decision::Garbage,
    }
}
