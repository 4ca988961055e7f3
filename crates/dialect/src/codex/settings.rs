//! Where Codex's hooks stand: `hooks.json` in the user's `.codex`, which Codex runs only once it is trusted
//! ([`crate::codex::trust`]).

use crate::ordered::Value;
use crate::settings::{CLIENT_LIMIT_S, Closing, Entry, Layout};

/// What Codex cuts the limit of a session's end to.
const END_LIMIT_S: u64 = 3;

/// The user's hooks, `~/.codex/hooks.json`.
pub(crate) const USER: Layout = Layout {
    client: crate::codex::CLIENT,
    entries: &ENTRIES,
    grouped: true,
    closing: Closing::ExitTwo,
    hook,
    forced: &[],
    switches: &[],
    kinds: &[],
};

/// The events that we hook into.
pub(crate) const ENTRIES: [Entry; 8] = [
    Entry { event: "PreToolUse", matcher: Some("*"), stops: true },
    Entry { event: "PermissionRequest", matcher: Some("*"), stops: true },
    Entry { event: "PostToolUse", matcher: Some("*"), stops: true },
    Entry { event: "UserPromptSubmit", matcher: None, stops: true },
    Entry { event: "SessionStart", matcher: None, stops: false },
    Entry { event: "SessionEnd", matcher: None, stops: false },
    Entry { event: "SubagentStart", matcher: None, stops: false },
    Entry { event: "SubagentStop", matcher: None, stops: false },
];

/// The limit of an entry's hook, in seconds.
pub(crate) fn timeout_s(entry: &Entry) -> u64 {
    if entry.event == "SessionEnd" { END_LIMIT_S } else { CLIENT_LIMIT_S }
}

fn hook(entry: &Entry, line: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("type", Value::Text("command".to_owned())),
        ("command", Value::Text(line.to_owned())),
        ("timeout", Value::Number(timeout_s(entry).into())),
    ]
}
