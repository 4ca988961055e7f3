//! Where Claude Code's hooks stand: the same shape in the user's settings and in the managed ones, which also switch off
//! the shell commands of skills.

use crate::ordered::Value;
use crate::settings::{CLIENT_LIMIT_S, Closing, Constant, Entry, Kind, Layout};

/// The user's settings, `~/.claude/settings.json`.
pub const USER: Layout = Layout {
    client: crate::claude::CLIENT,
    entries: &ENTRIES,
    grouped: true,
    closing: Closing::ExitTwo,
    hook,
    forced: &[],
    switches: &["disableAllHooks"],
    kinds: &KINDS,
};

/// Measured on version 2.1.330, the other lists of permissions by their likeness; there are more such members.
const KINDS: [(&str, Kind); 13] = [
    ("apiKeyHelper", Kind::Text),
    ("cleanupPeriodDays", Kind::Number),
    ("disableAllHooks", Kind::Flag),
    ("enabledPlugins", Kind::Object),
    ("env", Kind::Object),
    ("model", Kind::Text),
    ("permissions", Kind::Object),
    ("permissions.additionalDirectories", Kind::List),
    ("permissions.allow", Kind::List),
    ("permissions.ask", Kind::List),
    ("permissions.deny", Kind::List),
    ("sandbox", Kind::Object),
    ("statusLine", Kind::Object),
];

/// The managed settings, which no other file and no option weakens.
pub const MANAGED: Layout = Layout {
    forced: &[("disableSkillShellExecution", Constant::Flag(true), false), ("disableAllHooks", Constant::Flag(false), false)],
    ..USER
};

const ENTRIES: [Entry; 11] = [
    Entry { event: "PreToolUse", matcher: Some("*"), stops: true },
    Entry { event: "PermissionRequest", matcher: Some("*"), stops: true },
    Entry { event: "PostToolUse", matcher: Some("*"), stops: true },
    Entry { event: "PostToolUseFailure", matcher: Some("*"), stops: true },
    Entry { event: "UserPromptSubmit", matcher: None, stops: true },
    Entry { event: "ConfigChange", matcher: None, stops: true },
    Entry { event: "SessionStart", matcher: None, stops: false },
    Entry { event: "SessionEnd", matcher: None, stops: false },
    Entry { event: "SubagentStart", matcher: None, stops: false },
    Entry { event: "SubagentStop", matcher: None, stops: false },
    Entry { event: "InstructionsLoaded", matcher: None, stops: false },
];

fn hook(entry: &Entry, line: &str) -> Vec<(&'static str, Value)> {
    let mut hook = vec![
        ("type", Value::Text("command".to_owned())),
        ("command", Value::Text(line.to_owned())),
        ("timeout", Value::Number(CLIENT_LIMIT_S.into())),
    ];
    if entry.stops {
        hook.push(("onFailure", Value::Text("block".to_owned())));
    }
    hook
}
