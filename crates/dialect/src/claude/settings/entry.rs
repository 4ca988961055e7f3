//! One hook of ours as it stands in the settings: which event, which command, which limits; and how one is recognised.

use crate::ordered::Value;

/// The client's own limit, in seconds. Our watchdog answers within 5; the rest is room for a machine under load, so that
/// the client's limit, after which old versions let the call run, is never the one that strikes.
const CLIENT_LIMIT_S: u64 = 15;

/// How the client starts us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookCommand {
    /// The binary's absolute path.
    pub program: String,
    /// What stands after `hook claude-code`; usually nothing.
    pub args: Vec<String>,
}

/// An event that we hook into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// Its name.
    pub(crate) event: &'static str,
    /// Whether it is about a tool, so that the client looks at a matcher.
    about_tool: bool,
    /// Whether a failure must stop what the event announces. Not for events that only tell, and never for the end of a
    /// sub-agent, where exit code 2 would make it go on for ever.
    stops: bool,
}

const ENTRIES: [Entry; 11] = [
    Entry { event: "PreToolUse", about_tool: true, stops: true },
    Entry { event: "PermissionRequest", about_tool: true, stops: true },
    Entry { event: "PostToolUse", about_tool: true, stops: true },
    Entry { event: "PostToolUseFailure", about_tool: true, stops: true },
    Entry { event: "UserPromptSubmit", about_tool: false, stops: true },
    Entry { event: "ConfigChange", about_tool: false, stops: true },
    Entry { event: "SessionStart", about_tool: false, stops: false },
    Entry { event: "SessionEnd", about_tool: false, stops: false },
    Entry { event: "SubagentStart", about_tool: false, stops: false },
    Entry { event: "SubagentStop", about_tool: false, stops: false },
    Entry { event: "InstructionsLoaded", about_tool: false, stops: false },
];

impl Entry {
    /// Every event that we hook into.
    pub(crate) fn all() -> impl Iterator<Item = Entry> {
        ENTRIES.into_iter()
    }

    /// The group that stands in the settings for it.
    pub(crate) fn group(&self, command: &HookCommand) -> Value {
        let mut hook = vec![
            member("type", text("command")),
            member("command", text(&command.line(self.stops))),
            member("timeout", Value::Number(CLIENT_LIMIT_S.into())),
        ];
        if self.stops {
            hook.push(member("onFailure", text("block")));
        }
        let mut group = Vec::new();
        if self.about_tool {
            group.push(member("matcher", text("*")));
        }
        group.push(member("hooks", Value::List(vec![Value::Object(hook)])));
        Value::Object(group)
    }
}

impl HookCommand {
    /// The shell command. Where it stops, any failure to answer becomes exit code 2 with a reason, the one form that every
    /// measured version takes for a refusal.
    fn line(&self, stops: bool) -> String {
        let mut words = vec![quoted(&self.program), "hook".to_owned(), crate::claude::CLIENT.to_owned()];
        words.extend(self.args.iter().map(|arg| quoted(arg)));
        let call = words.join(" ");
        if stops {
            format!("{call} || {{ echo 'bailiwick did not answer, so this is blocked: run bailiwick doctor' >&2; exit 2; }}")
        } else {
            call
        }
    }
}

fn member(key: &str, value: Value) -> (String, Value) {
    (key.to_owned(), value)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// One word for a POSIX shell, always quoted.
pub(crate) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The command of a command hook, with its arguments where it has them apart.
pub(crate) fn command_line(hook: &Value) -> Option<String> {
    if hook.get("type").and_then(Value::text) != Some("command") {
        return None;
    }
    let command = hook.get("command").and_then(Value::text)?;
    let Some(args) = hook.get("args").and_then(Value::list) else { return Some(command.to_owned()) };
    let words = args.iter().map(|arg| quoted(arg.text().unwrap_or_default()));
    Some(std::iter::once(quoted(command)).chain(words).collect::<Vec<_>>().join(" "))
}

/// Whether a command starts us as this client's hook: a program called `bailiwick`, then `hook claude-code`.
pub(crate) fn is_ours(command: &str) -> bool {
    let Some((program, rest)) = first_word(command.trim_start()) else { return false };
    let Some((hook, rest)) = first_word(rest.trim_start()) else { return false };
    let Some((client, _)) = first_word(rest.trim_start()) else { return false };
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(name, "bailiwick" | "bailiwick.exe") && hook == "hook" && client == crate::claude::CLIENT
}

/// The first shell word, its quotes taken off, and what follows.
fn first_word(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match (quote, char) {
            (None, ' ' | '\t') => return Some((word, text.get(at..)?)),
            (None, '\'' | '"') => quote = Some(char),
            (None, '\\') => word.extend(chars.next().map(|(_, next)| next)),
            (Some(open), close) if open == close => quote = None,
            (None | Some(_), other) => word.push(other),
        }
    }
    (quote.is_none() && !word.is_empty()).then_some((word, ""))
}
