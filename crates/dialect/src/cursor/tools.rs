//! Cursor's tools and their arguments, in neutral terms.
//!
//! Their arguments are known from public sources alone: a known name whose arguments do not fit is [`Request::Named`],
//! which policy treats as unknown, and so is a name that is not here and no MCP server's.

use bailiwick_vocab::call::{Request, Shell};

use crate::error::ParseError;
use crate::fields::Fields;
use crate::judge::tools::{command, flag, one_of};
use crate::patch::patched;

/// Tools that touch nothing but the agent: its lists, its questions to the user, its mode.
const INTERNAL: [&str; 7] = ["TodoWrite", "TodoRead", "ReadLints", "AskQuestion", "SwitchMode", "CreatePlan", "Await"];

const PATH: [&str; 4] = ["file_path", "path", "target_file", "filePath"];

/// What a call of `tool` asks for.
///
/// # Errors
/// Where it is a patch that cannot be read.
pub(crate) fn request(tool: &str, input: Fields<'_>) -> Result<Request, ParseError> {
    if tool == "ApplyPatch" {
        return patched(input, if input.get("patch").is_some() { "patch" } else { "input" });
    }
    Ok(known(tool, input).or_else(|| mcp(tool)).unwrap_or_else(|| Request::Named { name: tool.to_owned() }))
}

fn known(tool: &str, input: Fields<'_>) -> Option<Request> {
    match tool {
        "Shell" => {
            let (command, background) = (command(input)?, flag(input));
            Some(Request::Shell { command, shell: Shell::Bash, background, unseen_input: false })
        }
        "Read" => Some(Request::Read { path: one_of(input, &PATH)? }),
        "Write" => Some(Request::Write { path: one_of(input, &PATH)?, content: one_of(input, &["content", "contents"])? }),
        "StrReplace" | "Edit" => Some(Request::Edit {
            path: one_of(input, &PATH)?,
            new_text: one_of(input, &["new_string", "new_str", "newString", "code_edit"])?,
        }),
        "Delete" => Some(Request::Delete { path: one_of(input, &PATH)? }),
        "Grep" => search(input, &["pattern", "query", "regex"], true),
        "SemanticSearch" => search(input, &["query"], true),
        "Glob" => search(input, &["pattern", "glob_pattern"], false),
        "LS" => Some(Request::Search {
            path: Some(one_of(input, &["path", "target_directory"])?),
            pattern: "*".to_owned(),
            contents: false,
        }),
        "WebFetch" => Some(Request::Fetch { url: one_of(input, &["url"])? }),
        "WebSearch" => Some(Request::WebSearch { query: one_of(input, &["query", "search_term"])? }),
        "Task" => Some(Request::Spawn {
            agent: one_of(input, &["subagent_type"]).unwrap_or_default(),
            prompt: one_of(input, &["prompt", "task"])?,
        }),
        internal if INTERNAL.contains(&internal) => Some(Request::Internal { name: internal.to_owned() }),
        _ => None,
    }
}

/// A place that is there but does not fit makes the whole unknown: a search somewhere is not a search here.
fn search(input: Fields<'_>, patterns: &[&str], contents: bool) -> Option<Request> {
    let places = ["path", "target_directory", "target_directories"];
    let path = if places.iter().any(|key| input.get(key).is_some()) { Some(one_of(input, &places)?) } else { None };
    Some(Request::Search { path, pattern: one_of(input, patterns)?, contents })
}

/// `MCP:TOOL`; of which server is not told.
fn mcp(tool: &str) -> Option<Request> {
    let name = tool.strip_prefix("MCP:")?;
    (!name.is_empty()).then(|| Request::Mcp { server: "*".to_owned(), tool: name.to_owned() })
}
