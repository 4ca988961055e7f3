//! The own tools of Gemini CLI, and those that Qwen Code took over from it, in neutral terms.
//!
//! A tool that is not here becomes [`Request::Named`], of which only the map can say what it does. A tool that is here
//! with an argument missing or of another type is an error: what it would do cannot be said.

use bailiwick_vocab::call::{Request, Shell, ToolCall};

use crate::claude::is_absolute;
use crate::error::ParseError;
use crate::fields::Fields;

/// Tools that touch nothing but the agent: its lists, its questions to the user, output of commands already judged.
const INTERNAL: [&str; 15] = [
    "ask_user",
    "complete_task",
    "enter_plan_mode",
    "exit_plan_mode",
    "get_internal_docs",
    "list_background_processes",
    "read_background_output",
    "tracker_add_dependency",
    "tracker_create_task",
    "tracker_get_task",
    "tracker_list_tasks",
    "tracker_update_task",
    "tracker_visualize",
    "update_topic",
    "write_todos",
];

/// What a call of `tool` asks for.
///
/// # Errors
/// Where an argument of a known tool is missing or of another type.
pub(crate) fn request(tool: &str, input: Fields<'_>) -> Result<Request, ParseError> {
    match tool {
        "run_shell_command" => shell(input, false),
        "read_file" => Ok(Request::Read { path: path(input)? }),
        "read_many_files" => read_many(input),
        "write_file" => Ok(Request::Write { path: path(input)?, content: input.text("content")? }),
        "replace" | "edit" => edit(input),
        "grep_search" | "search_file_content" => search(input, true),
        "glob" => search(input, false),
        "list_directory" => Ok(Request::Search { path: Some(directory_of(input)?), pattern: "*".to_owned(), contents: false }),
        "web_fetch" => fetch(input),
        "google_web_search" | "web_search" => Ok(Request::WebSearch { query: input.text("query")? }),
        "invoke_agent" => Ok(Request::Spawn { agent: input.name("agent_name")?, prompt: input.text("prompt")? }),
        "activate_skill" => Ok(Request::Skill { name: input.name("name")?, args: String::new() }),
        "list_mcp_resources" => {
            let server = input.optional_text("serverName")?.unwrap_or_else(|| "*".to_owned());
            Ok(Request::Mcp { server, tool: "resources/list".to_owned() })
        }
        "read_mcp_resource" => Ok(Request::Mcp { server: "*".to_owned(), tool: "resources/read".to_owned() }),
        internal if INTERNAL.contains(&internal) => Ok(Request::Internal { name: internal.to_owned() }),
        other => Ok(Request::Named { name: other.to_owned() }),
    }
}

/// Where a call works: a shell command may name a directory of its own. Also tells a command of a client on Windows, whose
/// shell is PowerShell, by the working directory.
///
/// # Errors
/// Where the directory is no text.
pub(crate) fn placed(call: &mut ToolCall, cwd: String) -> Result<String, ParseError> {
    let Request::Shell { shell, .. } = &mut call.request else { return Ok(cwd) };
    if !cwd.starts_with('/') {
        *shell = Shell::PowerShell;
    }
    let named = ["dir_path", "directory"].into_iter().find_map(|key| call.input.get(key).filter(|value| !value.is_null()));
    let Some(directory) = named else { return Ok(cwd) };
    let directory = directory.as_str().ok_or_else(|| ParseError::unexpected("tool_input.directory", "a text"))?;
    Ok(match directory {
        "" => cwd,
        absolute if is_absolute(absolute) => absolute.to_owned(),
        below => format!("{}/{below}", cwd.trim_end_matches('/')),
    })
}

pub(crate) fn shell(input: Fields<'_>, background: bool) -> Result<Request, ParseError> {
    either(input, "dir_path", "directory")?;
    let background = input.flag("is_background")? || background;
    Ok(Request::Shell { command: input.text("command")?, shell: Shell::Bash, background, unseen_input: false })
}

/// Older versions call it `absolute_path` or `path`.
fn path(input: Fields<'_>) -> Result<String, ParseError> {
    match either(input, "file_path", "absolute_path")? {
        Some(path) if !path.is_empty() => Ok(path),
        Some(_) => Err(input.unexpected("file_path", "a text that says something")),
        None => input.name("file_path"),
    }
}

fn edit(input: Fields<'_>) -> Result<Request, ParseError> {
    input.text("old_string")?;
    Ok(Request::Edit { path: path(input)?, new_text: input.text("new_string")? })
}

fn search(input: Fields<'_>, contents: bool) -> Result<Request, ParseError> {
    Ok(Request::Search { path: either(input, "dir_path", "path")?, pattern: input.text("pattern")?, contents })
}

fn directory_of(input: Fields<'_>) -> Result<String, ParseError> {
    either(input, "dir_path", "path")?.filter(|path| !path.is_empty()).ok_or_else(|| input.missing("dir_path"))
}

/// Files and patterns of files. What stands before a pattern's first wildcard is the directory that is searched.
fn read_many(input: Fields<'_>) -> Result<Request, ParseError> {
    let mut requests = Vec::new();
    for item in input.list("include")? {
        let item = item.text().ok_or_else(|| input.unexpected("include", "a list of texts"))?;
        requests.push(match item.find(['*', '?', '[', '{', '!', '(']) {
            None => Request::Read { path: item.to_owned() },
            Some(at) => {
                let before = item.get(..at).and_then(|before| before.rsplit_once('/')).map(|(before, _)| before);
                let path = before.map(|before| if before.is_empty() { "/".to_owned() } else { before.to_owned() });
                Request::Search { path, pattern: item.to_owned(), contents: true }
            }
        });
    }
    if requests.is_empty() { Err(input.missing("include")) } else { Ok(Request::Many { requests }) }
}

/// The addresses stand somewhere in the prompt, which the client itself searches word by word; newer tools have one
/// address apart.
fn fetch(input: Fields<'_>) -> Result<Request, ParseError> {
    if let Some(url) = input.optional_text("url")? {
        return Ok(Request::Fetch { url });
    }
    let prompt = input.text("prompt")?;
    let words = prompt.split_whitespace().filter(|word| word.contains("://"));
    let requests: Vec<_> = words.map(|word| Request::Fetch { url: address(word).to_owned() }).collect();
    if requests.is_empty() {
        Err(input.unexpected("prompt", "a text with an address in it"))
    } else {
        Ok(Request::Many { requests })
    }
}

/// The word from its scheme on, without what a sentence puts around it.
fn address(word: &str) -> &str {
    let scheme = word.find("://").unwrap_or(0);
    let before = word.get(..scheme).unwrap_or_default();
    let start = before.rfind(|char: char| !char.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    let start = if word.is_char_boundary(start) { start } else { 0 };
    word.get(start..).unwrap_or(word).trim_end_matches([')', ']', '>', '"', '\'', ',', '.', ';'])
}

/// A text under its name or the one that other versions use; both at once could be read either way.
fn either(input: Fields<'_>, name: &'static str, other: &'static str) -> Result<Option<String>, ParseError> {
    match (input.optional_text(name)?, input.optional_text(other)?) {
        (Some(_), Some(_)) => Err(input.unexpected(other, "there under one name only")),
        (Some(text), None) | (None, Some(text)) => Ok(Some(text)),
        (None, None) => Ok(None),
    }
}
