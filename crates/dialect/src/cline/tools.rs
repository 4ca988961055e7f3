//! Cline's tools and their arguments, in neutral terms.
//!
//! The client takes each tool's arguments in several shapes (a bare text, a list, an object with one of several members)
//! and hands hooks the shape that the model chose: all of them are read here. A tool that is not here is an MCP server's
//! where its name says so, else [`Request::Named`]. Arguments in no known shape are an error.

use bailiwick_vocab::call::{Request, Shell};

use crate::error::ParseError;
use crate::fields::Fields;
use crate::ordered::Value;
use crate::patch;
use crate::settings::quoted;

/// Tools that touch nothing but the agent: its teams' lists and letters, its questions to the user, its last word.
const INTERNAL: [&str; 18] = [
    "ask_question",
    "submit_and_exit",
    "team_shutdown_teammate",
    "team_status",
    "team_task",
    "team_cancel_run",
    "team_list_runs",
    "team_await_run",
    "team_await_runs",
    "team_send_message",
    "team_broadcast",
    "team_read_mailbox",
    "team_mission_log",
    "team_cleanup",
    "team_create_outcome",
    "team_review_outcome_fragment",
    "team_finalize_outcome",
    "team_list_outcomes",
];

/// What a call of `tool` asks for.
pub(crate) fn request(tool: &str, input: &Value) -> Result<Request, ParseError> {
    let fields = Fields::new(input, "input");
    match tool {
        "run_commands" => many(fields, &["commands", "command", "cmd"], command),
        "read_files" => many(fields, &["files", "file_paths", "paths", "path", "file_path", "filePath"], file),
        "search_codebase" => many(fields, &["queries"], |query| {
            Some(Request::Search { path: None, pattern: query.text()?.to_owned(), contents: true })
        }),
        "fetch_web_content" => many(fields, &["requests", "url"], |page| Some(Request::Fetch { url: text_or(page, &["url"])? })),
        "editor" => Ok(Request::Edit { path: fields.name("path")?, new_text: fields.text("new_text")? }),
        "apply_patch" => {
            let text = text_or(input, &["input", "patch"]).ok_or_else(|| fields.missing("input"))?;
            let requests = patch::requests(&text).ok_or_else(|| fields.unexpected("input", "a patch that can be read"))?;
            Ok(Request::Many { requests })
        }
        "skills" => Ok(Request::Skill { name: fields.name("skill")?, args: fields.text_or_empty("args")? }),
        "spawn_agent" => spawn(fields, "systemPrompt", "task"),
        "team_spawn_teammate" => Ok(Request::Spawn { agent: fields.text("agentId")?, prompt: fields.text("rolePrompt")? }),
        "team_run_task" => Ok(Request::Spawn { agent: fields.text("agentId")?, prompt: fields.text("task")? }),
        internal if INTERNAL.contains(&internal) => Ok(Request::Internal { name: internal.to_owned() }),
        other => Ok(mcp(other).unwrap_or_else(|| Request::Named { name: other.to_owned() })),
    }
}

/// One request an item: of the input itself where it is a text or a list, else of its one member among `keys`, which may
/// again be a list. Two of the members at once could be read either way.
fn many(fields: Fields<'_>, keys: &[&str], one: impl Fn(&Value) -> Option<Request>) -> Result<Request, ParseError> {
    let first = keys.first().copied().unwrap_or_default();
    let mut there = keys.iter().filter(|key| fields.get(key).is_some());
    let items = match (there.next(), there.next()) {
        (Some(key), None) => fields.get(key).filter(|value| is_whole(value)).unwrap_or(fields.value()),
        (None, _) => fields.value(),
        (Some(_), Some(key)) => return Err(fields.unexpected(key, "there alone")),
    };
    let requests = match items {
        Value::List(items) => items.iter().map(one).collect::<Option<Vec<_>>>(),
        item @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_)) => {
            one(item).map(|request| vec![request])
        }
    };
    requests.map(|requests| Request::Many { requests }).ok_or_else(|| fields.unexpected(first, "in a shape that is known"))
}

/// Whether a member holds the items; a text may be a part of an item that is the input itself.
fn is_whole(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Object(_))
}

/// A command line; or a program with its arguments, which no shell reads.
fn command(item: &Value) -> Option<Request> {
    let line = text_or(item, &["command", "cmd", "commands"])?;
    let command = match item.get("args") {
        None | Some(Value::Null) => line,
        Some(Value::List(args)) => {
            let args = args.iter().map(|arg| arg.text().map(quoted)).collect::<Option<Vec<_>>>()?;
            format!("{} {}", quoted(&line), args.join(" "))
        }
        Some(Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_)) => return None,
    };
    Some(Request::Shell { command, shell: Shell::Bash, background: false, unseen_input: false })
}

fn file(item: &Value) -> Option<Request> {
    let path = text_or(item, &["path", "file_path", "filePath", "files", "file_paths", "paths"])?;
    (!path.is_empty()).then_some(Request::Read { path })
}

/// The text itself, or the text of the one member among `keys` that is there.
fn text_or(item: &Value, keys: &[&str]) -> Option<String> {
    if let Some(text) = item.text() {
        return Some(text.to_owned());
    }
    let mut there = keys.iter().filter_map(|key| item.get(key));
    let text = there.next()?.text()?.to_owned();
    if there.next().is_some() { None } else { Some(text) }
}

fn spawn(fields: Fields<'_>, role: &str, task: &str) -> Result<Request, ParseError> {
    Ok(Request::Spawn { agent: String::new(), prompt: format!("{}\n{}", fields.text(role)?, fields.text(task)?) })
}

/// `SERVER__TOOL`.
fn mcp(tool: &str) -> Option<Request> {
    let (server, name) = tool.split_once("__")?;
    let both = !server.is_empty() && !name.is_empty();
    both.then(|| Request::Mcp { server: server.to_owned(), tool: name.to_owned() })
}
