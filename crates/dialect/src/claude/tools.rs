//! Claude Code's own tools and their arguments, in neutral terms.
//!
//! A tool that is not here becomes [`Request::Named`], of which only the map can say what it does. A tool that is here
//! with an argument missing or of another type is an error: what it would do cannot be said.

use bailiwick_vocab::call::{Request, Shell};

use crate::error::ParseError;
use crate::fields::Fields;

/// Tools that touch nothing but the agent: its lists, its questions to the user, output of commands already judged.
const INTERNAL: [&str; 22] = [
    "AskUserQuestion",
    "BashOutput",
    "AgentOutputTool",
    "CronList",
    "EnterPlanMode",
    "ExitPlanMode",
    "KillBash",
    "KillShell",
    "ScheduleWakeup",
    "SendMessage",
    "StructuredOutput",
    "TaskCreate",
    "TaskGet",
    "TaskList",
    "TaskOutput",
    "TaskStop",
    "TaskUpdate",
    "TodoRead",
    "TodoWrite",
    "ToolSearch",
    "WaitForMcpServers",
    "Sleep",
];

/// Whether `tool` touches nothing but the agent.
pub(crate) fn is_internal(tool: &str) -> bool {
    INTERNAL.contains(&tool)
}

/// What a call of `tool` asks for. `server` is the MCP server's name in the client's configuration, where it says it.
///
/// # Errors
/// Where an argument of a known tool is missing or of another type.
pub(crate) fn request(tool: &str, input: Fields<'_>, server: Option<&str>) -> Result<Request, ParseError> {
    match tool {
        "Bash" => shell(input, Shell::Bash, false),
        "PowerShell" => shell(input, Shell::PowerShell, false),
        "Monitor" => shell(input, Shell::Bash, true),
        "Read" => Ok(Request::Read { path: input.name("file_path")? }),
        "NotebookRead" => Ok(Request::Read { path: input.name("notebook_path")? }),
        "Write" => Ok(Request::Write { path: input.name("file_path")?, content: input.text("content")? }),
        "Edit" => edit(input),
        "MultiEdit" => multi_edit(input),
        "NotebookEdit" => notebook_edit(input),
        "Grep" => search(input, true),
        "Glob" => search(input, false),
        "LS" => Ok(Request::Search { path: Some(input.name("path")?), pattern: "*".to_owned(), contents: false }),
        "WebFetch" => Ok(Request::Fetch { url: input.name("url")? }),
        "WebSearch" => Ok(Request::WebSearch { query: input.text("query")? }),
        "Agent" | "Task" => Ok(Request::Spawn { agent: input.text_or_empty("subagent_type")?, prompt: input.text("prompt")? }),
        "Skill" => skill(input),
        "SlashCommand" => slash_command(input),
        "ListMcpResourcesTool" => resource(input.optional_text("server")?, "resources/list"),
        "ReadMcpResourceTool" => resource(Some(input.name("server")?), "resources/read"),
        internal if INTERNAL.contains(&internal) => Ok(Request::Internal { name: internal.to_owned() }),
        other => Ok(mcp(other, server).unwrap_or_else(|| Request::Named { name: other.to_owned() })),
    }
}

fn shell(input: Fields<'_>, shell: Shell, always_background: bool) -> Result<Request, ParseError> {
    let background = input.flag("run_in_background")? || always_background;
    Ok(Request::Shell { command: input.text("command")?, shell, background, unseen_input: false })
}

fn edit(input: Fields<'_>) -> Result<Request, ParseError> {
    input.text("old_string")?;
    Ok(Request::Edit { path: input.name("file_path")?, new_text: input.text("new_string")? })
}

fn multi_edit(input: Fields<'_>) -> Result<Request, ParseError> {
    let edits = input.list("edits")?.iter().map(|edit| Fields::new(edit, "edits").text("new_string"));
    let new_text = edits.collect::<Result<Vec<_>, _>>()?.join("\n");
    Ok(Request::Edit { path: input.name("file_path")?, new_text })
}

/// Only deleting a cell needs no source.
fn notebook_edit(input: Fields<'_>) -> Result<Request, ParseError> {
    let deletes = input.optional_text("edit_mode")?.as_deref() == Some("delete");
    let new_text = if deletes { input.text_or_empty("new_source")? } else { input.text("new_source")? };
    Ok(Request::Edit { path: input.name("notebook_path")?, new_text })
}

fn search(input: Fields<'_>, contents: bool) -> Result<Request, ParseError> {
    Ok(Request::Search { path: input.optional_text("path")?, pattern: input.text("pattern")?, contents })
}

/// Older versions call the skill's name `command`.
fn skill(input: Fields<'_>) -> Result<Request, ParseError> {
    let key = if input.get("skill").is_none() && input.get("command").is_some() { "command" } else { "skill" };
    Ok(Request::Skill { name: input.name(key)?, args: input.text_or_empty("args")? })
}

fn slash_command(input: Fields<'_>) -> Result<Request, ParseError> {
    let command = input.name("command")?;
    let (name, args) = command.split_once(char::is_whitespace).unwrap_or((&command, ""));
    Ok(Request::Skill { name: name.trim_start_matches('/').to_owned(), args: args.trim().to_owned() })
}

fn resource(server: Option<String>, tool: &str) -> Result<Request, ParseError> {
    Ok(Request::Mcp { server: server.unwrap_or_else(|| "*".to_owned()), tool: tool.to_owned() })
}

/// `mcp__SERVER__TOOL`. A server's name may itself hold two underscores; where the client says the name, the part before
/// the tool is what the name becomes when it is made fit for a tool's name.
pub(crate) fn mcp(tool: &str, server: Option<&str>) -> Option<Request> {
    let rest = tool.strip_prefix("mcp__")?;
    let known = server.and_then(|server| {
        let name = rest.strip_prefix(fitted(server).as_str())?.strip_prefix("__")?;
        Some((server, name))
    });
    let (server, name) = known.or_else(|| rest.split_once("__"))?;
    let both = !server.is_empty() && !name.is_empty();
    both.then(|| Request::Mcp { server: server.to_owned(), tool: name.to_owned() })
}

fn fitted(server: &str) -> String {
    server.chars().map(|char| if char.is_ascii_alphanumeric() || matches!(char, '_' | '-') { char } else { '_' }).collect()
}
