//! Trust of Codex's user hooks: a hook that is not managed does nothing, silently, until `config.toml` holds its hash.
//!
//! The caller starts `codex app-server` in any directory, with the user's `HOME` and `CODEX_HOME`, and speaks JSON-RPC with
//! it, one message a line, as [`crate::trust`] says.
//!
//! Only hooks of ours are trusted: those of the user's own file whose command line is exactly the one that `init` wrote.
//! A repository can hold a hook that looks like ours. Text in and out; starts nothing and waits for nothing.

use serde_json::{Value, json};

use crate::settings::{Closing, HookCommand};
use crate::trust::{Hook, Listing, Refused, Trust};

/// The request that [`list`] makes.
const LIST: u64 = 2;

/// The request that [`trust`] makes.
const GIVE: u64 = 3;

/// How Codex is told.
pub(crate) static TRUST: Trust = Trust { serve: &["app-server"], greeting, list, hooks, trust, trusted };

/// What opens the conversation: two lines.
fn greeting(version: &str) -> String {
    let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "clientInfo": {"name": "bailiwick", "title": "Bailiwick", "version": version}}});
    let ready = json!({"jsonrpc": "2.0", "method": "initialized"});
    format!("{hello}\n{ready}\n")
}

/// Asks which hooks Codex knows when it works in `cwd`: one line.
fn list(cwd: &str) -> String {
    let request = json!({"jsonrpc": "2.0", "id": LIST, "method": "hooks/list", "params": {"cwds": [cwd]}});
    format!("{request}\n")
}

/// The answer to [`list`], where this line is it; other lines (notifications, the answer to the greeting) are `None`.
/// `command` is the one that was written into the user's hooks.
fn hooks(line: &str, command: &HookCommand) -> Option<Result<Listing, Refused>> {
    Some(answer(line, LIST)?.and_then(|result| {
        let entries = result.get("data").and_then(Value::as_array).ok_or_else(|| shape("no list of hooks"))?;
        let mut listing = Listing::default();
        for entry in entries {
            add(&mut listing, entry, command)?;
        }
        Ok(listing)
    }))
}

/// Tells Codex to trust these hooks: one line.
fn trust(hooks: &[&Hook]) -> String {
    let state: serde_json::Map<String, Value> =
        hooks.iter().map(|hook| (hook.key.clone(), json!({"trusted_hash": hook.hash}))).collect();
    let edit = json!({"keyPath": "hooks.state", "value": state, "mergeStrategy": "upsert"});
    let request = json!({"jsonrpc": "2.0", "id": GIVE, "method": "config/batchWrite", "params": {"edits": [edit]}});
    format!("{request}\n")
}

/// The answer to [`trust`], where this line is it: the configuration file that Codex wrote.
fn trusted(line: &str) -> Option<Result<String, Refused>> {
    Some(answer(line, GIVE)?.and_then(|result| {
        if result.get("status").and_then(Value::as_str) != Some("ok") {
            return Err(shape("another layer of the configuration overrides the trust"));
        }
        result.get("filePath").and_then(Value::as_str).map(str::to_owned).ok_or_else(|| shape("no file was written"))
    }))
}

fn add(listing: &mut Listing, entry: &Value, command: &HookCommand) -> Result<(), Refused> {
    for error in entry.get("errors").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
        listing.errors.push(format!("{}: {}", text("path"), text("message")));
    }
    for hook in entry.get("hooks").and_then(Value::as_array).ok_or_else(|| shape("an entry has no hooks"))? {
        if is_ours(hook, command) {
            listing.ours.push(read(hook)?);
        }
    }
    Ok(())
}

fn is_ours(hook: &Value, command: &HookCommand) -> bool {
    let text = |key: &str| hook.get(key).and_then(Value::as_str).unwrap_or_default();
    let from_here = text("source") == "user" || hook.get("isManaged") == Some(&Value::Bool(true));
    let lines = [Some(Closing::ExitTwo), None].map(|closing| command.line(crate::codex::CLIENT, closing));
    from_here && lines.iter().any(|line| line == text("command"))
}

fn read(hook: &Value) -> Result<Hook, Refused> {
    let text = |key: &'static str| {
        let value = hook.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        value.map(str::to_owned).ok_or_else(|| Refused(format!("a hook without {key:?}")))
    };
    Ok(Hook {
        key: text("key")?,
        hash: text("currentHash")?,
        // The others are `untrusted` and `modified`.
        trusted: matches!(text("trustStatus")?.as_str(), "trusted" | "managed"),
        enabled: hook.get("enabled").and_then(Value::as_bool).unwrap_or(false),
        event: text("eventName")?,
    })
}

/// The result of request `id`, where the line answers it.
fn answer(line: &str, id: u64) -> Option<Result<Value, Refused>> {
    let mut message: Value = serde_json::from_str(line).ok()?;
    if message.get("id").and_then(Value::as_u64) != Some(id) || message.get("method").is_some() {
        return None;
    }
    if let Some(error) = message.get("error") {
        let text = error.get("message").and_then(Value::as_str).unwrap_or("no message");
        return Some(Err(Refused(text.chars().take(300).collect())));
    }
    Some(message.get_mut("result").map(Value::take).ok_or_else(|| shape("neither result nor error")))
}

fn shape(what: &str) -> Refused {
    Refused(what.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn command() -> HookCommand {
        HookCommand { program: "/opt/bailiwick".into(), args: Vec::new() }
    }

    /// A listing with one hook: who it is from, what it runs, how it is trusted.
    fn listed(source: &str, line: &str, status: &str) -> String {
        let hook = json!({"handlerType": "command", "key": "/h/hooks.json:pre_tool_use:0:0", "currentHash": "sha256:1",
            "eventName": "preToolUse", "enabled": true, "isManaged": false, "source": source, "command": line, "trustStatus": status});
        json!({"id": 2, "result": {"data": [{"cwd": "/h", "errors": [], "warnings": [], "hooks": [hook]}]}}).to_string()
    }

    #[test]
    fn our_hook_is_found_and_trusted_by_its_hash() {
        let line = command().line(crate::codex::CLIENT, Some(Closing::ExitTwo));
        let listing = hooks(&listed("user", &line, "untrusted"), &command()).unwrap().unwrap();
        let said: Value = serde_json::from_str(&trust(&listing.untrusted())).unwrap();
        assert_eq!(
            said["params"]["edits"],
            json!([{"keyPath": "hooks.state", "mergeStrategy": "upsert",
                "value": {"/h/hooks.json:pre_tool_use:0:0": {"trusted_hash": "sha256:1"}}}])
        );
        let listing = hooks(&listed("user", &line, "trusted"), &command()).unwrap().unwrap();
        assert!(listing.ours.len() == 1 && listing.idle().is_empty());
    }

    #[test]
    fn what_only_looks_like_ours_is_never_trusted() {
        let line = command().line(crate::codex::CLIENT, Some(Closing::ExitTwo));
        for (source, line) in [("project", line.as_str()), ("user", "'/tmp/bailiwick' hook codex"), ("user", "")] {
            assert_eq!(hooks(&listed(source, line, "untrusted"), &command()).unwrap().unwrap().ours, Vec::new());
        }
    }

    #[test]
    fn other_lines_are_no_answer_and_errors_are_said() {
        for line in ["", "{", "[]", r#"{"id":1,"result":{}}"#, r#"{"method":"x","params":{}}"#, r#"{"id":2,"method":"x"}"#] {
            assert_eq!(hooks(line, &command()), None, "{line}");
        }
        assert_eq!(hooks(r#"{"id":2,"error":{"code":1,"message":"no"}}"#, &command()), Some(Err(Refused("no".into()))));
        assert!(hooks(r#"{"id":2,"result":{}}"#, &command()).unwrap().is_err());
        assert_eq!(trusted(r#"{"id":3,"result":{"status":"ok","filePath":"/h/c","version":"1"}}"#), Some(Ok("/h/c".into())));
        assert!(trusted(r#"{"id":3,"result":{"status":"okOverridden","filePath":"/h/c"}}"#).unwrap().is_err());
    }
}
