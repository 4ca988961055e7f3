//! Codex's own tools and their arguments, in neutral terms, as its hooks name them: every shell is `Bash`.
//!
//! A tool that is not here becomes [`Request::Named`], of which only the map can say what it does.

use bailiwick_vocab::call::{Request, Shell};

use crate::claude::tools::mcp;
use crate::error::ParseError;
use crate::fields::Fields;
use crate::patch;

/// Tools that touch nothing but the agent: its plan, its goals, its questions to the user, its other agents.
const INTERNAL: [&str; 16] = [
    "update_plan",
    "request_user_input",
    "wait_agent",
    "close_agent",
    "resume_agent",
    "list_agents",
    "interrupt_agent",
    "send_input",
    "send_message",
    "followup_task",
    "tool_search",
    "get_goal",
    "create_goal",
    "update_goal",
    "get_context_remaining",
    "new_context",
];

/// The group of the tools for other agents: hooks name some of them with it before their name, without a mark between.
const AGENTS_GROUP: &str = "multi_agent_v1";

/// What a call of `tool` asks for.
///
/// # Errors
/// Where an argument of a known tool is missing, of another type, or is no patch.
pub(crate) fn request(tool: &str, input: Fields<'_>, server: Option<&str>) -> Result<Request, ParseError> {
    match tool.strip_prefix(AGENTS_GROUP).unwrap_or(tool) {
        // A shell opened with a terminal takes what is typed into it (`write_stdin`) without a hook.
        "Bash" => {
            Ok(Request::Shell { command: input.text("command")?, shell: Shell::Bash, background: false, unseen_input: true })
        }
        "apply_patch" => patched(input),
        "write_stdin" => Ok(Request::Type { text: input.text("chars")? }),
        "view_image" => Ok(Request::Read { path: input.name("path")? }),
        "spawn_agent" => spawn(input),
        "list_mcp_resources" | "list_mcp_resource_templates" => {
            let server = input.optional_text("server")?.unwrap_or_else(|| "*".to_owned());
            Ok(Request::Mcp { server, tool: "resources/list".to_owned() })
        }
        "read_mcp_resource" => Ok(Request::Mcp { server: input.name("server")?, tool: "resources/read".to_owned() }),
        internal if INTERNAL.contains(&internal) => Ok(Request::Internal { name: internal.to_owned() }),
        _ => Ok(mcp(tool, server).unwrap_or_else(|| Request::Named { name: tool.to_owned() })),
    }
}

fn patched(input: Fields<'_>) -> Result<Request, ParseError> {
    let requests = patch::requests(&input.text("command")?);
    let requests = requests.ok_or_else(|| input.unexpected("command", "a patch that can be read"))?;
    Ok(Request::Many { requests })
}

/// The task is one text, or items of which some are texts; versions that encrypt it give a text nobody here can read.
fn spawn(input: Fields<'_>) -> Result<Request, ParseError> {
    let mut prompt = input.text_or_empty("message")?;
    if input.get("items").is_some() {
        for item in input.list("items")? {
            prompt.push_str(&Fields::new(item, "items").text_or_empty("text")?);
        }
    }
    Ok(Request::Spawn { agent: input.text_or_empty("agent_type")?, prompt })
}
