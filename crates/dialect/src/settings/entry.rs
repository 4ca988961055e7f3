//! One hook of ours as it stands in the settings: which event, which command, which limits; and how one is recognised.

use crate::ordered::Value;
use crate::settings::Layout;

/// How the client starts us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookCommand {
    /// The binary's absolute path.
    pub program: String,
    /// What stands after `hook AGENT`; usually where state and configuration are.
    pub args: Vec<String>,
}

/// An event that we hook into.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name in the settings.
    pub event: &'static str,
    /// What stands as the group's matcher, where the event is about a tool.
    pub matcher: Option<&'static str>,
    /// Whether a failure must stop what the event announces. Not for events that only tell, and never for the end of a
    /// sub-agent, where a refusal would make it go on for ever.
    pub stops: bool,
}

/// How a command line turns a failure of ours into the agent's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Exit code 2 with a reason on standard error.
    ExitTwo,
    /// This JSON on standard output, exit code 0: for agents to which exit codes mean nothing. Holds no single quote.
    Says(&'static str),
}

impl Layout {
    /// What stands in the settings for an entry: a group, or the hook itself.
    pub(crate) fn group(&self, entry: &Entry, command: &HookCommand) -> Value {
        let line = command.line(self.client, if entry.stops { Some(self.closing) } else { None });
        let hook = (self.hook)(entry, &line).into_iter().map(|(key, value)| member(key, value)).collect();
        if !self.grouped {
            return Value::Object(hook);
        }
        let mut group: Vec<_> = entry.matcher.map(|matcher| member("matcher", text(matcher))).into_iter().collect();
        group.push(member("hooks", Value::List(vec![Value::Object(hook)])));
        Value::Object(group)
    }
}

/// Ends us where we hang before our own watchdog runs (the binary on a dead network disk, a stopped process): most
/// agents run the call when their limit, 15 s, strikes. By its own path, because the agent's search path may begin in the
/// workspace; where it is not there, as on macOS, the words vanish and the agent's limit is the last.
pub(crate) const WATCHDOG: &str = "$(test -x /usr/bin/timeout && echo /usr/bin/timeout -s KILL 10) ";

/// The command line without [`WATCHDOG`].
pub(crate) fn without_watchdog(line: &str) -> &str {
    line.strip_prefix(WATCHDOG).unwrap_or(line)
}

impl HookCommand {
    /// The shell command. With a closing, any failure to answer, and no answer for 10 s, becomes a refusal.
    #[must_use]
    pub fn line(&self, client: &str, closing: Option<Closing>) -> String {
        let mut words = vec![quoted(&self.program), "hook".to_owned(), client.to_owned()];
        words.extend(self.args.iter().map(|arg| quoted(arg)));
        let call = words.join(" ");
        match closing {
            None => call,
            Some(Closing::ExitTwo) => {
                format!(
                    "{WATCHDOG}{call} || {{ echo 'bailiwick did not answer, so this is blocked: run bailiwick doctor' >&2; exit 2; }}"
                )
            }
            Some(Closing::Says(answer)) => format!("{WATCHDOG}{call} || echo '{answer}'"),
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
    if hook.get("type").and_then(Value::text).is_some_and(|kind| kind != "command") {
        return None;
    }
    let command = hook.get("command").or_else(|| hook.get("bash")).and_then(Value::text)?;
    let Some(args) = hook.get("args").and_then(Value::list) else { return Some(command.to_owned()) };
    let words = args.iter().map(|arg| quoted(arg.text().unwrap_or_default()));
    Some(std::iter::once(quoted(command)).chain(words).collect::<Vec<_>>().join(" "))
}

/// Whether a command starts us as this client's hook: a program called `bailiwick`, then `hook claude-code`.
pub(crate) fn is_ours(command: &str, wanted: &str) -> bool {
    let Some((program, rest)) = first_word(without_watchdog(command).trim_start()) else { return false };
    let Some((hook, rest)) = first_word(rest.trim_start()) else { return false };
    let Some((client, _)) = first_word(rest.trim_start()) else { return false };
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(name, "bailiwick" | "bailiwick.exe") && hook == "hook" && client == wanted
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
