//! Copilot CLI's tools and their arguments, in neutral terms, under both names that each has.
//!
//! A tool that is not here is an MCP server's where its name says so, else [`Request::Named`], of which only the map can
//! say what it does. A tool that is here with an argument missing or of another type is an error.

use bailiwick_vocab::call::{Request, Shell};

use crate::error::ParseError;
use crate::fields::Fields;
use crate::ordered::Value;
use crate::patch::patched;

/// Tools that touch nothing but the agent: its shells' output, its sub-agents, its lists, its questions to the user.
const INTERNAL: [&str; 19] = [
    "read_bash",
    "stop_bash",
    "list_bash",
    "read_powershell",
    "stop_powershell",
    "list_powershell",
    "read_agent",
    "list_agents",
    "write_agent",
    "stop_agent",
    "ask_user",
    "report_intent",
    "update_todo",
    "task_complete",
    "exit_plan_mode",
    "fetch_copilot_cli_documentation",
    "TodoWrite",
    "AskUserQuestion",
    "ExitPlanMode",
];

/// Whether the tool is the one that takes a patch for its only argument (PascalCase events call it `Edit`).
pub(crate) fn takes_patch(tool: &str) -> bool {
    matches!(tool, "apply_patch" | "edit" | "Edit")
}

/// What a call of `tool` asks for.
pub(crate) fn request(tool: &str, input: Fields<'_>) -> Result<Request, ParseError> {
    match tool {
        "bash" | "Bash" => shell(input, Shell::Bash),
        "powershell" | "PowerShell" => shell(input, Shell::PowerShell),
        "write_bash" | "write_powershell" => Ok(Request::Type { text: input.text("input")?.replace("{enter}", "\n") }),
        "view" | "Read" => Ok(Request::Read { path: input.name("path")? }),
        "create" | "Write" => Ok(Request::Write { path: input.name("path")?, content: input.text("file_text")? }),
        "apply_patch" | "edit" | "Edit" => edit(input),
        "grep" | "Grep" => search(input, true),
        "glob" | "Glob" => search(input, false),
        "task" | "Agent" | "Task" => {
            Ok(Request::Spawn { agent: input.text_or_empty("agent_type")?, prompt: input.text("prompt")? })
        }
        "web_fetch" | "WebFetch" => Ok(Request::Fetch { url: input.name("url")? }),
        "web_search" | "WebSearch" => Ok(Request::WebSearch { query: input.text("query")? }),
        "skill" | "Skill" => Ok(Request::Skill { name: input.name("skill")?, args: input.text_or_empty("args")? }),
        "sql" | "session_store_sql" => sql(tool, input),
        internal if INTERNAL.contains(&internal) => Ok(Request::Internal { name: internal.to_owned() }),
        other => Ok(mcp(other).unwrap_or_else(|| Request::Named { name: other.to_owned() })),
    }
}

/// What is typed into an open shell afterwards comes as a call of its own.
fn shell(input: Fields<'_>, shell: Shell) -> Result<Request, ParseError> {
    let background = input.optional_text("mode")?.as_deref() == Some("async") || input.flag("detach")?;
    Ok(Request::Shell { command: input.text("command")?, shell, background, unseen_input: false })
}

/// One replacement; the lines that a permission request shows; or a patch over many files.
fn edit(input: Fields<'_>) -> Result<Request, ParseError> {
    if input.get("path").is_some() {
        return Ok(Request::Edit { path: input.name("path")?, new_text: input.text("new_str")? });
    }
    if input.get("file_path").is_some() {
        return Ok(Request::Edit { path: input.name("file_path")?, new_text: added(&input.text("diff")?) });
    }
    let key = if input.get("input").is_none() && input.get("patch").is_some() { "patch" } else { "input" };
    patched(input, key)
}

/// The lines that a diff puts in.
fn added(diff: &str) -> String {
    let lines = diff.lines().filter(|line| !line.starts_with("+++ ")).filter_map(|line| line.strip_prefix('+'));
    lines.map(|line| format!("{line}\n")).collect()
}

fn search(input: Fields<'_>, contents: bool) -> Result<Request, ParseError> {
    let pattern = input.text("pattern")?;
    let key = if input.get("paths").is_none() { "path" } else { "paths" };
    let one = |path| Request::Search { path, pattern: pattern.clone(), contents };
    match input.get(key) {
        Some(Value::List(paths)) if !paths.is_empty() => {
            let path = |path: &Value| path.text().map(|path| one(Some(path.to_owned())));
            let requests = paths.iter().map(path).collect::<Option<Vec<_>>>();
            Ok(Request::Many { requests: requests.ok_or_else(|| input.unexpected(key, "a list of paths"))? })
        }
        Some(Value::List(_)) => Ok(one(None)),
        None | Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_)) => {
            Ok(one(input.optional_text(key)?))
        }
    }
}

/// Databases of the session, in which the agent keeps its lists. What could reach another file is not taken for that.
fn sql(tool: &str, input: Fields<'_>) -> Result<Request, ParseError> {
    let query = input.text("query")?.to_ascii_lowercase();
    let reaches_out = ["attach", "vacuum", "pragma", "load_extension", "readfile", "writefile", "copy", "install", "read_"];
    let name = tool.to_owned();
    Ok(if reaches_out.iter().any(|word| query.contains(word)) { Request::Named { name } } else { Request::Internal { name } })
}

/// `SERVER/TOOL` in a permission request, `SERVER-TOOL` elsewhere.
fn mcp(tool: &str) -> Option<Request> {
    let (server, name) = tool.split_once('/').or_else(|| tool.split_once('-'))?;
    let both = !server.is_empty() && !name.is_empty();
    both.then(|| Request::Mcp { server: server.to_owned(), tool: name.to_owned() })
}
