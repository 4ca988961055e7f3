//! What Gemini CLI reads, and what `doctor` says and reads in its place: exactly one JSON object and a newline.
//!
//! A denial after a tool takes the place of its output. At the end of a turn a denial would make the agent go on, so there
//! and for events that only tell it is a message to the user.

use bailiwick_vocab::event::{Event, Happening};
use bailiwick_vocab::handling::Handling;
use bailiwick_vocab::record::Receipt;
use serde_json::{Value, json};

use crate::gemini::NOTICES;
use crate::handled::{Handled, handled};
use crate::ruled::{Ruled, ruled};
use crate::tongue::{Answer, Decision, Reply, Stage};
use crate::{guess, wording};

/// The answer to a recorded event.
pub(crate) fn render(_: &[u8], event: &Event, receipt: &Receipt) -> Answer {
    if let Some(handled) = handled(event, receipt) {
        return line(&received(&handled));
    }
    line(&match ruled(event, receipt, false) {
        Ruled::Pass => json!({}),
        Ruled::Ask(reason) | Ruled::Deny(reason) => refusal(stops(&event.happening), &reason),
    })
}

/// A pass with another command in the place of the call's own: the client joins it into the call's arguments.
pub(crate) fn rewritten(_: &[u8], event: &Event, receipt: &Receipt, commands: &[String]) -> Option<Answer> {
    let [command] = commands else { return None };
    let output = json!({"hookEventName": "BeforeTool", "tool_input": {"command": command}});
    match ruled(event, receipt, false) {
        Ruled::Pass => Some(line(&json!({"hookSpecificOutput": output}))),
        Ruled::Ask(_) | Ruled::Deny(_) => None,
    }
}

/// The answer where there is no record.
pub(crate) fn refuse(stdin: &[u8], reason: &str) -> Answer {
    let tells = guess::text(stdin, "hook_event_name")
        .is_some_and(|name| matches!(name, "SessionStart" | "SessionEnd") || NOTICES.contains(&name));
    line(&refusal(!tells, &wording::of_refusal(reason)))
}

fn received(handled: &Handled<'_>) -> Value {
    match handled.given() {
        Handling::Pass | Handling::Annotate => {
            json!({"hookSpecificOutput": {"hookEventName": "AfterTool", "additionalContext": handled.note()}})
        }
        Handling::Redact | Handling::Withhold => refusal(true, &handled.in_one()),
    }
}

fn refusal(stops: bool, reason: &str) -> Value {
    if stops { json!({"decision": "deny", "reason": reason}) } else { json!({"systemMessage": reason}) }
}

fn stops(happening: &Happening) -> bool {
    match happening {
        Happening::Prompt { .. } | Happening::Call(_) | Happening::PermissionAsked(_) | Happening::Outcome(_) => true,
        Happening::SessionStart { .. }
        | Happening::SessionEnd { .. }
        | Happening::AgentStart
        | Happening::AgentStop
        | Happening::ConfigChange { .. }
        | Happening::InstructionsLoaded { .. }
        | Happening::Notice { .. } => false,
    }
}

fn line(answer: &Value) -> Answer {
    Answer::says(format!("{answer}\n").into_bytes())
}

/// A shell command about to run, as the client says it. The call's identifier is ours to make there.
pub(crate) fn shell(stage: &Stage, _: &str, command: &str) -> String {
    let event = json!({
        "session_id": stage.session, "transcript_path": "", "cwd": stage.cwd, "hook_event_name": "BeforeTool",
        "timestamp": "1970-01-01T00:00:00.000Z", "tool_name": "run_shell_command", "tool_input": {"command": command},
    });
    format!("{event}\n")
}

/// Reads what the hook process gave back, as the client does before a call.
pub(crate) fn decision(reply: &Reply<'_>) -> Decision {
    let stderr = String::from_utf8_lossy(reply.stderr);
    match reply.exit {
        Some(2..) if !stderr.trim().is_empty() => Decision::Deny(stderr.into_owned()),
        Some(0) => said(reply.stdout),
        Some(_) | None => Decision::Garbage,
    }
}

fn said(stdout: &[u8]) -> Decision {
    // The arguments are joined into the call's own, which goes on.
    let rewrites = |answer: &Value| answer["hookSpecificOutput"]["tool_input"].is_object() && answer.get("decision").is_none();
    if serde_json::from_slice::<Value>(stdout).is_ok_and(|answer| rewrites(&answer)) {
        return Decision::Pass;
    }

    let Ok(Value::Object(answer)) = serde_json::from_slice::<Value>(stdout) else { return Decision::Garbage };
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("decision") {
        "deny" | "block" => Decision::Deny(text("reason").to_owned()),
        "ask" => Decision::Ask(text("reason").to_owned()),
        "" | "allow" if !answer.contains_key("hookSpecificOutput") => Decision::Pass,
        _ => Decision::Garbage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(exit: i32, stdout: &str, stderr: &str) -> Decision {
        decision(&Reply { exit: Some(exit), stdout: stdout.as_bytes(), stderr: stderr.as_bytes() })
    }

    #[test]
    fn another_agents_denial_is_none_here() {
        assert_eq!(read(0, r#"{"decision":"deny","reason":"no"}"#, ""), Decision::Deny("no".into()));
        assert_eq!(read(0, "{}", ""), Decision::Pass);
        assert_eq!(read(0, r#"{"hookSpecificOutput":{"permissionDecision":"deny"}}"#, ""), Decision::Garbage);
        assert_eq!(read(0, "no", ""), Decision::Garbage);
        assert_eq!(read(2, "", "no"), Decision::Deny("no".into()));
        assert_eq!(read(2, "", ""), Decision::Garbage);
        assert_eq!(read(1, "", "no"), Decision::Garbage);
    }

    #[test]
    fn what_it_sends_is_what_the_parser_reads() {
        let stage = Stage { session: "s".into(), cwd: "/w".into() };
        assert!(crate::gemini::parse(shell(&stage, "c", "ls").as_bytes()).is_ok());
    }
}
