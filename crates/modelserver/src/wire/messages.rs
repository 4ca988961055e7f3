//! Anthropic Messages, as Claude Code speaks it. In: a body. Out: what was asked, and an answer as server-sent events.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Asked, Part, ToolResult, flatten, items, text_of};

/// The tool results in one request's body, in order.
pub(super) fn tool_results(body: &Value) -> Vec<ToolResult> {
    blocks(body)
        .filter(|block| block["type"] == "tool_result")
        .map(|block| ToolResult {
            id: text_of(&block["tool_use_id"]),
            is_error: block["is_error"].as_bool().unwrap_or(false),
            text: flatten(&block["content"]),
        })
        .collect()
}

pub(super) fn read(body: &Value) -> Asked {
    Asked {
        opening: flatten(&body["messages"][0]["content"]),
        made: blocks(body).filter(|block| block["type"] == "tool_use").map(|block| text_of(&block["id"])).collect(),
        offers_tools: items(&body["tools"]).next().is_some(),
    }
}

fn blocks(body: &Value) -> impl Iterator<Item = &Value> {
    items(&body["messages"]).flat_map(|message| items(&message["content"]))
}

pub(super) fn stream(body: &Value, parts: &[Part]) -> String {
    let usage = json!({"input_tokens": 10, "output_tokens": 10});
    let model = body["model"].as_str().unwrap_or("scripted");
    let message = json!({"id": "msg_script", "type": "message", "role": "assistant", "model": model, "content": [],
        "stop_reason": null, "stop_sequence": null, "usage": usage});
    let mut out = String::new();
    event(&mut out, &json!({"type": "message_start", "message": message}));
    for (index, part) in parts.iter().enumerate() {
        let (start, delta) = block(part);
        event(&mut out, &json!({"type": "content_block_start", "index": index, "content_block": start}));
        event(&mut out, &json!({"type": "content_block_delta", "index": index, "delta": delta}));
        event(&mut out, &json!({"type": "content_block_stop", "index": index}));
    }
    let calls = parts.iter().any(|part| matches!(part, Part::Call { .. }));
    let stop = if calls { "tool_use" } else { "end_turn" };
    event(&mut out, &json!({"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": null}, "usage": usage}));
    event(&mut out, &json!({"type": "message_stop"}));
    out
}

/// A block as its empty start and one delta that holds all of it.
fn block(part: &Part) -> (Value, Value) {
    match part {
        Part::Text(text) => (json!({"type": "text", "text": ""}), json!({"type": "text_delta", "text": text})),
        Part::Call { id, name, input } => (
            json!({"type": "tool_use", "id": id, "name": name, "input": {}}),
            json!({"type": "input_json_delta", "partial_json": input.to_string()}),
        ),
    }
}

fn event(out: &mut String, data: &Value) {
    let _ = write!(out, "event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tool_results_are_read_from_text_and_from_parts() {
        let body = json!({"messages": [{"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "a", "content": "one", "is_error": true},
            {"type": "tool_result", "tool_use_id": "b", "content": [{"type": "text", "text": "two"}]}]}]});
        let texts: Vec<_> = tool_results(&body).into_iter().map(|result| (result.id, result.is_error, result.text)).collect();
        assert_eq!(texts, [("a".to_owned(), true, "one".to_owned()), ("b".to_owned(), false, "two".to_owned())]);
    }
}
