//! The text of `/etc/codex/requirements.toml`: our hooks as managed ones, which need no trust and which no flag, no
//! user setting and no other home switches off. The file is wholly ours.

use std::fmt::Write as _;

use crate::codex::settings::{ENTRIES, timeout_s};
use crate::settings::{Closing, HookCommand};
use crate::tongue::MARK;

/// The whole file.
pub(crate) fn text(command: &HookCommand) -> String {
    let mut text = format!(
        "# {MARK}. Hooks that Codex runs for every user; they cannot be disabled.\n\
         allow_managed_hooks_only = true\n\n[features]\nhooks = true\n"
    );
    for entry in &ENTRIES {
        let line = command.line(crate::codex::CLIENT, if entry.stops { Some(Closing::ExitTwo) } else { None });
        let _ = write!(text, "\n[[hooks.{}]]\n", entry.event);
        if let Some(matcher) = entry.matcher {
            let _ = writeln!(text, "matcher = {}", basic(matcher));
        }
        let _ = write!(text, "\n[[hooks.{}.hooks]]\ntype = \"command\"\ncommand = {}\n", entry.event, basic(&line));
        let _ = writeln!(text, "timeout = {}", timeout_s(entry));
    }
    text
}

/// A basic string of TOML, which escapes as JSON does and also wants DEL escaped.
fn basic(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}
