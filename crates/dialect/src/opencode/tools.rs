//! opencode's tools and their arguments, in neutral terms.
//!
//! A tool that is not here is an MCP server's where its name says so, else [`Request::Named`], of which only the map can
//! say what it does. A tool that is here with an argument missing or of another type is an error.

use bailiwick_vocab::call::{Request, Shell};

use crate::error::ParseError;
use crate::fields::Fields;
use crate::patch::patched;
use crate::settings::quoted;

/// Tools that touch nothing but the agent: its lists, its questions to the user, a call that could not be read.
const INTERNAL: [&str; 8] = [
    "todowrite",
    "todoread",
    "question",
    "plan_enter",
    "plan_exit",
    "invalid",
    "list_mcp_resources",
    "list_mcp_resource_templates",
];

/// What a call of `tool` asks for.
pub(crate) fn request(tool: &str, input: Fields<'_>) -> Result<Request, ParseError> {
    match tool {
        "bash" => shell(input),
        "read" => Ok(Request::Read { path: input.name("filePath")? }),
        "write" => Ok(Request::Write { path: input.name("filePath")?, content: input.text("content")? }),
        "edit" => Ok(Request::Edit { path: input.name("filePath")?, new_text: input.text("newString")? }),
        "multiedit" => multi_edit(input),
        "patch" | "apply_patch" => patched(input, "patchText"),
        "grep" => search(input, true),
        "glob" => search(input, false),
        "list" => Ok(Request::Search { path: input.optional_text("path")?, pattern: "*".to_owned(), contents: false }),
        "lsp" => Ok(Request::Read { path: input.name("filePath")? }),
        "webfetch" => Ok(Request::Fetch { url: input.name("url")? }),
        "websearch" | "codesearch" => Ok(Request::WebSearch { query: input.text("query")? }),
        "task" => Ok(Request::Spawn { agent: input.text_or_empty("subagent_type")?, prompt: input.text("prompt")? }),
        "skill" => Ok(Request::Skill { name: input.name("name")?, args: String::new() }),
        "batch" => batch(input),
        "read_mcp_resource" => Ok(Request::Mcp { server: input.name("server")?, tool: "resources/read".to_owned() }),
        internal if INTERNAL.contains(&internal) => Ok(Request::Internal { name: internal.to_owned() }),
        other => Ok(mcp(other).unwrap_or_else(|| Request::Named { name: other.to_owned() })),
    }
}

/// A directory to run in becomes a `cd` before the command.
fn shell(input: Fields<'_>) -> Result<Request, ParseError> {
    let command = input.text("command")?;
    let command = match input.optional_text("workdir")? {
        Some(directory) if !directory.is_empty() => format!("cd {} && {command}", quoted(&directory)),
        Some(_) | None => command,
    };
    Ok(Request::Shell { command, shell: Shell::Bash, background: false, unseen_input: false })
}

fn multi_edit(input: Fields<'_>) -> Result<Request, ParseError> {
    let edits = input.list("edits")?.iter().map(|edit| Fields::new(edit, "edits").text("newString"));
    Ok(Request::Edit { path: input.name("filePath")?, new_text: edits.collect::<Result<Vec<_>, _>>()?.join("\n") })
}

fn search(input: Fields<'_>, contents: bool) -> Result<Request, ParseError> {
    Ok(Request::Search { path: input.optional_text("path")?, pattern: input.text("pattern")?, contents })
}

/// Several calls at once; a batch in a batch is none.
fn batch(input: Fields<'_>) -> Result<Request, ParseError> {
    let mut requests = Vec::new();
    for call in input.list("tool_calls")? {
        let call = Fields::new(call, "tool_calls");
        match call.name("tool")?.as_str() {
            "batch" => return Err(call.unexpected("tool", "a single call")),
            tool => match request(tool, call.object("parameters")?)? {
                Request::Many { requests: inner } => requests.extend(inner),
                single @ (Request::Shell { .. }
                | Request::Read { .. }
                | Request::Write { .. }
                | Request::Edit { .. }
                | Request::Delete { .. }
                | Request::Type { .. }
                | Request::Search { .. }
                | Request::Fetch { .. }
                | Request::WebSearch { .. }
                | Request::Spawn { .. }
                | Request::Skill { .. }
                | Request::Mcp { .. }
                | Request::Internal { .. }
                | Request::Named { .. }) => requests.push(single),
            },
        }
    }
    Ok(Request::Many { requests })
}

/// `SERVER_TOOL`. A project's own tool may have such a name too; of either only the map can say what it does.
fn mcp(tool: &str) -> Option<Request> {
    let (server, name) = tool.split_once('_')?;
    let both = !server.is_empty() && !name.is_empty();
    both.then(|| Request::Mcp { server: server.to_owned(), tool: name.to_owned() })
}
