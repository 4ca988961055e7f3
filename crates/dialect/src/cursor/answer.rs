//! What Cursor reads, and how it reads it: exactly one JSON object and a newline, with exit code 0.
//!
//! Where a hook must not fail, saying nothing counts as a failure: to let pass is said.

use bailiwick_vocab::event::{Event, Happening};
use bailiwick_vocab::handling::Handling;
use bailiwick_vocab::record::Receipt;
use serde_json::{Map, Value, json};

use crate::guess;
use crate::handled::{Handled, handled};
use crate::ruled::{Ruled, ruled};
use crate::tongue::{Answer, Decision, Reply, Stage};
use crate::wording;

/// Which form the event understands.
#[derive(Clone, Copy)]
enum Form {
    /// Before any tool.
    Tool,
    /// Before a command, an MCP tool, a reading.
    Action,
    /// What the user said.
    Prompt,
    /// An event that only tells.
    Told,
    /// Not known.
    Any,
}

/// The answer to a recorded event.
pub(crate) fn render(stdin: &[u8], event: &Event, receipt: &Receipt) -> Answer {
    if let Some(handled) = handled(event, receipt) {
        return line(&received(&handled));
    }
    let form = form(guess::text(stdin, "hook_event_name"));
    let asks = matches!(event.happening, Happening::Call(_)) && !event.scene.unattended;
    line(&match ruled(event, receipt, asks) {
        Ruled::Pass => pass(form),
        Ruled::Ask(reason) if asks => permission("ask", &reason),
        Ruled::Ask(reason) | Ruled::Deny(reason) => denial(form, &reason),
    })
}

fn received(handled: &Handled<'_>) -> Value {
    let note = json!({"additional_context": handled.note()});
    match handled.given() {
        Handling::Pass | Handling::Annotate => note,
        Handling::Redact | Handling::Withhold => {
            let output = json!({"content": [{"type": "text", "text": handled.in_one()}]});
            json!({"updated_mcp_tool_output": output})
        }
    }
}

/// The answer where there is no record.
pub(crate) fn refuse(stdin: &[u8], reason: &str) -> Answer {
    line(&denial(form(guess::text(stdin, "hook_event_name")), &wording::of_refusal(reason)))
}

fn form(event: Option<&str>) -> Form {
    match event {
        Some("preToolUse") => Form::Tool,
        Some("beforeShellExecution" | "beforeMCPExecution" | "beforeReadFile" | "beforeTabFileRead" | "subagentStart") => {
            Form::Action
        }
        Some("beforeSubmitPrompt") => Form::Prompt,
        Some("postToolUse" | "postToolUseFailure" | "afterShellExecution" | "afterMCPExecution") => Form::Told,
        Some("sessionStart" | "sessionEnd" | "subagentStop") => Form::Told,
        Some(notice) if super::NOTICES.contains(&notice) => Form::Told,
        Some(_) | None => Form::Any,
    }
}

fn pass(form: Form) -> Value {
    match form {
        Form::Tool | Form::Action => json!({"permission": "allow"}),
        Form::Prompt => json!({"continue": true}),
        Form::Told | Form::Any => json!({}),
    }
}

fn denial(form: Form, reason: &str) -> Value {
    match form {
        // The first versions that had the event read the second pair.
        Form::Tool => all([permission("deny", reason), json!({"decision": "deny", "reason": reason})]),
        Form::Action => permission("deny", reason),
        Form::Prompt => stopped(reason),
        Form::Told => json!({}),
        Form::Any => all([denial(Form::Tool, reason), stopped(reason)]),
    }
}

fn permission(permission: &str, reason: &str) -> Value {
    json!({"permission": permission, "user_message": reason, "agent_message": reason})
}

fn stopped(reason: &str) -> Value {
    json!({"continue": false, "user_message": reason})
}

fn all(forms: [Value; 2]) -> Value {
    let members = forms.into_iter().filter_map(|form| if let Value::Object(members) = form { Some(members) } else { None });
    Value::Object(members.flatten().collect::<Map<_, _>>())
}

fn line(answer: &Value) -> Answer {
    Answer::says(format!("{answer}\n").into_bytes())
}

/// A shell command about to run, as the client says it to our first hook.
pub(crate) fn shell(stage: &Stage, _id: &str, command: &str) -> String {
    let event = json!({
        "conversation_id": stage.session, "generation_id": "g", "model": "m", "hook_event_name": "beforeShellExecution",
        "cursor_version": "2.4.0", "workspace_roots": [stage.cwd], "user_email": null, "transcript_path": null,
        "command": command, "cwd": stage.cwd,
    });
    format!("{event}\n")
}

/// Reads the answer to that event as the client does where the hook must not fail.
pub(crate) fn decision(reply: &Reply<'_>) -> Decision {
    if reply.exit != Some(0) {
        return Decision::Deny(String::from_utf8_lossy(reply.stderr).into_owned());
    }
    let Ok(Value::Object(answer)) = serde_json::from_slice(reply.stdout) else { return Decision::Garbage };
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("permission") {
        "allow" => Decision::Pass,
        "ask" => Decision::Ask(text("agent_message").to_owned()),
        "deny" => Decision::Deny(text("agent_message").to_owned()),
        _ => Decision::Garbage,
    }
}
