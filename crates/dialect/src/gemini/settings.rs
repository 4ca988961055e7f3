//! Where Gemini CLI's hooks stand: the same in the user's settings and in the system's, which override them. Both say that
//! hooks are on: a project that the user trusts may say that they are off, and only the system's file holds against it.

use crate::ordered::Value;
use crate::settings::{CLIENT_LIMIT_S, Closing, Constant, Entry, Layout};

/// The user's settings and the system's.
pub(crate) const LAYOUT: Layout = Layout {
    client: crate::gemini::CLIENT,
    entries: &ENTRIES,
    grouped: true,
    closing: Closing::ExitTwo,
    hook,
    forced: &[("hooksConfig.enabled", Constant::Flag(true), false)],
    switches: &[],
    kinds: &[],
};

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
        ("timeout", Value::Number((CLIENT_LIMIT_S * 1_000).into())),
    ]
}
