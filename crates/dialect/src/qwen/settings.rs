//! Where Qwen Code's hooks stand: Claude Code's shape with limits in milliseconds, the same in the user's settings and in
//! the system's. Both say that hooks are not switched off: a project's settings may say so, and only the system's hold
//! against it.

use crate::ordered::Value;
use crate::settings::{CLIENT_LIMIT_S, Closing, Constant, Entry, Layout};

/// The user's settings and the system's.
pub(crate) const LAYOUT: Layout = Layout {
    client: crate::qwen::CLIENT,
    entries: &ENTRIES,
    grouped: true,
    closing: Closing::ExitTwo,
    hook,
    forced: &[("disableAllHooks", Constant::Flag(false), false)],
    switches: &["disableAllHooks"],
    kinds: &[],
};

const ENTRIES: [Entry; 9] = [
    Entry { event: "PreToolUse", matcher: Some("*"), stops: true },
    Entry { event: "PermissionRequest", matcher: Some("*"), stops: true },
    Entry { event: "PostToolUse", matcher: Some("*"), stops: true },
    Entry { event: "PostToolUseFailure", matcher: Some("*"), stops: true },
    Entry { event: "UserPromptSubmit", matcher: None, stops: true },
    Entry { event: "SessionStart", matcher: None, stops: false },
    Entry { event: "SessionEnd", matcher: None, stops: false },
    Entry { event: "SubagentStart", matcher: None, stops: false },
    Entry { event: "SubagentStop", matcher: None, stops: false },
];

fn hook(_: &Entry, line: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("type", Value::Text("command".to_owned())),
        ("command", Value::Text(line.to_owned())),
        ("timeout", Value::Number((CLIENT_LIMIT_S * 1_000).into())),
    ]
}
