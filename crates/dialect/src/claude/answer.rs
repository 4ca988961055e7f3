//! What the client reads: exactly one JSON object and a newline.
//!
//! A refusal has the form that the event understands. For events that only tell, and for the end of a (sub-)agent, where
//! a block would make it go on for ever, it is a message to the user.

use std::ops::Range;

use bailiwick_vocab::case::{Ruling, Verdict};
use bailiwick_vocab::event::Event;
use bailiwick_vocab::handling::Handling;
use bailiwick_vocab::record::{Body, CallRecord, Receipt};
use serde_json::{Value, json};

use crate::claude::{Hook, NOTICES};
use crate::handled::{Part, handled};
use crate::{guess, ordered, response, wording};

/// What the agent makes of "ask" before a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// It asks its user, or denies where there is none.
    Honoured,
    /// It would run the call, or wait for ever: an ask is said as a denial.
    Denied,
}

/// The answer to a recorded event.
#[must_use]
pub fn render(hook: Hook, receipt: &Receipt) -> Vec<u8> {
    rendered(hook, receipt, Asking::Honoured)
}

/// The answer to a recorded event, for an agent that does with an ask what `asking` says.
pub(crate) fn rendered(hook: Hook, receipt: &Receipt, asking: Asking) -> Vec<u8> {
    line(&match &receipt.record().body {
        Body::Failure { .. } => denial(hook, &wording::of_failure(receipt)),
        Body::Call(call) => of_call(hook, call, receipt, asking),
        Body::Session { ruling: Some(ruling), what, .. } if is_about(hook, what) => of_session(hook, ruling),
        Body::Session { .. }
        | Body::Prompt { .. }
        | Body::Outcome { .. }
        | Body::Undo { .. }
        | Body::Approval { .. }
        | Body::Observed(_) => {
            if needs_ruling(hook) {
                denial(hook, &wording::of_failure(receipt))
            } else {
                json!({})
            }
        }
    })
}

/// What the agent lets be done with what a tool gave back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Receiving {
    /// Another response of the same shape is taken in its place; of another shape none is, without a word.
    OwnShape,
    /// A block's reason takes its place.
    Blocked,
    /// Words can be put beside it.
    Beside,
}

/// The answer to an outcome that does not simply go on; none for every other event.
pub(crate) fn received(stdin: &[u8], event: &Event, receipt: &Receipt, receiving: Receiving) -> Option<Vec<u8>> {
    let handled = handled(event, receipt)?;
    let response = std::str::from_utf8(stdin).ok().and_then(|text| ordered::parse(text).ok());
    let response = response.as_ref().and_then(|message| message.get("tool_response"));
    let handled = handled.of_parts(response.map(parts).unwrap_or_default());
    let name = if handled.outcome.error.is_some() { "PostToolUseFailure" } else { "PostToolUse" };
    let mut answer = json!({"hookSpecificOutput": {"hookEventName": name, "additionalContext": handled.note()}});
    match (receiving, handled.given(), response) {
        (_, Handling::Pass | Handling::Annotate, _) | (Receiving::Beside, _, _) => {}
        (Receiving::OwnShape, Handling::Redact | Handling::Withhold, Some(response)) => {
            answer["hookSpecificOutput"]["updatedToolOutput"] = handled.response(response).to_serde();
        }
        (Receiving::OwnShape, Handling::Redact | Handling::Withhold, None) => {}
        (Receiving::Blocked, Handling::Redact | Handling::Withhold, _) => answer = block(&handled.in_one()),
    }
    Some(line(&answer))
}

/// The texts that a response consists of. A file is read from some line on.
fn parts(response: &ordered::Value) -> Vec<Part> {
    let first = response.get("file").and_then(|file| file.get("startLine")).map(ordered::Value::to_serde);
    let first = first.and_then(|line| line.as_u64()).unwrap_or(1);
    let part = |range: Range<usize>| Part { first_line: if range.start == 0 { 1 } else { first }, range };
    response::places(response).into_iter().map(part).collect()
}

/// The answer to a call before it runs, with another command in the place of its own: what else the call says stays.
/// `None` where the message has no such place.
pub(crate) fn rewritten(stdin: &[u8], hook: Hook, receipt: &Receipt, commands: &[String], asking: Asking) -> Option<Vec<u8>> {
    let [command] = commands else { return None };
    let Body::Call(call) = &receipt.record().body else { return None };
    if hook != Hook::PreToolUse || call.ruling.verdict == Verdict::Deny {
        return None;
    }
    let message: Value = serde_json::from_slice(stdin).ok()?;
    let mut input = message.get("tool_input")?.as_object()?.clone();
    input.get("command")?.as_str()?;
    input.insert("command".to_owned(), Value::String(command.clone()));
    let mut answer = of_call(hook, call, receipt, asking);
    let output = answer.as_object_mut()?.entry("hookSpecificOutput").or_insert_with(|| json!({ "hookEventName": "PreToolUse" }));
    output.as_object_mut()?.insert("updatedInput".to_owned(), Value::Object(input));
    Some(line(&answer))
}

/// The answer where there is no record: the bytes did not parse, the ledger could not be written, time ran out.
#[must_use]
pub fn refuse(stdin: &[u8], reason: &str) -> Vec<u8> {
    let hook = guess::text(stdin, "hook_event_name").and_then(|name| named(name, &NOTICES));
    refused(hook, reason)
}

/// The refusal of an event, or in the form that most events understand where it is not known which.
pub(crate) fn refused(hook: Option<Hook>, reason: &str) -> Vec<u8> {
    let reason = wording::of_refusal(reason);
    line(&hook.map_or_else(|| block(&reason), |hook| denial(hook, &reason)))
}

fn of_call(hook: Hook, call: &CallRecord, receipt: &Receipt, asking: Asking) -> Value {
    match (hook, call.ruling.verdict) {
        (Hook::PreToolUse | Hook::PermissionRequest, Verdict::Allow) => json!({}),
        (Hook::PreToolUse, Verdict::Ask) => match asking {
            Asking::Honoured => pre_tool_use("ask", &wording::of_call(call, receipt.entry())),
            Asking::Denied => pre_tool_use("deny", &wording::of_unasked(call, receipt.entry())),
        },
        // The client is about to ask its user anyway.
        (Hook::PermissionRequest, Verdict::Ask) => json!({}),
        (Hook::PreToolUse | Hook::PermissionRequest, Verdict::Deny) => denial(hook, &wording::of_call(call, receipt.entry())),
        (
            Hook::PostToolUse
            | Hook::PostToolUseFailure
            | Hook::UserPromptSubmit
            | Hook::SessionStart
            | Hook::SessionEnd
            | Hook::SubagentStart
            | Hook::SubagentStop
            | Hook::ConfigChange
            | Hook::InstructionsLoaded
            | Hook::Other,
            _,
        ) => denial(hook, &wording::of_failure(receipt)),
    }
}

/// A permission request that asks goes on to the client's user, who is about to be asked anyway; a change of settings
/// has nobody to ask, so there an ask is a refusal.
fn of_session(hook: Hook, ruling: &Ruling) -> Value {
    let (what, passes) = match hook {
        Hook::PermissionRequest => ("this call", Verdict::Ask),
        Hook::ConfigChange => ("a change of settings", Verdict::Allow),
        Hook::PreToolUse
        | Hook::PostToolUse
        | Hook::PostToolUseFailure
        | Hook::UserPromptSubmit
        | Hook::SessionStart
        | Hook::SessionEnd
        | Hook::SubagentStart
        | Hook::SubagentStop
        | Hook::InstructionsLoaded
        | Hook::Other => ("this", Verdict::Allow),
    };
    if ruling.verdict <= passes { json!({}) } else { denial(hook, &wording::of_ruling(what, ruling)) }
}

/// Whether a session record of that name can belong to the hook that waits.
fn is_about(hook: Hook, what: &str) -> bool {
    match hook {
        Hook::PreToolUse => false,
        Hook::PermissionRequest => what == "permission-request",
        Hook::ConfigChange => what == "config-change",
        Hook::PostToolUse
        | Hook::PostToolUseFailure
        | Hook::UserPromptSubmit
        | Hook::SessionStart
        | Hook::SessionEnd
        | Hook::SubagentStart
        | Hook::SubagentStop
        | Hook::InstructionsLoaded
        | Hook::Other => true,
    }
}

/// Whether the absence of a ruling is itself a failure.
fn needs_ruling(hook: Hook) -> bool {
    matches!(hook, Hook::PreToolUse | Hook::PermissionRequest | Hook::ConfigChange)
}

fn denial(hook: Hook, reason: &str) -> Value {
    match hook {
        Hook::PreToolUse => pre_tool_use("deny", reason),
        Hook::PermissionRequest => json!({"hookSpecificOutput": {
            "hookEventName": "PermissionRequest", "decision": {"behavior": "deny", "message": reason}}}),
        Hook::UserPromptSubmit | Hook::ConfigChange | Hook::PostToolUse | Hook::PostToolUseFailure => block(reason),
        Hook::SessionStart
        | Hook::SessionEnd
        | Hook::SubagentStart
        | Hook::SubagentStop
        | Hook::InstructionsLoaded
        | Hook::Other => {
            json!({"systemMessage": reason})
        }
    }
}

fn pre_tool_use(decision: &str, reason: &str) -> Value {
    json!({"hookSpecificOutput": {
        "hookEventName": "PreToolUse", "permissionDecision": decision, "permissionDecisionReason": reason}})
}

/// The form that every event which can be stopped understands, `PreToolUse` too.
fn block(reason: &str) -> Value {
    json!({"decision": "block", "reason": reason})
}

/// The hook of that name; `notices` are those that only tell.
pub(crate) fn named(name: &str, notices: &[&str]) -> Option<Hook> {
    match name {
        "PreToolUse" => Some(Hook::PreToolUse),
        "PermissionRequest" => Some(Hook::PermissionRequest),
        "PostToolUse" => Some(Hook::PostToolUse),
        "PostToolUseFailure" => Some(Hook::PostToolUseFailure),
        "UserPromptSubmit" => Some(Hook::UserPromptSubmit),
        "SessionStart" => Some(Hook::SessionStart),
        "SessionEnd" => Some(Hook::SessionEnd),
        "SubagentStart" => Some(Hook::SubagentStart),
        "SubagentStop" => Some(Hook::SubagentStop),
        "ConfigChange" => Some(Hook::ConfigChange),
        "InstructionsLoaded" => Some(Hook::InstructionsLoaded),
        notice if notices.contains(&notice) => Some(Hook::Other),
        _ => None,
    }
}

fn line(answer: &Value) -> Vec<u8> {
    let mut bytes = answer.to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}
