//! What the agent's tools do, done here for `try`: the call has been allowed, so it really happens.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::project::Project;

/// Performs a call and gives the tool's response as the client would report it, or the error.
pub fn perform(project: &Project, tool: &str, input: &Value) -> Result<Value, String> {
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    let path = Path::new(text("file_path"));
    match tool {
        "Bash" => shell(project, text("command")),
        "Read" => {
            let content = fs::read_to_string(path).map_err(|error| error.to_string())?;
            Ok(json!({ "type": "text", "file": { "filePath": text("file_path"), "content": content } }))
        }
        "Write" => {
            fs::write(path, text("content")).map_err(|error| error.to_string())?;
            Ok(json!({ "type": "create", "filePath": text("file_path"), "content": text("content") }))
        }
        "Edit" => {
            let content = fs::read_to_string(path).map_err(|error| error.to_string())?;
            let changed = content.replacen(text("old_string"), text("new_string"), 1);
            fs::write(path, changed).map_err(|error| error.to_string())?;
            Ok(json!({ "filePath": text("file_path"), "oldString": text("old_string"), "newString": text("new_string") }))
        }
        other => Err(format!("no tool {other}")),
    }
}

fn shell(project: &Project, command: &str) -> Result<Value, String> {
    let mut shell = Command::new("sh");
    let output = project
        .environment(shell.arg("-c").arg(command))
        .envs([("GIT_AUTHOR_NAME", "Agent"), ("GIT_AUTHOR_EMAIL", "agent@example.org")])
        .envs([("GIT_COMMITTER_NAME", "Agent"), ("GIT_COMMITTER_EMAIL", "agent@example.org")])
        .output()
        .map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(
            json!({ "stdout": text(&output.stdout), "stderr": text(&output.stderr), "interrupted": false, "isImage": false }),
        );
    }
    let code = output.status.code().unwrap_or(-1);
    Err(format!("Exit code {code}\n{}{}", text(&output.stdout), text(&output.stderr)))
}
