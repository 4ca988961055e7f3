//! OpenAI chat completions, as Copilot, Qwen Code, opencode and Cline speak it. In: a body. Out: what was asked, and an
//! answer as server-sent events or as one object.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Asked, Part, ToolResult, flatten, items, text_of};

/// The tool results in one request's body, in order.
pub(super) fn tool_results(body: &Value) -> Vec<ToolResult> {
    items(&body["messages"])
        .filter(|message| message["role"] == "tool")
        .map(|message| ToolResult { id: text_of(&message["tool_call_id"]), is_error: false, text: flatten(&message["content"]) })
        .collect()
}

pub(super) fn read(body: &Value) -> Asked {
    let before = items(&body["messages"]).take_while(|message| message["role"] != "assistant");
    let opening: Vec<String> = before.map(|message| flatten(&message["content"])).collect();
    let calls = items(&body["messages"]).flat_map(|message| items(&message["tool_calls"]));
    Asked {
        opening: opening.join("\n"),
        made: calls.map(|call| text_of(&call["id"])).collect(),
        offers_tools: items(&body["tools"]).next().is_some(),
    }
}

/// The message of an answer; in a stream each call has its place.
fn message(parts: &[Part], streamed: bool) -> Value {
    let mut message = json!({"role": "assistant", "content": null});
    let mut calls = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => message["content"] = json!(text),
            Part::Call { id, name, input } => {
                let mut call = json!({"id": id, "type": "function", "function": {"name": name, "arguments": input.to_string()}});
                if streamed {
                    call["index"] = json!(calls.len());
                }
                calls.push(call);
            }
        }
    }
    if !calls.is_empty() {
        message["tool_calls"] = Value::Array(calls);
    }
    message
}

fn finish(parts: &[Part]) -> &'static str {
    if parts.iter().any(|part| matches!(part, Part::Call { .. })) { "tool_calls" } else { "stop" }
}

fn usage() -> Value {
    json!({"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20})
}

pub(super) fn stream(parts: &[Part]) -> String {
    let mut out = String::new();
    chunk(&mut out, &json!([{"index": 0, "delta": message(parts, true), "finish_reason": null}]), &Value::Null);
    chunk(&mut out, &json!([{"index": 0, "delta": {}, "finish_reason": finish(parts)}]), &Value::Null);
    chunk(&mut out, &json!([]), &usage());
    out.push_str("data: [DONE]\n\n");
    out
}

fn chunk(out: &mut String, choices: &Value, usage: &Value) {
    let data = json!({"id": "chatcmpl-script", "object": "chat.completion.chunk", "created": 0, "model": "scripted",
        "choices": choices, "usage": usage});
    let _ = write!(out, "data: {data}\n\n");
}

pub(super) fn whole(parts: &[Part]) -> String {
    json!({"id": "chatcmpl-script", "object": "chat.completion", "created": 0, "model": "scripted", "usage": usage(),
        "choices": [{"index": 0, "message": message(parts, false), "finish_reason": finish(parts)}]})
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_from_text_and_from_parts() {
        let body = json!({"messages": [{"role": "tool", "tool_call_id": "a", "content": "one"},
            {"role": "tool", "tool_call_id": "b", "content": [{"type": "text", "text": "two"}]}]});
        let texts: Vec<_> = tool_results(&body).into_iter().map(|result| (result.id, result.text)).collect();
        assert_eq!(texts, [("a".to_owned(), "one".to_owned()), ("b".to_owned(), "two".to_owned())]);
    }

    #[test]
    fn one_object_holds_what_the_stream_holds() {
        let parts = [Part::Call { id: "c".to_owned(), name: "x".to_owned(), input: json!({}) }];
        assert!(whole(&parts).contains("\"tool_calls\"") && stream(&parts).contains("\"tool_calls\""));
    }
}
