//! Where Cursor's hooks stand: the same file for the user and for the machine.

use crate::ordered::Value;
use crate::settings::{CLIENT_LIMIT_S, Closing, Constant, Entry, Layout};

/// The file.
pub(crate) const LAYOUT: Layout = Layout {
    client: super::CLIENT,
    entries: &ENTRIES,
    grouped: false,
    closing: Closing::ExitTwo,
    hook,
    forced: &[("version", Constant::Count(1), true)],
    switches: &[],
    kinds: &[],
};

const ENTRIES: [Entry; 11] = [
    Entry { event: "beforeShellExecution", matcher: None, stops: true },
    Entry { event: "beforeMCPExecution", matcher: None, stops: true },
    Entry { event: "beforeReadFile", matcher: None, stops: true },
    Entry { event: "preToolUse", matcher: None, stops: true },
    Entry { event: "beforeSubmitPrompt", matcher: None, stops: true },
    Entry { event: "postToolUse", matcher: None, stops: false },
    Entry { event: "postToolUseFailure", matcher: None, stops: false },
    Entry { event: "sessionStart", matcher: None, stops: false },
    Entry { event: "sessionEnd", matcher: None, stops: false },
    Entry { event: "subagentStart", matcher: None, stops: false },
    Entry { event: "subagentStop", matcher: None, stops: false },
];

fn hook(entry: &Entry, line: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("command", Value::Text(line.to_owned())),
        ("timeout", Value::Number(CLIENT_LIMIT_S.into())),
        ("failClosed", Value::Bool(entry.stops)),
    ]
}
