//! What the ledger and the model must show of a refused call.

use bailiwick_modelserver::ToolResult;
use bailiwick_modelserver::claude::Mode;
use serde_json::Value;

/// Whether an entry records a call that may not simply run.
pub fn is_refused(entry: &Value) -> bool {
    matches!(entry["ruling"]["verdict"].as_str(), Some("ask" | "deny"))
}

/// The model was told an error that holds the deciding rule's name and text. Where we ask and the client has a rule of
/// its own about sensitive files, the client's words stand in the place of ours; never in bypass mode.
pub fn is_told_why(entry: &Value, results: &[ToolResult], mode: Mode) {
    let call = entry["call"].as_str().unwrap_or_default();
    let told = results.iter().find(|result| result.id == call).unwrap_or_else(|| panic!("nothing was told of {call}"));
    assert!(told.is_error, "{told:?}");
    let verdict = &entry["ruling"]["verdict"];
    if mode == Mode::AcceptEdits && verdict == "ask" && told.text.contains("which is a sensitive file") {
        return;
    }
    let reasons = entry["ruling"]["reasons"].as_array().unwrap_or_else(|| panic!("no reasons in {entry}"));
    let decided = reasons.iter().filter(|reason| reason["verdict"] == *verdict);
    let said = |part: &Value| part.as_str().is_some_and(|part| told.text.contains(part.trim_end_matches('.')));
    assert!(decided.clone().any(|reason| said(&reason["policy"]) && said(&reason["text"])), "{told:?} of {entry}");
}
