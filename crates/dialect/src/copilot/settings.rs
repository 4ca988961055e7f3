//! Where Copilot CLI's hooks stand: a file of hooks, of the same shape for the user and for the machine's policy.

use crate::ordered::Value;
use crate::settings::{CLIENT_LIMIT_S, Closing, Constant, Entry, Layout};

/// The file. The PascalCase names make each message say which event it is.
pub(crate) const LAYOUT: Layout = Layout {
    client: super::CLIENT,
    entries: &ENTRIES,
    grouped: false,
    closing: Closing::ExitTwo,
    hook,
    forced: &[("version", Constant::Count(1), true)],
    switches: &["disableAllHooks"],
    kinds: &[],
};

/// A repository's hook may change a call's arguments after our first hook has judged them; the permission request comes
/// with those that run.
const ENTRIES: [Entry; 9] = [
    Entry { event: "PreToolUse", matcher: None, stops: true },
    Entry { event: "PermissionRequest", matcher: None, stops: true },
    Entry { event: "PostToolUse", matcher: None, stops: true },
    Entry { event: "PostToolUseFailure", matcher: None, stops: true },
    Entry { event: "UserPromptSubmit", matcher: None, stops: true },
    Entry { event: "SessionStart", matcher: None, stops: false },
    Entry { event: "SessionEnd", matcher: None, stops: false },
    Entry { event: "SubagentStart", matcher: None, stops: false },
    Entry { event: "SubagentStop", matcher: None, stops: false },
];

fn hook(_: &Entry, line: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("type", Value::Text("command".to_owned())),
        ("bash", Value::Text(line.to_owned())),
        ("timeoutSec", Value::Number(CLIENT_LIMIT_S.into())),
    ]
}
