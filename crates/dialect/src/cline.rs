//! Cline CLI's hooks: a script an event, one JSON object in, one out.
//!
//! Exit codes mean nothing to it and what is no JSON lets the call run, so the script itself turns every failure into a
//! refusal on standard output. A refusal ends the whole run: the model never reads it. Measured on version 3.0.65.

mod script;
mod tools;

use bailiwick_vocab::call::ToolCall;
use bailiwick_vocab::event::{Agent, Event, Happening, Outcome, Scene};
use bailiwick_vocab::handling::{Handling, Means};
use bailiwick_vocab::record::Receipt;
use serde_json::{Value, json};

use crate::claude::is_absolute;
use crate::error::ParseError;
use crate::fields::{self, Fields};
use crate::handled::handled;
use crate::ordered;
use crate::ruled::ruled;
use crate::tongue::{Answer, Decision, Form, Placement, Probe, Reply, Residue, Rewrite, Stage, Tier, Tongue};
use crate::{guess, response, wording};

/// The client's name, as policy and ledger see it.
const CLIENT: &str = "cline";

/// Events that need no answer.
const NOTICES: [&str; 4] = ["agent_abort", "agent_end", "agent_error", "pre_compact"];

/// Cline's contract. It has no tier for the machine.
pub(crate) static TONGUE: Tongue = Tongue {
    name: CLIENT,
    title: "Cline",
    programs: &["cline"],
    homes: &[".cline"],
    hosts_terminals: false,
    project_variable: None,
    switches: &["CLINE_DIR", "CLINE_HOOKS_DIR"],
    parse,
    render,
    rewrite: Rewrite::always(rewritten),
    refuse,
    session_of: |bytes| guess::text(bytes, "taskId"),
    placements: &[
        hook("~/.cline/hooks/PreToolUse"),
        hook("~/.cline/hooks/PostToolUse"),
        hook("~/.cline/hooks/UserPromptSubmit"),
        hook("~/.cline/hooks/TaskStart"),
        hook("~/.cline/hooks/TaskResume"),
        hook("~/.cline/hooks/TaskComplete"),
        hook("~/.cline/hooks/SessionShutdown"),
    ],
    project: &[],
    trust: None,
    profile: None,
    probe: Probe { shell, decision },
    residue: &RESIDUE,
};

const fn hook(path: &'static str) -> Placement {
    Placement { tier: Tier::User, path, moved_by: Some(("CLINE_DIR", "~/.cline")), form: Form::Own(script::text, true) }
}

const RESIDUE: [Residue; 8] = [
    Residue {
        what: "A refusal ends the whole run: the model does not read why and cannot go on without the step.",
        cure: "`bailiwick log` has the reason, which the client may not even show to its user (measured without a terminal); the step can then be let pass with `bailiwick approve`.",
    },
    Residue {
        what: "What a tool gave back cannot be replaced: where policy wants it cut the model gets a note beside it, and where policy wants it withheld the whole run ends.",
        cure: "The record says what was wanted and what was given (`bailiwick show`); it labels the session, so that policy can act on what follows.",
    },
    Residue {
        what: "There is no tier for the machine, and hooks are read anew at every call: whoever removes ~/.cline/hooks/PreToolUse, or starts the client with another CLINE_DIR, is without the guard at once.",
        cure: "Policy denies writing there by tool or shell; `bailiwick doctor` shows when a script is gone. Use an agent with a managed tier where that must hold.",
    },
    Residue {
        what: "A project's .cline/hooks and .clinerules/hooks run without a question, and may replace a call's input after ours has judged it (measured: theirs is what runs).",
        cure: "Read them before you start the client in a project that is not yours; policy guards writing there.",
    },
    Residue {
        what: "On machines without /usr/bin/timeout, a hung hook that outlasts the client's 120 s lets the call run.",
        cure: "Our script turns every failure that it can see into a refusal, answers within 5 s, and is ended after 10 s.",
    },
    Residue {
        what: "The client never asks its user on our behalf: what should be asked is denied.",
        cure: "The denial names the entry to let pass with `bailiwick approve`.",
    },
    Residue {
        what: "What the user says is not told to hooks when the client runs without a terminal; files named with @ and rules of a project reach the model without a tool call.",
        cure: "Keep secrets out of the workspace.",
    },
    Residue {
        what: "A program that was allowed is not watched while it runs.",
        cure: "Run the agent in a sandbox for what must hold while a program runs.",
    },
];

/// Reads one hook message.
fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    let message = fields::object(bytes)?;
    let fields = Fields::new(&message, "");
    let name = fields.name("hookName")?;
    let scene = scene(fields)?;
    let is_sub = !scene.agent.id.is_empty();
    Ok(Event { scene, happening: happening(&name, fields, is_sub)? })
}

/// Commands run in the first of the workspace's roots. A sub-agent's events belong to the session that started it.
fn scene(fields: Fields<'_>) -> Result<Scene, ParseError> {
    let cwd = fields.list("workspaceRoots")?.first().and_then(ordered::Value::text).unwrap_or_default().to_owned();
    if !is_absolute(&cwd) {
        return Err(fields.unexpected("workspaceRoots", "a list that begins with an absolute path"));
    }
    let root = match fields.get("sessionContext") {
        Some(_) => fields.object("sessionContext")?.text_or_empty("rootSessionId")?,
        None => String::new(),
    };
    let session = if root.is_empty() { fields.name("taskId")? } else { root };
    let is_sub = !fields.text_or_empty("parent_agent_id")?.is_empty();
    let id = if is_sub { fields.name("agent_id")? } else { String::new() };
    let agent = Agent { client: CLIENT.to_owned(), id, kind: String::new() };
    Ok(Scene { session, agent, cwd, project: None, unattended: true, told: None })
}

fn happening(name: &str, fields: Fields<'_>, is_sub: bool) -> Result<Happening, ParseError> {
    match name {
        "tool_call" => Ok(Happening::Call(call(fields.object("tool_call")?)?)),
        "tool_result" => Ok(Happening::Outcome(outcome(fields.object("tool_result")?)?)),
        "prompt_submit" => Ok(Happening::Prompt { text: fields.object("userPromptSubmit")?.text("prompt")? }),
        "agent_start" if is_sub => Ok(Happening::AgentStart),
        "agent_end" if is_sub => Ok(Happening::AgentStop),
        "agent_start" => Ok(Happening::SessionStart { source: "start".to_owned() }),
        "agent_resume" => Ok(Happening::SessionStart { source: "resume".to_owned() }),
        "session_shutdown" => Ok(Happening::SessionEnd { reason: fields.text_or_empty("reason")? }),
        notice if NOTICES.contains(&notice) => Ok(Happening::Notice { name: notice.to_owned() }),
        unknown => Err(ParseError::UnknownEvent { name: unknown.chars().take(64).collect() }),
    }
}

fn call(call: Fields<'_>) -> Result<ToolCall, ParseError> {
    let tool = call.name("name")?;
    let input = call.get("input").ok_or_else(|| call.missing("input"))?;
    let request = tools::request(&tool, input)?;
    Ok(ToolCall { id: call.name("id")?, tool, request, input: input.to_serde() })
}

fn outcome(result: Fields<'_>) -> Result<Outcome, ParseError> {
    let text = result.get("output").map(response::flatten).unwrap_or_default();
    let (error, duration_ms) = (result.optional_text("error")?, result.optional_count("durationMs")?);
    // To stop is to end the whole run, as a refusal does.
    let means = Means { stops: true, ..Means::ADDS };
    Ok(Outcome { call: call(result)?, text, error, duration_ms, means })
}

fn render(_: &[u8], event: &Event, receipt: &Receipt) -> Answer {
    if let Some(handled) = handled(event, receipt) {
        return match handled.given() {
            Handling::Withhold => answer(Some(&handled.note())),
            Handling::Pass | Handling::Annotate | Handling::Redact => {
                Answer::says(format!("{}\n", json!({"contextModification": handled.note()})).into_bytes())
            }
        };
    }
    match &event.happening {
        Happening::Call(_) | Happening::PermissionAsked(_) | Happening::Outcome(_) | Happening::Prompt { .. } => {
            answer(ruled(event, receipt, false).denial().as_deref())
        }
        Happening::ConfigChange { .. }
        | Happening::SessionStart { .. }
        | Happening::SessionEnd { .. }
        | Happening::AgentStart
        | Happening::AgentStop
        | Happening::InstructionsLoaded { .. }
        | Happening::Notice { .. } => answer(None),
    }
}

/// The answer to a call with other commands: the client takes them as they are.
fn rewritten(_: &[u8], event: &Event, receipt: &Receipt, commands: &[String]) -> Option<Answer> {
    let passes = ruled(event, receipt, false).denial().is_none();
    let answer = json!({"overrideInput": {"commands": commands}});
    passes.then(|| Answer::says(format!("{answer}\n").into_bytes()))
}

/// Events that only tell have nothing that could be stopped.
fn refuse(stdin: &[u8], reason: &str) -> Answer {
    match guess::text(stdin, "hookName") {
        Some("agent_start" | "agent_resume" | "session_shutdown") => answer(None),
        Some(notice) if NOTICES.contains(&notice) => answer(None),
        Some(_) | None => answer(Some(&wording::of_refusal(reason))),
    }
}

fn answer(denial: Option<&str>) -> Answer {
    let answer = denial.map_or_else(|| json!({}), |reason| json!({"cancel": true, "errorMessage": reason}));
    Answer::says(format!("{answer}\n").into_bytes())
}

/// A shell command about to run, as the client says it.
fn shell(stage: &Stage, id: &str, command: &str) -> String {
    let input = json!({ "commands": [command] });
    let event = json!({
        "clineVersion": "", "hookName": "tool_call", "timestamp": "2026-01-01T00:00:00.000Z", "taskId": stage.session,
        "sessionContext": {"rootSessionId": stage.session}, "workspaceRoots": [stage.cwd], "userId": "unknown",
        "agent_id": "agent", "parent_agent_id": null, "iteration": 1,
        "tool_call": {"id": id, "name": "run_commands", "input": input},
    });
    format!("{event}\n")
}

/// Reads the answer as the client does: whatever the exit code, what is no JSON object lets the call run.
fn decision(reply: &Reply<'_>) -> Decision {
    let Ok(Value::Object(answer)) = serde_json::from_slice(reply.stdout) else { return Decision::Garbage };
    if answer.get("cancel") == Some(&Value::Bool(true)) {
        return Decision::Deny(answer.get("errorMessage").and_then(Value::as_str).unwrap_or_default().to_owned());
    }
    Decision::Pass
}
