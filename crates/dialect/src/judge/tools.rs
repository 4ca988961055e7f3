//! Tools by the names that other agents and benchmarks give them, in neutral terms; then Claude Code's.
//!
//! Only a name with the arguments that go with it is taken for what it says. With other arguments it is
//! [`Request::Named`], which policy treats as unknown: a common name proves nothing.

use bailiwick_vocab::call::{Request, Shell};

use crate::claude;
use crate::error::ParseError;
use crate::fields::Fields;
use crate::ordered::Value;

const SHELLS: [&str; 12] = [
    "bash",
    "shell",
    "sh",
    "terminal",
    "run_shell_command",
    "exec_command",
    "execute_bash",
    "execute_command",
    "run_command",
    "run_terminal_cmd",
    "run_in_terminal",
    "local_shell",
];
const READERS: [&str; 7] = ["read_file", "view", "view_file", "open_file", "cat_file", "get_file_contents", "read"];
const WRITERS: [&str; 6] = ["write_file", "create_file", "create", "write_to_file", "save_file", "write"];
const EDITORS: [&str; 7] = ["edit_file", "edit", "replace", "str_replace", "search_replace", "replace_in_file", "insert"];
const FETCHERS: [&str; 6] = ["web_fetch", "fetch", "fetch_url", "fetch_web_content", "browse", "get_webpage"];
const SEARCHERS: [&str; 4] = ["web_search", "google_web_search", "search_web", "internet_search"];
const GREPS: [&str; 4] = ["grep", "grep_search", "search_file_content", "search_files"];
const GLOBS: [&str; 2] = ["glob", "find_files"];
const LISTERS: [&str; 5] = ["ls", "list_directory", "list_dir", "list_files", "list"];

const PATH: [&str; 7] = ["path", "file_path", "filepath", "filename", "file", "target_file", "absolute_path"];
const CONTENT: [&str; 6] = ["content", "contents", "text", "file_text", "data", "body"];
const NEW_TEXT: [&str; 6] = ["new_string", "new_str", "new_text", "replace", "code_edit", "insert_text"];
const COMMAND: [&str; 4] = ["command", "cmd", "script", "code"];
const DIRECTORY: [&str; 5] = ["workdir", "cwd", "working_directory", "directory", "dir_path"];
const URL: [&str; 4] = ["url", "uri", "link", "address"];
const QUERY: [&str; 3] = ["query", "q", "search_term"];
const PATTERN: [&str; 3] = ["pattern", "query", "regex"];

/// What a call of `tool` asks for.
///
/// # Errors
/// Where an argument of one of Claude Code's tools is missing or of another type.
pub(crate) fn request(tool: &str, input: Fields<'_>) -> Result<Request, ParseError> {
    if tool == "str_replace_based_edit_tool" || tool == "str_replace_editor" {
        return Ok(editor_tool(input).unwrap_or_else(|| named(tool)));
    }
    if is_common(tool) {
        return Ok(common(tool, input).unwrap_or_else(|| named(tool)));
    }
    claude::tools::request(tool, input, None)
}

fn named(tool: &str) -> Request {
    Request::Named { name: tool.to_owned() }
}

fn is_common(tool: &str) -> bool {
    let groups: [&[&str]; 9] = [&SHELLS, &READERS, &WRITERS, &EDITORS, &FETCHERS, &SEARCHERS, &GREPS, &GLOBS, &LISTERS];
    groups.iter().any(|names| names.contains(&tool))
}

fn common(tool: &str, input: Fields<'_>) -> Option<Request> {
    if SHELLS.contains(&tool) {
        return Some(Request::Shell {
            command: command(input)?,
            shell: Shell::Bash,
            background: flag(input),
            unseen_input: false,
        });
    }
    if READERS.contains(&tool) {
        return Some(Request::Read { path: one_of(input, &PATH)? });
    }
    if WRITERS.contains(&tool) {
        return Some(Request::Write { path: one_of(input, &PATH)?, content: one_of(input, &CONTENT)? });
    }
    if EDITORS.contains(&tool) {
        return Some(Request::Edit { path: one_of(input, &PATH)?, new_text: one_of(input, &NEW_TEXT)? });
    }
    if FETCHERS.contains(&tool) {
        return Some(Request::Fetch { url: one_of(input, &URL)? });
    }
    if SEARCHERS.contains(&tool) {
        return Some(Request::WebSearch { query: one_of(input, &QUERY)? });
    }
    search(tool, input)
}

fn search(tool: &str, input: Fields<'_>) -> Option<Request> {
    let path = ["path", "dir_path", "directory", "relative_workspace_path", "target_directory"];
    let path = if path.iter().any(|key| input.get(key).is_some()) { Some(one_of(input, &path)?) } else { None };
    let listed = LISTERS.contains(&tool);
    let pattern = if listed { "*".to_owned() } else { one_of(input, &PATTERN)? };
    Some(Request::Search { path, pattern, contents: GREPS.contains(&tool) })
}

/// The editor tool of several agents: what it does is in its `command`.
fn editor_tool(input: Fields<'_>) -> Option<Request> {
    let path = one_of(input, &["path"])?;
    match one_of(input, &["command"])?.as_str() {
        "view" => Some(Request::Read { path }),
        "create" => Some(Request::Write { path, content: one_of(input, &["file_text"])? }),
        "str_replace" => Some(Request::Edit { path, new_text: text(input, "new_str").unwrap_or_default() }),
        "insert" => Some(Request::Edit { path, new_text: one_of(input, &["new_str", "insert_text"])? }),
        _ => None,
    }
}

/// The one argument among `keys` that is there, as text. Two of them at once could be read either way: none.
pub(crate) fn one_of(input: Fields<'_>, keys: &[&str]) -> Option<String> {
    let mut there = keys.iter().filter(|key| input.get(key).is_some());
    let key = there.next()?;
    if there.next().is_some() { None } else { text(input, key) }
}

fn text(input: Fields<'_>, key: &str) -> Option<String> {
    input.get(key).and_then(Value::text).map(str::to_owned)
}

/// A command as one text, or as a list of words, each then quoted; a directory to run it in becomes a `cd` before it.
pub(crate) fn command(input: Fields<'_>) -> Option<String> {
    let command = command_itself(input)?;
    if DIRECTORY.iter().any(|key| input.get(key).is_some()) {
        return Some(format!("cd {} && {command}", shell_word(&one_of(input, &DIRECTORY)?)));
    }
    Some(command)
}

fn command_itself(input: Fields<'_>) -> Option<String> {
    let mut there = COMMAND.iter().filter_map(|key| input.get(key));
    let value = there.next()?;
    if there.next().is_some() {
        return None;
    }
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::List(words) => {
            let words: Option<Vec<String>> = words.iter().map(|word| word.text().map(shell_word)).collect();
            words.map(|words| words.join(" "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn shell_word(word: &str) -> String {
    let is_plain = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./:,@+".contains(&byte));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

pub(crate) fn flag(input: Fields<'_>) -> bool {
    ["background", "is_background", "run_in_background"].iter().any(|key| input.get(key) == Some(&Value::Bool(true)))
}
