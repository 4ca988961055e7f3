//! Agents that took over Claude Code's hooks: the same events and members, read once, with what differs as data.
//!
//! Bytes become an [`Event`]; which answer it waits for is [`crate::claude::hook`]'s to say.

use bailiwick_vocab::call::{Request, ToolCall};
use bailiwick_vocab::event::{Agent, Event, Happening, Outcome, Scene};
use bailiwick_vocab::handling::Means;

use crate::claude::is_absolute;
use crate::error::ParseError;
use crate::fields::{self, Fields};
use crate::response;

/// What one of them does in its own way.
pub(crate) struct Kin {
    /// The agent's name.
    pub(crate) client: &'static str,
    /// The member that names the event.
    pub(crate) event_key: &'static str,
    /// The member that names the session.
    pub(crate) session_key: &'static str,
    /// Events that need no answer.
    pub(crate) notices: &'static [&'static str],
    /// Its tools in neutral terms: name, arguments, the MCP server's name where it says it.
    pub(crate) request: fn(&str, Fields<'_>, Option<&str>) -> Result<Request, ParseError>,
    /// The member of a tool's response that the model reads, where the client adds others for the screen.
    pub(crate) model_reads: Option<&'static str>,
    /// What can be done with what a tool gave back.
    pub(crate) means: Means,
    /// The same of a tool that failed.
    pub(crate) failed_means: Means,
    /// Whether an ask would let a call run, hang, or reach nobody: given the event and the permission mode.
    pub(crate) unattended: fn(&str, &str) -> bool,
}

impl Kin {
    /// Reads one hook message.
    pub(crate) fn parse(&self, bytes: &[u8]) -> Result<Event, ParseError> {
        let message = fields::object(bytes)?;
        let fields = Fields::new(&message, "");
        let name = fields.name(self.event_key)?;
        let scene = self.scene(&name, fields)?;
        let happening = self.happening(&name, fields)?;
        Ok(Event { scene, happening })
    }

    fn scene(&self, event: &str, fields: Fields<'_>) -> Result<Scene, ParseError> {
        let cwd = fields.name("cwd")?;
        if !is_absolute(&cwd) {
            return Err(fields.unexpected("cwd", "an absolute path"));
        }
        let agent = Agent {
            client: self.client.to_owned(),
            id: fields.text_or_empty("agent_id")?,
            kind: fields.text_or_empty("agent_type")?,
        };
        let unattended = (self.unattended)(event, &fields.text_or_empty("permission_mode")?);
        Ok(Scene { session: fields.name(self.session_key)?, agent, cwd, project: None, unattended, told: None })
    }

    fn happening(&self, name: &str, fields: Fields<'_>) -> Result<Happening, ParseError> {
        match name {
            "UserPromptSubmit" => prompt(fields),
            "PreToolUse" => Ok(Happening::Call(self.call(fields)?)),
            "PermissionRequest" => Ok(Happening::PermissionAsked(self.call(fields)?)),
            "PostToolUse" => Ok(Happening::Outcome(self.success(fields)?)),
            "PostToolUseFailure" => Ok(Happening::Outcome(self.failure(fields)?)),
            "SessionStart" => Ok(Happening::SessionStart { source: fields.text("source")? }),
            "SessionEnd" => Ok(Happening::SessionEnd { reason: fields.text("reason")? }),
            "SubagentStart" => Ok(Happening::AgentStart),
            "SubagentStop" => Ok(Happening::AgentStop),
            "ConfigChange" => {
                Ok(Happening::ConfigChange { source: fields.text("source")?, path: fields.text_or_empty("file_path")? })
            }
            "InstructionsLoaded" => Ok(Happening::InstructionsLoaded { path: fields.text("file_path")? }),
            notice if self.notices.contains(&notice) => Ok(Happening::Notice { name: notice.to_owned() }),
            unknown => Err(ParseError::UnknownEvent { name: unknown.chars().take(64).collect() }),
        }
    }

    fn call(&self, fields: Fields<'_>) -> Result<ToolCall, ParseError> {
        let tool = fields.name("tool_name")?;
        let input = fields.object("tool_input")?;
        let server = fields.get("mcp_server").and_then(|server| server.get("name")).and_then(|name| name.text());
        let request = (self.request)(&tool, input, server)?;
        Ok(ToolCall { id: fields.text_or_empty("tool_use_id")?, tool, request, input: input.value().to_serde() })
    }

    fn success(&self, fields: Fields<'_>) -> Result<Outcome, ParseError> {
        let whole = fields.get("tool_response");
        let read = whole.zip(self.model_reads).and_then(|(whole, key)| whole.get(key)).or(whole);
        let text = read.map(response::flatten).unwrap_or_default();
        Ok(Outcome {
            call: self.call(fields)?,
            text,
            error: None,
            duration_ms: fields.optional_count("duration_ms")?,
            means: self.means,
        })
    }

    fn failure(&self, fields: Fields<'_>) -> Result<Outcome, ParseError> {
        let error = fields.text("error")?;
        let duration_ms = fields.optional_count("duration_ms")?;
        Ok(Outcome { call: self.call(fields)?, text: error.clone(), error: Some(error), duration_ms, means: self.failed_means })
    }
}

/// What a sub-agent is told comes from another agent, and an empty prompt is only a turn going on: neither is the user's
/// word.
fn prompt(fields: Fields<'_>) -> Result<Happening, ParseError> {
    let text = fields.text("prompt")?;
    if text.is_empty() || fields.optional_text("agent_id")?.is_some_and(|id| !id.is_empty()) {
        return Ok(Happening::Notice { name: "UserPromptSubmit".to_owned() });
    }
    Ok(Happening::Prompt { text })
}
