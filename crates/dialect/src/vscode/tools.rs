//! VS Code's tools and their arguments, in neutral terms.
//!
//! Their arguments are known from public sources alone: a known name whose arguments do not fit is [`Request::Named`],
//! which policy treats as unknown, and so is a name that is not here and no MCP server's.

use bailiwick_vocab::call::{Request, Shell};

use crate::error::ParseError;
use crate::fields::Fields;
use crate::judge::tools::one_of;
use crate::ordered::Value;
use crate::patch::patched;
use crate::settings::quoted;

/// Tools that touch nothing but the agent: its lists, its questions, output of commands already judged, what the editor
/// knows of the workspace.
const INTERNAL: [&str; 18] = [
    "manage_todo_list",
    "get_terminal_output",
    "terminal_last_command",
    "terminal_selection",
    "await_terminal",
    "kill_terminal",
    "ask_questions",
    "vscode_askQuestions",
    "tool_search",
    "get_errors",
    "get_changed_files",
    "get_search_view_results",
    "get_vscode_api",
    "get_project_setup_info",
    "list_code_usages",
    "test_search",
    "think",
    "get_task_output",
];

/// What a call of `tool` asks for.
pub(crate) fn request(tool: &str, input: Fields<'_>, _server: Option<&str>) -> Result<Request, ParseError> {
    if tool == "apply_patch" {
        return patched(input, "input");
    }
    Ok(known(tool, input).or_else(|| mcp(tool)).unwrap_or_else(|| Request::Named { name: tool.to_owned() }))
}

fn known(tool: &str, input: Fields<'_>) -> Option<Request> {
    match tool {
        "run_in_terminal" | "runInTerminal" | "runTerminalCommand" => Some(shell(
            one_of(input, &["command"])?,
            input.get("isBackground") == Some(&Value::Bool(true)) || one_of(input, &["mode"]).is_some_and(|mode| mode == "async"),
        )),
        "send_to_terminal" => Some(Request::Type { text: one_of(input, &["command", "text", "input"])? }),
        "create_and_run_task" => task(input),
        "create_directory" => Some(shell(format!("mkdir -p {}", quoted(&one_of(input, &["dirPath"])?)), false)),
        "read_file" | "readFile" | "view_image" => Some(Request::Read { path: path(input)? }),
        "create_file" | "createFile" => Some(Request::Write { path: path(input)?, content: one_of(input, &["content"])? }),
        "replace_string_in_file" => Some(Request::Edit { path: path(input)?, new_text: one_of(input, &["newString"])? }),
        "insert_edit_into_file" => Some(Request::Edit { path: path(input)?, new_text: one_of(input, &["code"])? }),
        "edit_notebook_file" => Some(Request::Edit { path: path(input)?, new_text: one_of(input, &["newCode"])? }),
        "multi_replace_string_in_file" => {
            each(input, "replacements", |one| known("replace_string_in_file", Fields::new(one, "replacements")))
        }
        "grep_search" | "textSearch" | "semantic_search" | "codebase" => search(input, true),
        "file_search" | "fileSearch" => search(input, false),
        "list_dir" | "listDirectory" => {
            Some(Request::Search { path: Some(one_of(input, &["path"])?), pattern: "*".to_owned(), contents: false })
        }
        "fetch_webpage" | "fetch" => each(input, "urls", |url| Some(Request::Fetch { url: url.text()?.to_owned() })),
        "open_simple_browser" | "open_browser_page" => Some(Request::Fetch { url: one_of(input, &["url"])? }),
        "github_repo" => Some(Request::WebSearch { query: one_of(input, &["query"])? }),
        "runSubagent" | "run_subagent" => {
            Some(Request::Spawn { agent: one_of(input, &["agentName"]).unwrap_or_default(), prompt: one_of(input, &["prompt"])? })
        }
        internal if INTERNAL.contains(&internal) => Some(Request::Internal { name: internal.to_owned() }),
        _ => None,
    }
}

fn path(input: Fields<'_>) -> Option<String> {
    one_of(input, &["filePath", "path"])
}

fn shell(command: String, background: bool) -> Request {
    Request::Shell { command, shell: Shell::Bash, background, unseen_input: false }
}

fn search(input: Fields<'_>, contents: bool) -> Option<Request> {
    Some(Request::Search { path: None, pattern: one_of(input, &["query", "pattern"])?, contents })
}

fn each(input: Fields<'_>, key: &str, one: impl Fn(&Value) -> Option<Request>) -> Option<Request> {
    let requests = input.get(key)?.list()?.iter().map(one).collect::<Option<Vec<_>>>()?;
    Some(Request::Many { requests })
}

/// A task of the workspace: a command line, and arguments that the editor quotes.
fn task(input: Fields<'_>) -> Option<Request> {
    let task = input.get("task")?;
    let mut line = task.get("command")?.text()?.to_owned();
    for argument in task.get("args").and_then(Value::list).unwrap_or_default() {
        line.push(' ');
        line.push_str(&quoted(argument.text()?));
    }
    Some(shell(line, true))
}

/// `mcp_SERVER_TOOL`.
fn mcp(tool: &str) -> Option<Request> {
    let (server, name) = tool.strip_prefix("mcp_")?.split_once('_')?;
    let both = !server.is_empty() && !name.is_empty();
    both.then(|| Request::Mcp { server: server.to_owned(), tool: name.to_owned() })
}
