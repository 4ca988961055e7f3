//! OpenAI Responses, as Codex speaks it to a model with classic tools. In: a body. Out: what was asked, and an answer as
//! server-sent events. Code mode and the WebSocket form are not spoken.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Asked, Part, ToolResult, flatten, items, text_of};

const CALLS: &[&str] = &["function_call", "custom_tool_call"];
const OUTPUTS: &[&str] = &["function_call_output", "custom_tool_call_output"];

/// The tool results in one request's body, in order.
pub(super) fn tool_results(body: &Value) -> Vec<ToolResult> {
    items(&body["input"])
        .filter(|item| is(item, OUTPUTS))
        .map(|item| ToolResult { id: text_of(&item["call_id"]), is_error: false, text: flatten(&item["output"]) })
        .collect()
}

pub(super) fn read(body: &Value) -> Asked {
    let said = |item: &&Value| !(is(item, CALLS) || item["role"] == "assistant" || item["type"] == "reasoning");
    let opening: Vec<String> = items(&body["input"]).take_while(said).map(|item| flatten(&item["content"])).collect();
    Asked {
        opening: opening.join("\n"),
        made: items(&body["input"]).filter(|item| is(item, CALLS)).map(|item| text_of(&item["call_id"])).collect(),
        offers_tools: items(&body["tools"]).next().is_some(),
    }
}

fn is(item: &Value, kinds: &[&str]) -> bool {
    item["type"].as_str().is_some_and(|kind| kinds.contains(&kind))
}

pub(super) fn stream(body: &Value, parts: &[Part]) -> String {
    let mut out = String::new();
    event(&mut out, &json!({"type": "response.created", "response": {"id": "resp_script"}}));
    for (index, part) in parts.iter().enumerate() {
        event(&mut out, &json!({"type": "response.output_item.done", "output_index": index, "item": item(body, part)}));
    }
    let usage = json!({"input_tokens": 10, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 10,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 20});
    event(&mut out, &json!({"type": "response.completed", "response": {"id": "resp_script", "usage": usage}}));
    out
}

fn item(body: &Value, part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"type": "message", "role": "assistant", "id": "msg_script",
            "content": [{"type": "output_text", "text": text, "annotations": []}]}),
        Part::Call { id, name, input } => call(&offer(body, name), id, input),
    }
}

/// How a tool is offered: by a name, in a group or not, with JSON or with free text as its input.
struct Offer {
    group: Option<String>,
    name: String,
    takes_text: bool,
}

/// Finds a tool by its name, or by `GROUP::NAME` where it is in a group. One that is not offered is called all the same:
/// that is the agent's to refuse.
fn offer(body: &Value, wanted: &str) -> Offer {
    let (group, name) = wanted.split_once("::").map_or((None, wanted), |(group, name)| (Some(group), name));
    let tools = match group {
        Some(group) => items(&body["tools"]).find(|tool| tool["name"] == group).map(|tool| &tool["tools"]),
        None => Some(&body["tools"]),
    };
    let found = tools.and_then(|tools| items(tools).find(|tool| tool["name"] == name));
    Offer {
        group: group.map(str::to_owned),
        name: name.to_owned(),
        takes_text: found.is_some_and(|tool| tool["type"] == "custom"),
    }
}

fn call(offer: &Offer, id: &str, input: &Value) -> Value {
    if offer.takes_text {
        return json!({"type": "custom_tool_call", "call_id": id, "name": offer.name, "input": flatten(input), "status": "completed"});
    }
    let mut call = json!({"type": "function_call", "call_id": id, "name": offer.name, "arguments": input.to_string()});
    if let Some(group) = &offer.group {
        call["namespace"] = json!(group);
    }
    call
}

fn event(out: &mut String, data: &Value) {
    let _ = write!(out, "event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_called_in_the_form_in_which_it_is_offered() {
        let body = json!({"tools": [{"type": "custom", "name": "apply_patch"},
            {"type": "namespace", "name": "mcp__notes", "tools": [{"type": "function", "name": "add"}]}]});
        let made = |name: &str, input: Value| item(&body, &Part::Call { id: "c".to_owned(), name: name.to_owned(), input });
        let patch = made("apply_patch", json!("*** Begin Patch"));
        assert_eq!((&patch["type"], &patch["input"]), (&json!("custom_tool_call"), &json!("*** Begin Patch")));
        let add = made("mcp__notes::add", json!({"a": 1}));
        assert_eq!(
            (&add["namespace"], &add["name"], &add["arguments"]),
            (&json!("mcp__notes"), &json!("add"), &json!("{\"a\":1}"))
        );
        assert!(made("exec_command", json!({}))["namespace"].is_null());
    }

    #[test]
    fn outputs_are_read_from_text_and_from_parts() {
        let body = json!({"input": [
            {"type": "function_call_output", "call_id": "a", "output": "one"},
            {"type": "custom_tool_call_output", "call_id": "b", "output": [{"type": "input_text", "text": "two"}]}]});
        let texts: Vec<_> = tool_results(&body).into_iter().map(|result| (result.id, result.text)).collect();
        assert_eq!(texts, [("a".to_owned(), "one".to_owned()), ("b".to_owned(), "two".to_owned())]);
    }
}
