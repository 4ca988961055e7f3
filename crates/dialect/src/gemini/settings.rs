//! Where Gemini CLI's hooks stand: the same shape in the user's settings and in the system's, which also hold hooks on.

use crate::ordered::Value;
use crate::settings::{Closing, Constant, Entry, Layout};

/// The client's own limit, in milliseconds; our watchdog answers within 5 s.
const CLIENT_LIMIT_MS: u64 = 15_000;

/// The user's settings, `~/.gemini/settings.json`.
pub(crate) const USER: Layout = Layout {
    client: crate::gemini::CLIENT,
    entries: &ENTRIES,
    grouped: true,
    closing: Closing::ExitTwo,
    hook,
    forced: &[],
    switches: &[],
};

/// The system's settings, which override the user's.
pub(crate) const MANAGED: Layout = Layout { forced: &[("hooksConfig.enabled", Constant::Flag(true), false)], ..USER };

const ENTRIES: [Entry; 5] = [
    Entry { event: "BeforeTool", matcher: Some("*"), stops: true },
    Entry { event: "AfterTool", matcher: Some("*"), stops: true },
    Entry { event: "BeforeAgent", matcher: None, stops: true },
    Entry { event: "SessionStart", matcher: None, stops: false },
    Entry { event: "SessionEnd", matcher: None, stops: false },
];

fn hook(_: &Entry, line: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("name", Value::Text("bailiwick".to_owned())),
        ("type", Value::Text("command".to_owned())),
        ("command", Value::Text(line.to_owned())),
        ("timeout", Value::Number(CLIENT_LIMIT_MS.into())),
    ]
}
