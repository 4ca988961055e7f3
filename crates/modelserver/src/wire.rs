//! Which turn of the script answers a request, whatever tongue the agent speaks.
//!
//! In: a request's path and body. Out: the script's next turn in that tongue, and what the model was told. Which turn is
//! next is read from the request alone (our own call identifiers in it), so a repeated request gets the same answer. A
//! tongue knows field names and nothing of scripts.

mod chat;
mod generate;
mod messages;
mod responses;

use serde_json::Value;

use crate::{Script, Turn};

/// A tongue that agents speak to their model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Anthropic Messages: Claude Code.
    Messages,
    /// OpenAI Responses: Codex.
    Responses,
    /// Gemini's `streamGenerateContent`: Gemini CLI.
    Generate,
    /// OpenAI chat completions: Copilot, Qwen Code, opencode, Cline.
    Chat,
}

/// What the model was told about one of its calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolResult {
    /// The call's identifier.
    pub id: String,
    /// Whether the agent reports an error; the two OpenAI tongues have no place to say so.
    pub is_error: bool,
    /// The text.
    pub text: String,
}

/// What the choice of a turn needs of a request.
struct Asked {
    /// All that was said before the model first spoke: the prompt, and the instructions where a sub-agent's task may
    /// stand there.
    opening: String,
    /// The identifiers of the calls that the model has made so far.
    made: Vec<String>,
    /// A request without tools is the agent's own housekeeping (a title, a summary): it must not use up a turn.
    offers_tools: bool,
}

/// A piece of an answer.
enum Part {
    Text(String),
    Call { id: String, name: String, input: Value },
}

impl Wire {
    /// The tongue that is spoken at this address; `None` for everything that is no request for a turn.
    pub(crate) fn of(method: &str, path: &str) -> Option<Wire> {
        match path {
            _ if method != "POST" => None,
            "/v1/messages" => Some(Wire::Messages),
            "/v1/responses" => Some(Wire::Responses),
            "/v1/chat/completions" => Some(Wire::Chat),
            _ => path.ends_with(":streamGenerateContent").then_some(Wire::Generate),
        }
    }

    /// The answer to a request, as its content type and body.
    pub(crate) fn answer(self, script: &Script, body: &Value) -> (&'static str, String) {
        let mut parts = next(script, &self.read(body));
        let told = self.tool_results(body);
        for part in &mut parts {
            if let Part::Call { input, .. } = part {
                fill(input, &told);
            }
        }
        let stream = "text/event-stream";
        match self {
            Wire::Messages => (stream, messages::stream(body, &parts)),
            Wire::Responses => (stream, responses::stream(body, &parts)),
            Wire::Generate => (stream, generate::stream(&parts)),
            Wire::Chat if body["stream"] == true => (stream, chat::stream(&parts)),
            Wire::Chat => ("application/json", chat::whole(&parts)),
        }
    }

    /// The tool results in one request's body, in order.
    pub(crate) fn tool_results(self, body: &Value) -> Vec<ToolResult> {
        match self {
            Wire::Messages => messages::tool_results(body),
            Wire::Responses => responses::tool_results(body),
            Wire::Generate => generate::tool_results(body),
            Wire::Chat => chat::tool_results(body),
        }
    }

    fn read(self, body: &Value) -> Asked {
        match self {
            Wire::Messages => messages::read(body),
            Wire::Responses => responses::read(body),
            Wire::Generate => generate::read(body),
            Wire::Chat => chat::read(body),
        }
    }
}

/// The next turn of the agent that asks.
fn next(script: &Script, asked: &Asked) -> Vec<Part> {
    let (branch, turns) = pick(script, &asked.opening);
    let turn = next_turn(branch, &asked.made);
    match turns.get(turn).filter(|_| asked.offers_tools) {
        None => vec![Part::Text("done".to_owned())],
        Some(Turn::Say(text)) => vec![Part::Text(text.clone())],
        Some(Turn::Call(calls)) => {
            let part = |(at, call): (usize, &crate::ToolUse)| Part::Call {
                id: format!("toolu_script_{branch}_{turn}_{at}"),
                name: call.name.clone(),
                input: call.input.clone(),
            };
            calls.iter().enumerate().map(part).collect()
        }
    }
}

/// Puts what was told in the place of every `{"$after": TEXT}`.
fn fill(input: &mut Value, told: &[ToolResult]) {
    if let Some(text) = input["$after"].as_str() {
        *input = word_after(text, told);
        return;
    }
    match input {
        Value::Object(members) => members.values_mut().for_each(|value| fill(value, told)),
        Value::Array(items) => items.iter_mut().for_each(|value| fill(value, told)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The word after a text in the last result that has the text; a number where it reads as one.
fn word_after(text: &str, told: &[ToolResult]) -> Value {
    let after = told.iter().rev().find_map(|result| Some(result.text.split_once(text)?.1));
    let inside = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let word: String = after.unwrap_or_default().chars().take_while(inside).collect();
    word.parse::<u64>().map_or(Value::String(word), Value::from)
}

/// The branch whose marker is in the first thing this agent was told; 0 is the main agent.
fn pick<'a>(script: &'a Script, opening: &str) -> (usize, &'a [Turn]) {
    let found = script.branches.iter().enumerate().find(|(_, branch)| opening.contains(&branch.marker));
    found.map_or((0, script.turns.as_slice()), |(at, branch)| (at + 1, branch.turns.as_slice()))
}

/// One past the last turn of this branch that the request shows as made.
fn next_turn(branch: usize, made: &[String]) -> usize {
    let prefix = format!("toolu_script_{branch}_");
    let turns = made.iter().filter_map(|id| id.strip_prefix(&prefix)?.split('_').next()?.parse::<usize>().ok());
    turns.max().map_or(0, |turn| turn + 1)
}

/// Text as a string, as a list of parts with a `text`, or as something else in JSON.
fn flatten(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(|part| part["text"].as_str().unwrap_or_default()).collect::<Vec<_>>().join("\n"),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => content.to_string(),
    }
}

/// The items of a list; none where there is no list.
fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn script() -> Script {
        Script::of(vec![Turn::call("Bash", json!({"command": "ls"})), Turn::Say("bye".to_owned())])
            .with_branch("SUB1", vec![Turn::call("Read", json!({"file_path": "/x"}))])
    }

    /// One request in each tongue: what was said first, and which calls were made.
    fn requests(first: &str, made: &[&str]) -> Vec<(Wire, Value)> {
        let list = |call: &dyn Fn(&str) -> Value| Value::Array(made.iter().map(|id| call(id)).collect());
        let used = list(&|id| json!({"type": "tool_use", "id": id}));
        let chat = list(&|id| json!({"id": id, "type": "function", "function": {"name": "x", "arguments": "{}"}}));
        let parts = list(&|id| json!({"functionCall": {"id": id, "name": "x", "args": {}}}));
        let mut input = vec![json!({"type": "message", "role": "user", "content": [{"type": "input_text", "text": first}]})];
        input.extend(made.iter().map(|id| json!({"type": "function_call", "call_id": id})));
        vec![
            (
                Wire::Messages,
                json!({"tools": [{}], "messages": [{"role": "user", "content": first}, {"role": "assistant", "content": used}]}),
            ),
            (Wire::Responses, json!({"tools": [{}], "input": input})),
            (
                Wire::Generate,
                json!({"tools": [{}], "contents": [{"role": "user", "parts": [{"text": first}]}, {"role": "model", "parts": parts}]}),
            ),
            (
                Wire::Chat,
                json!({"tools": [{}], "stream": true, "messages": [{"role": "user", "content": first}, {"role": "assistant", "tool_calls": chat}]}),
            ),
        ]
    }

    fn answers(first: &str, made: &[&str]) -> Vec<String> {
        requests(first, made).into_iter().map(|(wire, body)| wire.answer(&script(), &body).1).collect()
    }

    #[test]
    fn the_next_turn_follows_from_the_request_alone() {
        assert!(answers("hello", &[]).iter().all(|answer| answer.contains("toolu_script_0_0_0")));
        assert!(answers("hello", &["toolu_script_0_0_0"]).iter().all(|answer| answer.contains("bye")));
        assert!(answers("hello", &["toolu_script_0_1_0"]).iter().all(|answer| answer.contains("done")));
    }

    #[test]
    fn a_sub_agent_is_known_by_its_marker() {
        assert!(answers("do SUB1 now", &[]).iter().all(|answer| answer.contains("toolu_script_1_0_0")));
    }

    #[test]
    fn housekeeping_requests_use_up_no_turn() {
        for (wire, mut body) in requests("a title please", &[]) {
            body["tools"] = json!([]);
            assert!(!wire.answer(&script(), &body).1.contains("toolu_script"), "{wire:?}");
        }
    }

    #[test]
    fn a_word_that_was_told_can_be_an_argument() {
        let result = |text: &str| ToolResult { id: String::new(), is_error: false, text: text.to_owned() };
        let mut input = json!({"session": {"$after": "session "}, "who": [{"$after": "id: "}], "kept": 1});
        fill(&mut input, &[result("session 7"), result("session 42, id: a-b.")]);
        assert_eq!(input, json!({"session": 42, "who": ["a-b"], "kept": 1}));
    }

    #[test]
    fn a_tongue_is_known_by_its_address() {
        assert_eq!(Wire::of("POST", "/v1beta/models/m:streamGenerateContent"), Some(Wire::Generate));
        assert_eq!(Wire::of("GET", "/v1/responses"), None);
        assert_eq!(Wire::of("POST", "/v1/embeddings"), None);
    }
}
