//! What Copilot CLI reads, and how it reads it: exactly one JSON object and a newline, with exit code 0.
//!
//! A nested denial is ignored by an event of the camelCase spelling, a flat one by an event of the other: the form goes
//! by the message. Where the message does not say, the answer holds every form (measured: each event takes its own).

use bailiwick_vocab::event::{Event, Happening};
use bailiwick_vocab::handling::Handling;
use bailiwick_vocab::record::Receipt;
use serde_json::{Map, Value, json};

use crate::handled::{Handled, handled};
use crate::ruled::{Ruled, ruled};
use crate::tongue::{Answer, Decision, Reply, Stage};
use crate::{guess, vscode, wording};

/// Which form the event understands.
#[derive(Clone, Copy)]
enum Form {
    /// Before a tool, PascalCase.
    Nested,
    /// Before a tool, camelCase.
    Flat,
    /// Before the client asks its user.
    Permission,
    /// What the user said.
    Prompt,
    /// After a tool: the result can be replaced.
    Result,
    /// An event that only tells.
    Told,
    /// Not known.
    Any,
}

/// The answer to a recorded event.
pub(crate) fn render(stdin: &[u8], event: &Event, receipt: &Receipt) -> Answer {
    if vscode::speaks(stdin) {
        return vscode::answered(stdin, event, receipt);
    }
    if let Some(handled) = handled(event, receipt) {
        return line(&received(&handled));
    }
    let form = form(stdin, event);
    line(&match ruled(event, receipt, true) {
        Ruled::Pass => json!({}),
        Ruled::Ask(reason) => question(form, &reason),
        Ruled::Deny(reason) => denial(form, &reason),
    })
}

/// The answer to a call with another shell command in the place of its own: what else the call says stays.
pub(crate) fn rewritten(stdin: &[u8], event: &Event, receipt: &Receipt, commands: &[String]) -> Option<Answer> {
    let [command] = commands else { return None };
    let Happening::Call(call) = &event.happening else { return None };
    let mut answer = match ruled(event, receipt, true) {
        Ruled::Pass => json!({}),
        Ruled::Ask(reason) => question(form(stdin, event), &reason),
        Ruled::Deny(_) => return None,
    };
    let mut input = call.input.as_object()?.clone();
    input.get("command")?.as_str()?;
    input.insert("command".to_owned(), Value::String(command.clone()));
    answer.as_object_mut()?.insert("modifiedArgs".to_owned(), Value::Object(input));
    Some(line(&answer))
}

/// The answer where there is no record.
pub(crate) fn refuse(stdin: &[u8], reason: &str) -> Answer {
    if vscode::speaks(stdin) {
        return vscode::refused(stdin, reason);
    }
    line(&denial(guessed(stdin), &wording::of_refusal(reason)))
}

fn form(stdin: &[u8], event: &Event) -> Form {
    match &event.happening {
        Happening::Call(_) if guess::text(stdin, "hook_event_name").is_some() => Form::Nested,
        Happening::Call(_) => Form::Flat,
        Happening::PermissionAsked(_) => Form::Permission,
        Happening::Prompt { .. } => Form::Prompt,
        Happening::Outcome(outcome) if outcome.error.is_none() => Form::Result,
        Happening::Outcome(_)
        | Happening::ConfigChange { .. }
        | Happening::SessionStart { .. }
        | Happening::SessionEnd { .. }
        | Happening::AgentStart
        | Happening::AgentStop
        | Happening::InstructionsLoaded { .. }
        | Happening::Notice { .. } => Form::Told,
    }
}

/// The form for a message that may be broken.
fn guessed(stdin: &[u8]) -> Form {
    let named = guess::text(stdin, "hook_event_name").or_else(|| guess::text(stdin, "hookName"));
    match named {
        Some("PreToolUse") => Form::Nested,
        Some("permissionRequest" | "PermissionRequest") => Form::Permission,
        Some("UserPromptSubmit") => Form::Prompt,
        Some("PostToolUse") => Form::Result,
        Some(told) if told == "PostToolUseFailure" || super::NOTICES.contains(&told) => Form::Told,
        Some("SessionStart" | "SessionEnd" | "SubagentStart" | "SubagentStop") => Form::Told,
        Some(_) => Form::Any,
        None if guess::text(stdin, "toolName").is_some() => Form::Any,
        None if guess::text(stdin, "prompt").is_some() => Form::Prompt,
        None if ["stopReason", "source", "reason", "agentName"].iter().any(|key| guess::text(stdin, key).is_some()) => Form::Told,
        None => Form::Any,
    }
}

fn received(handled: &Handled<'_>) -> Value {
    match handled.given() {
        Handling::Pass | Handling::Annotate => json!({"additionalContext": handled.note()}),
        Handling::Redact | Handling::Withhold => result(&handled.in_one()),
    }
}

fn question(form: Form, reason: &str) -> Value {
    match form {
        Form::Nested => nested("ask", reason),
        Form::Flat => flat("ask", reason),
        // The client is about to ask its user anyway.
        Form::Permission => json!({}),
        Form::Prompt | Form::Result | Form::Told | Form::Any => denial(form, reason),
    }
}

fn denial(form: Form, reason: &str) -> Value {
    match form {
        Form::Nested => nested("deny", reason),
        Form::Flat => flat("deny", reason),
        Form::Permission => permission(reason),
        Form::Prompt => json!({"decision": "block", "reason": reason}),
        Form::Result => result(reason),
        Form::Told => json!({}),
        Form::Any => all([nested("deny", reason), flat("deny", reason), permission(reason), result(reason)]),
    }
}

fn nested(decision: &str, reason: &str) -> Value {
    json!({"hookSpecificOutput": {
        "hookEventName": "PreToolUse", "permissionDecision": decision, "permissionDecisionReason": reason}})
}

fn flat(decision: &str, reason: &str) -> Value {
    json!({"permissionDecision": decision, "permissionDecisionReason": reason})
}

fn permission(reason: &str) -> Value {
    json!({"behavior": "deny", "message": reason})
}

fn result(reason: &str) -> Value {
    json!({"modifiedResult": {"resultType": "success", "textResultForLlm": reason}})
}

fn all(forms: [Value; 4]) -> Value {
    let members = forms.into_iter().filter_map(|form| if let Value::Object(members) = form { Some(members) } else { None });
    Value::Object(members.flatten().collect::<Map<_, _>>())
}

fn line(answer: &Value) -> Answer {
    Answer::says(format!("{answer}\n").into_bytes())
}

/// A shell command about to run, as the client says it to a hook of ours.
pub(crate) fn shell(stage: &Stage, _id: &str, command: &str) -> String {
    let event = json!({
        "hook_event_name": "PreToolUse", "session_id": stage.session, "timestamp": "2026-01-01T00:00:00.000Z",
        "cwd": stage.cwd, "tool_name": "Bash", "tool_input": {"command": command, "description": "a command"},
    });
    format!("{event}\n")
}

/// Reads the answer to that event as the client does: any exit code but 0 denies.
pub(crate) fn decision(reply: &Reply<'_>) -> Decision {
    if reply.exit != Some(0) {
        return Decision::Deny(String::from_utf8_lossy(reply.stderr).into_owned());
    }
    let Ok(Value::Object(answer)) = serde_json::from_slice(reply.stdout) else { return Decision::Garbage };
    let Some(specific) = answer.get("hookSpecificOutput") else { return Decision::Pass };
    let text = |key: &str| specific.get(key).and_then(Value::as_str);
    let reason = text("permissionDecisionReason").unwrap_or_default().to_owned();
    match text("permissionDecision") {
        Some("deny") => Decision::Deny(reason),
        Some("ask") => Decision::Ask(reason),
        Some("allow") | None => Decision::Pass,
        Some(_) => Decision::Garbage,
    }
}
