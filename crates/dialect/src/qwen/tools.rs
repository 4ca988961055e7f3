//! Qwen Code's own tools, in neutral terms: those that it shares with Gemini CLI are read there.
//!
//! A tool that is not here becomes [`Request::Named`], of which only the map can say what it does.

use bailiwick_vocab::call::Request;

use crate::claude::tools::mcp;
use crate::error::ParseError;
use crate::fields::Fields;
use crate::gemini;

/// Tools that touch nothing but the agent: its lists and goals, its questions to the user, its running agents.
const INTERNAL: [&str; 21] = [
    "ask_user_question",
    "cron_list",
    "enter_plan_mode",
    "exit_plan_mode",
    "get_goal",
    "list_agents",
    "loop_wakeup",
    "propose_goal",
    "report_findings",
    "request_shutdown",
    "send_message",
    "structured_output",
    "task_create",
    "task_list",
    "task_stop",
    "task_update",
    "team_delete",
    "team_plan_approval",
    "todo_write",
    "tool_search",
    "update_goal",
];

/// What a call of `tool` asks for.
///
/// # Errors
/// Where an argument of a known tool is missing or of another type.
pub(crate) fn request(tool: &str, input: Fields<'_>, server: Option<&str>) -> Result<Request, ParseError> {
    match tool {
        "monitor" => gemini::tools::shell(input, true),
        "notebook_edit" => notebook(input),
        "zoom_image" | "display_image" => Ok(Request::Read { path: input.name("file_path")? }),
        "agent" | "task" => Ok(Request::Spawn { agent: input.text_or_empty("subagent_type")?, prompt: input.text("prompt")? }),
        "create_sub_session" => Ok(Request::Spawn { agent: String::new(), prompt: input.text("prompt")? }),
        "skill" => Ok(Request::Skill { name: input.name("skill")?, args: input.text_or_empty("args")? }),
        "read_mcp_resource" => Ok(Request::Mcp { server: input.name("server_name")?, tool: "resources/read".to_owned() }),
        internal if INTERNAL.contains(&internal) => Ok(Request::Internal { name: internal.to_owned() }),
        other => match mcp(other, server) {
            Some(request) => Ok(request),
            None => gemini::tools::request(other, input),
        },
    }
}

/// Only deleting a cell needs no source.
fn notebook(input: Fields<'_>) -> Result<Request, ParseError> {
    let deletes = input.optional_text("edit_mode")?.as_deref() == Some("delete");
    let new_text = if deletes { input.text_or_empty("new_source")? } else { input.text("new_source")? };
    Ok(Request::Edit { path: input.name("notebook_path")?, new_text })
}
