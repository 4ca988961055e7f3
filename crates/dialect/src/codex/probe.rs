//! Speaks as Codex would to its own hook, for `doctor`, and reads the answer as strictly as Codex does: an unknown
//! member, a denial without a reason, an ask, or an allow is no answer, and the call would run.

use serde_json::{Map, Value, json};

use crate::tongue::{Decision, Reply, Stage};

/// A shell command about to run.
pub(crate) fn shell(stage: &Stage, id: &str, command: &str) -> String {
    let event = json!({
        "session_id": stage.session, "turn_id": "bailiwick-probe", "transcript_path": null, "cwd": stage.cwd,
        "hook_event_name": "PreToolUse", "model": "none", "permission_mode": "default",
        "tool_name": "Bash", "tool_input": {"command": command}, "tool_use_id": id,
    });
    format!("{event}\n")
}

/// Reads what the hook process gave back.
pub(crate) fn reply(reply: &Reply<'_>) -> Decision {
    let stderr = String::from_utf8_lossy(reply.stderr);
    match reply.exit {
        Some(2) if !stderr.trim().is_empty() => Decision::Deny(stderr.into_owned()),
        Some(0) => decision(reply.stdout),
        Some(_) | None => Decision::Garbage,
    }
}

fn decision(stdout: &[u8]) -> Decision {
    let Ok(Value::Object(answer)) = serde_json::from_slice::<Value>(stdout) else { return Decision::Garbage };
    if answer.is_empty() {
        return Decision::Pass;
    }
    if only(&answer, &["decision", "reason"]) {
        return said(&answer, "decision", "block", "reason");
    }
    let Some(specific) = answer.get("hookSpecificOutput").and_then(Value::as_object) else { return Decision::Garbage };
    let known = only(&answer, &["hookSpecificOutput"])
        && only(specific, &["hookEventName", "permissionDecision", "permissionDecisionReason"])
        && specific.get("hookEventName").and_then(Value::as_str) == Some("PreToolUse");
    if known { said(specific, "permissionDecision", "deny", "permissionDecisionReason") } else { Decision::Garbage }
}

fn said(answer: &Map<String, Value>, decision: &str, no: &str, reason: &str) -> Decision {
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
    let reason = text(reason);
    if text(decision) == no && !reason.trim().is_empty() { Decision::Deny(reason.to_owned()) } else { Decision::Garbage }
}

fn only(members: &Map<String, Value>, known: &[&str]) -> bool {
    members.keys().all(|key| known.contains(&key.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(stdout: &str) -> Decision {
        reply(&Reply { exit: Some(0), stdout: stdout.as_bytes(), stderr: b"" })
    }

    #[test]
    fn what_codex_ignores_is_no_denial() {
        let deny = |reason: &str, more: &str| {
            format!(
                r#"{{"hookSpecificOutput":{{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"{reason}"{more}}}}}"#
            )
        };
        assert_eq!(read(&deny("no", "")), Decision::Deny("no".into()));
        assert_eq!(read(&deny("", "")), Decision::Garbage);
        assert_eq!(read(&deny("no", r#","x":1"#)), Decision::Garbage);
        assert_eq!(read(r#"{"decision":"block","reason":"no"}"#), Decision::Deny("no".into()));
        assert_eq!(read(r#"{"decision":"block"}"#), Decision::Garbage);
        assert_eq!(
            read(r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"ask"}}"#),
            Decision::Garbage
        );
        assert_eq!(read("{}"), Decision::Pass);
        assert_eq!(read(""), Decision::Garbage);
    }

    #[test]
    fn an_exit_code_without_a_reason_is_no_denial() {
        assert_eq!(reply(&Reply { exit: Some(2), stdout: b"", stderr: b"no\n" }), Decision::Deny("no\n".into()));
        assert_eq!(reply(&Reply { exit: Some(2), stdout: b"", stderr: b"" }), Decision::Garbage);
        assert_eq!(reply(&Reply { exit: Some(127), stdout: b"", stderr: b"no" }), Decision::Garbage);
    }
}
