//! Gemini's `streamGenerateContent`, as Gemini CLI speaks it. In: a body. Out: what was asked, and an answer as one
//! server-sent event.

use serde_json::{Value, json};

use super::{Asked, Part, ToolResult, flatten, items, text_of};

/// The tool results in one request's body, in order.
pub(super) fn tool_results(body: &Value) -> Vec<ToolResult> {
    let answered = parts(body).map(|part| &part["functionResponse"]).filter(|response| response.is_object());
    answered.map(tool_result).collect()
}

fn tool_result(answered: &Value) -> ToolResult {
    let response = &answered["response"];
    let error = &response["error"];
    let told = [error, &response["output"]].into_iter().find(|told| !told.is_null()).unwrap_or(response);
    ToolResult { id: text_of(&answered["id"]), is_error: !error.is_null(), text: flatten(told) }
}

pub(super) fn read(body: &Value) -> Asked {
    let before = items(&body["contents"]).take_while(|content| content["role"] != "model");
    let mut opening: Vec<String> = before.map(|content| flatten(&content["parts"])).collect();
    opening.push(flatten(&body["systemInstruction"]["parts"]));
    let calls = parts(body).map(|part| &part["functionCall"]).filter(|call| call.is_object());
    Asked {
        opening: opening.join("\n"),
        made: calls.map(|call| text_of(&call["id"])).collect(),
        offers_tools: items(&body["tools"]).next().is_some(),
    }
}

fn parts(body: &Value) -> impl Iterator<Item = &Value> {
    items(&body["contents"]).flat_map(|content| items(&content["parts"]))
}

pub(super) fn stream(parts: &[Part]) -> String {
    format!("data: {}\n\n", whole(parts))
}

fn whole(parts: &[Part]) -> Value {
    let parts: Vec<Value> = parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => json!({ "text": text }),
            Part::Call { id, name, input } => json!({"functionCall": {"id": id, "name": name, "args": input}}),
        })
        .collect();
    json!({
        "candidates": [{"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": parts}}],
        "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 10, "totalTokenCount": 20},
        "modelVersion": "scripted", "responseId": "resp_script",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_read_with_whether_it_is_an_error() {
        let answer = |id: &str, response: Value| json!({"functionResponse": {"id": id, "name": "x", "response": response}});
        let body = json!({"contents": [{"role": "user", "parts": [
            answer("a", json!({"output": "one"})), answer("b", json!({"error": "two"})), answer("c", json!({"n": 3}))]}]});
        let texts: Vec<_> = tool_results(&body).into_iter().map(|result| (result.is_error, result.text)).collect();
        assert_eq!(texts, [(false, "one".to_owned()), (true, "two".to_owned()), (false, "{\"n\":3}".to_owned())]);
    }
}
