//! Speaks as the client would, to its own hooks: the events that `doctor` and `try` send, and their reading of what
//! comes back. The client's field names stay in this crate.

use serde_json::{Value, json};

use crate::tongue::{Decision, Reply, Stage};

/// Speaks as the client would, from a stage.
#[derive(Clone, Debug)]
pub struct Speaker(pub Stage);

impl Speaker {
    fn event(&self, name: &str, more: Value) -> String {
        let mut event = json!({
            "session_id": self.0.session, "transcript_path": "", "cwd": self.0.cwd, "permission_mode": "default", "hook_event_name": name,
        });
        if let (Value::Object(event), Value::Object(more)) = (&mut event, more) {
            event.extend(more);
        }
        format!("{event}\n")
    }

    /// The session begins.
    #[must_use]
    pub fn session_start(&self) -> String {
        self.event("SessionStart", json!({ "source": "startup" }))
    }

    /// The user says something.
    #[must_use]
    pub fn prompt(&self, text: &str) -> String {
        self.event("UserPromptSubmit", json!({ "prompt": text }))
    }

    /// A tool is about to be called.
    #[must_use]
    pub fn call(&self, id: &str, tool: &str, input: &Value) -> String {
        self.event("PreToolUse", json!({ "tool_name": tool, "tool_input": input, "tool_use_id": id }))
    }

    /// A tool has been called.
    #[must_use]
    pub fn outcome(&self, id: &str, tool: &str, input: &Value, response: &Value) -> String {
        let more =
            json!({ "tool_name": tool, "tool_input": input, "tool_response": response, "tool_use_id": id, "duration_ms": 1 });
        self.event("PostToolUse", more)
    }

    /// A tool has failed.
    #[must_use]
    pub fn failure(&self, id: &str, tool: &str, input: &Value, error: &str) -> String {
        let more = json!({ "tool_name": tool, "tool_input": input, "tool_use_id": id, "error": error, "is_interrupt": false });
        self.event("PostToolUseFailure", more)
    }
}

/// A shell command about to run.
pub(crate) fn shell(stage: &Stage, id: &str, command: &str) -> String {
    Speaker(stage.clone()).call(id, "Bash", &json!({ "command": command }))
}

/// Reads what the hook process gave back, as the client does under `onFailure: block`.
pub(crate) fn reply(reply: &Reply<'_>) -> Decision {
    match reply.exit {
        Some(2) => Decision::Deny(String::from_utf8_lossy(reply.stderr).into_owned()),
        Some(0) => decision(reply.stdout),
        Some(_) | None => Decision::Garbage,
    }
}

/// Reads the answer to a PreToolUse event as the client does.
#[must_use]
pub fn decision(answer: &[u8]) -> Decision {
    let Ok(answer) = serde_json::from_slice::<Value>(answer) else { return Decision::Garbage };
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    if answer.get("decision").and_then(Value::as_str) == Some("block") {
        return Decision::Deny(text(answer.get("reason")));
    }
    let Some(specific) = answer.get("hookSpecificOutput") else {
        return if answer.is_object() { Decision::Pass } else { Decision::Garbage };
    };
    let reason = text(specific.get("permissionDecisionReason"));
    match specific.get("permissionDecision").and_then(Value::as_str) {
        Some("deny") => Decision::Deny(reason),
        Some("ask") => Decision::Ask(reason),
        Some("allow") | None => Decision::Pass,
        Some(_) => Decision::Garbage,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_it_sends_is_what_the_parser_reads() {
        let stage = Speaker(Stage { session: "s".into(), cwd: "/w".into() });
        let input = json!({ "command": "ls" });
        for event in [
            stage.session_start(),
            stage.prompt("hello"),
            stage.call("c", "Bash", &input),
            stage.outcome("c", "Bash", &input, &json!({ "stdout": "x", "stderr": "" })),
            stage.failure("c", "Bash", &input, "Exit code 1"),
        ] {
            crate::claude::parse(event.as_bytes()).unwrap();
        }
    }

    #[test]
    fn text_that_is_not_an_answer_is_garbage() {
        assert_eq!(decision(b"denied!"), Decision::Garbage);
        assert_eq!(decision(b""), Decision::Garbage);
        assert_eq!(decision(b"{}"), Decision::Pass);
    }
}
