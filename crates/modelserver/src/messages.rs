//! The Anthropic Messages API, as much as is needed to play one scripted turn.
//!
//! In: a request's body. Out: which turn of the script comes next, that turn as a stream of server-sent events, and
//! what the model was told. Which turn is next is read from the request alone (our own call identifiers in it), so a
//! repeated request gets the same answer.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{Script, ToolUse, Turn};

/// What the model was told about one of its calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolResult {
    /// The call's identifier.
    pub id: String,
    /// Whether the agent reports an error.
    pub is_error: bool,
    /// The text.
    pub text: String,
}

/// The tool results in one request's body, in order.
#[must_use]
pub fn tool_results(body: &Value) -> Vec<ToolResult> {
    blocks(body)
        .filter(|block| block["type"] == "tool_result")
        .map(|block| ToolResult {
            id: block["tool_use_id"].as_str().unwrap_or_default().to_owned(),
            is_error: block["is_error"].as_bool().unwrap_or(false),
            text: flatten(&block["content"]),
        })
        .collect()
}

/// The answer to a request, as the events of a stream.
pub(crate) fn answer(script: &Script, body: &Value) -> String {
    let (branch, turns) = pick(script, body);
    let turn = next_turn(branch, body);
    let done = Turn::Say("done".to_owned());
    // A request without tools is the agent's own housekeeping (a title, a summary): it must not use up a turn.
    let chosen = if has_tools(body) { turns.get(turn).unwrap_or(&done) } else { &done };
    let blocks = match chosen {
        Turn::Say(text) => vec![json!({"type": "text", "text": text})],
        Turn::Call(calls) => calls.iter().enumerate().map(|(at, call)| tool_use(branch, turn, at, call)).collect(),
    };
    let stop = if matches!(chosen, Turn::Call(_)) { "tool_use" } else { "end_turn" };
    stream(&blocks, stop, body["model"].as_str().unwrap_or("scripted"))
}

fn has_tools(body: &Value) -> bool {
    body["tools"].as_array().is_some_and(|tools| !tools.is_empty())
}

/// The branch whose marker is in the first thing this agent was told; 0 is the main agent.
fn pick<'a>(script: &'a Script, body: &Value) -> (usize, &'a [Turn]) {
    let told = flatten(&body["messages"][0]["content"]);
    let found = script.branches.iter().position(|branch| told.contains(&branch.marker));
    match found.and_then(|at| script.branches.get(at).map(|branch| (at + 1, branch))) {
        Some((at, branch)) => (at, &branch.turns),
        None => (0, &script.turns),
    }
}

/// One past the last turn of this branch that the request shows as made.
fn next_turn(branch: usize, body: &Value) -> usize {
    let prefix = format!("toolu_script_{branch}_");
    blocks(body)
        .filter(|block| block["type"] == "tool_use")
        .filter_map(|block| block["id"].as_str()?.strip_prefix(&prefix)?.split('_').next()?.parse::<usize>().ok())
        .max()
        .map_or(0, |turn| turn + 1)
}

fn tool_use(branch: usize, turn: usize, at: usize, call: &ToolUse) -> Value {
    json!({"type": "tool_use", "id": format!("toolu_script_{branch}_{turn}_{at}"), "name": call.name, "input": call.input})
}

fn blocks(body: &Value) -> impl Iterator<Item = &Value> {
    body["messages"].as_array().into_iter().flatten().filter_map(|message| message["content"].as_array()).flatten()
}

fn flatten(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(|part| part["text"].as_str().unwrap_or_default()).collect::<Vec<_>>().join("\n"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => String::new(),
    }
}

fn stream(blocks: &[Value], stop: &str, model: &str) -> String {
    let usage = json!({"input_tokens": 10, "output_tokens": 10});
    let message = json!({"id": "msg_script", "type": "message", "role": "assistant", "model": model, "content": [],
        "stop_reason": null, "stop_sequence": null, "usage": usage});
    let mut out = String::new();
    event(&mut out, &json!({"type": "message_start", "message": message}));
    for (index, block) in blocks.iter().enumerate() {
        let (start, delta) = split_block(block);
        event(&mut out, &json!({"type": "content_block_start", "index": index, "content_block": start}));
        event(&mut out, &json!({"type": "content_block_delta", "index": index, "delta": delta}));
        event(&mut out, &json!({"type": "content_block_stop", "index": index}));
    }
    event(&mut out, &json!({"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": null}, "usage": usage}));
    event(&mut out, &json!({"type": "message_stop"}));
    out
}

/// A block as its empty start and one delta that holds all of it.
fn split_block(block: &Value) -> (Value, Value) {
    if block["type"] == "text" {
        return (json!({"type": "text", "text": ""}), json!({"type": "text_delta", "text": block["text"]}));
    }
    let start = json!({"type": "tool_use", "id": block["id"], "name": block["name"], "input": {}});
    (start, json!({"type": "input_json_delta", "partial_json": block["input"].to_string()}))
}

fn event(out: &mut String, data: &Value) {
    let _ = write!(out, "event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script() -> Script {
        Script::of(vec![Turn::call("Bash", json!({"command": "ls"})), Turn::Say("bye".to_owned())])
            .with_branch("SUB1", vec![Turn::call("Read", json!({"file_path": "/x"}))])
    }

    fn request(first: &str, made: &[&str]) -> Value {
        let calls: Vec<Value> = made.iter().map(|id| json!({"type": "tool_use", "id": id})).collect();
        json!({"tools": [{}], "messages": [{"role": "user", "content": first}, {"role": "assistant", "content": calls}]})
    }

    #[test]
    fn the_next_turn_follows_from_the_request_alone() {
        assert!(answer(&script(), &request("hello", &[])).contains("toolu_script_0_0_0"));
        assert!(answer(&script(), &request("hello", &["toolu_script_0_0_0"])).contains("bye"));
        assert!(answer(&script(), &request("hello", &["toolu_script_0_1_0"])).contains("done"));
    }

    #[test]
    fn a_sub_agent_is_known_by_its_marker() {
        assert!(answer(&script(), &request("do SUB1 now", &[])).contains("toolu_script_1_0_0"));
    }

    #[test]
    fn housekeeping_requests_use_up_no_turn() {
        let body = json!({"messages": [{"role": "user", "content": "a title please"}]});
        assert!(!answer(&script(), &body).contains("tool_use"));
    }

    #[test]
    fn tool_results_are_read_from_text_and_from_parts() {
        let body = json!({"messages": [{"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "a", "content": "one", "is_error": true},
            {"type": "tool_result", "tool_use_id": "b", "content": [{"type": "text", "text": "two"}]}]}]});
        let texts: Vec<_> = tool_results(&body).into_iter().map(|result| (result.id, result.is_error, result.text)).collect();
        assert_eq!(texts, [("a".to_owned(), true, "one".to_owned()), ("b".to_owned(), false, "two".to_owned())]);
    }
}
