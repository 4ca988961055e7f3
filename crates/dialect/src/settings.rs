//! An agent's settings file in JSON, text to text: our hooks put in, taken out, and found, as a [`Layout`] says where
//! they stand. Everything else in the file stays, in its order. Reads and writes no file.

mod entry;

use std::fmt;

use crate::ordered::{self, JsonError, Value};
use crate::settings::entry::is_ours;
pub(crate) use crate::settings::entry::without_watchdog;

pub(crate) use crate::settings::entry::WATCHDOG;
pub(crate) use crate::settings::entry::quoted;
pub use crate::settings::entry::{Closing, Entry, HookCommand};

/// The client's own limit for a hook, in seconds, as we write it for every agent in its own unit. Our watchdog answers
/// within 5; the rest is room for a machine under load, so that the client's limit, after which most let the call run, is
/// never the one that strikes.
pub const CLIENT_LIMIT_S: u64 = 15;

/// Where in a settings file hooks stand, and what one looks like.
#[derive(Debug)]
pub struct Layout {
    /// What stands after `hook` in the command: the agent's name.
    pub client: &'static str,
    /// The events that we hook into; the first is the one before a tool runs.
    pub entries: &'static [Entry],
    /// Whether an event's list holds groups (with a matcher and a list of hooks each) or the hooks themselves.
    pub grouped: bool,
    /// How a failure to answer becomes a refusal in the command line.
    pub closing: Closing,
    /// The members of one hook of ours, given its entry and its command line.
    pub hook: fn(&Entry, &str) -> Vec<(&'static str, Value)>,
    /// Settings that must have these values beside the hooks: path (dots between levels), value, whether it stays when
    /// the hooks go and something else remains (a format's version number).
    pub forced: &'static [(&'static str, Constant, bool)],
    /// Members (dots between levels) that switch hooks off when true.
    pub switches: &'static [&'static str],
    /// Members (dots between levels) that make the client drop the whole file where their value is of another kind.
    pub kinds: &'static [(&'static str, Kind)],
}

/// What kind of value a member must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Flag,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Kind {
    fn is_of(self, value: &Value) -> bool {
        match self {
            Kind::Flag => matches!(value, Value::Bool(_)),
            Kind::Number => matches!(value, Value::Number(_)),
            Kind::Text => matches!(value, Value::Text(_)),
            Kind::List => matches!(value, Value::List(_)),
            Kind::Object => matches!(value, Value::Object(_)),
        }
    }

    fn wanted(self) -> &'static str {
        match self {
            Kind::Flag => "true or false",
            Kind::Number => "a number",
            Kind::Text => "a text",
            Kind::List => "a list",
            Kind::Object => "an object",
        }
    }
}

/// A value that [`Layout::forced`] sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Count(u64),
    /// A text.
    Text(&'static str),
}

impl Constant {
    fn value(self) -> Value {
        match self {
            Constant::Flag(flag) => Value::Bool(flag),
            Constant::Count(count) => Value::Number(count.into()),
            Constant::Text(text) => Value::Text(text.to_owned()),
        }
    }
}

/// What a plan would make of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The whole new text; byte for byte the old one where nothing is to be done.
    pub after: String,
    /// What is done, one line for people each.
    pub steps: Vec<String>,
    /// What else people should know about the file.
    pub warnings: Vec<String>,
}

impl Change {
    /// Whether the file is already as it should be.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.steps.is_empty()
    }
}

/// One command that the client would run for an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The event.
    pub event: String,
    /// Which tools it is for; `None` is all.
    pub matcher: Option<String>,
    /// The command as the client's shell would get it.
    pub command: String,
    /// The client's limit for it.
    pub timeout_s: Option<u64>,
    /// Whether the client blocks when the command fails.
    pub blocks_on_failure: bool,
    /// Whether it is our hook.
    pub ours: bool,
}

/// Why settings cannot be planned on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// The text is not JSON as the client reads it.
    Json(JsonError),
    /// A part has another shape than the client accepts. The client then ignores the whole file, silently.
    Shape {
        /// Which part, with a dot between levels.
        part: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// A file that would be wholly ours is somebody else's.
    Foreign,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingsError::Json(error) => write!(out, "the settings are {error}"),
            SettingsError::Shape { part, wanted } => write!(out, "{part:?} in the settings is not {wanted}"),
            SettingsError::Foreign => out.write_str("a file is there that bailiwick did not write; move it away first"),
        }
    }
}

impl std::error::Error for SettingsError {}

impl Layout {
    /// The settings with exactly our hooks of this command in them, an older one of ours replaced.
    ///
    /// # Errors
    /// Where the existing text is not JSON, or its hooks have a shape that the client would not accept.
    pub fn plan_install(&self, existing: Option<&str>, command: &HookCommand) -> Result<Change, SettingsError> {
        let text = existing.unwrap_or_default();
        let mut settings = self.read(text)?;
        let mut steps = Vec::new();
        let unforced = self.unforced(&settings);
        if self.missing_in(&settings, command).is_empty() && self.spare(&settings, command) == 0 && unforced.is_empty() {
            return Ok(Change { after: text.to_owned(), steps, warnings: self.warnings(&settings) });
        }
        for (path, value, _) in unforced {
            set(&mut settings, path, value.value());
            steps.push(format!("set {path}"));
        }
        let had = self.events_of_ours(&settings);
        self.remove_ours(&mut settings);
        for entry in self.entries {
            self.add(&mut settings, entry, command);
            let verb = if had.iter().any(|event| event == entry.event) { "renew" } else { "add" };
            steps.push(format!("{verb} the hook for {}", entry.event));
        }
        Ok(Change { after: written(&settings, text), steps, warnings: self.warnings(&settings) })
    }

    /// The settings without any hook of ours. What held only our hooks goes with them.
    ///
    /// # Errors
    /// Where the existing text is not JSON, or its hooks have a shape that the client would not accept.
    pub fn plan_uninstall(&self, existing: &str) -> Result<Change, SettingsError> {
        let mut settings = self.read(existing)?;
        let ours = self.events_of_ours(&settings);
        if ours.is_empty() {
            return Ok(Change { after: existing.to_owned(), steps: Vec::new(), warnings: Vec::new() });
        }
        let steps = ours.into_iter().map(|event| format!("remove the hook for {event}")).collect();
        self.remove_ours(&mut settings);
        self.unforce(&mut settings);
        Ok(Change { after: written(&settings, existing), steps, warnings: Vec::new() })
    }

    /// Every command hook in the settings, ours and others', in their order.
    ///
    /// # Errors
    /// Where the text is not JSON, or its hooks have a shape that the client would not accept.
    pub fn find_commands(&self, existing: &str) -> Result<Vec<Found>, SettingsError> {
        Ok(self.found(&self.read(existing)?))
    }

    /// The events for which exactly our hook of this command is not there, and the settings beside that are not as they
    /// must be.
    ///
    /// # Errors
    /// Where the text is not JSON, or its hooks have a shape that the client would not accept.
    pub fn missing(&self, existing: &str, command: &HookCommand) -> Result<Vec<&'static str>, SettingsError> {
        let settings = self.read(existing)?;
        let mut missing = self.missing_in(&settings, command);
        missing.extend(self.unforced(&settings).into_iter().map(|(path, _, _)| path));
        Ok(missing)
    }

    /// Which switch in the settings turns hooks off, where one does.
    ///
    /// # Errors
    /// Where the text is not JSON.
    pub fn switched_off(&self, existing: &str) -> Result<Option<&'static str>, SettingsError> {
        Ok(self.switch_in(&self.read(existing)?))
    }

    fn switch_in(&self, settings: &Value) -> Option<&'static str> {
        self.switches.iter().copied().find(|path| at(settings, path) == Some(&Value::Bool(true)))
    }

    fn read(&self, text: &str) -> Result<Value, SettingsError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return Ok(Value::Object(Vec::new()));
        }
        match ordered::parse(text).map_err(SettingsError::Json)? {
            settings @ Value::Object(_) => {
                self.check_hooks(&settings)?;
                self.check_kinds(&settings)?;
                Ok(settings)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                Err(shape("the file", "an object"))
            }
        }
    }

    /// `hooks` is an object of lists; of groups, where they are grouped, and each group's `hooks` a list of objects.
    fn check_hooks(&self, settings: &Value) -> Result<(), SettingsError> {
        let Some(hooks) = settings.get("hooks") else { return Ok(()) };
        let Value::Object(events) = hooks else { return Err(shape("hooks", "an object")) };
        for (event, listed) in events {
            let listed = listed.list().ok_or_else(|| shape(format!("hooks.{event}"), "a list"))?;
            if !self.grouped && !listed.iter().all(|hook| matches!(hook, Value::Object(_))) {
                return Err(shape(format!("hooks.{event}[]"), "an object"));
            }
            for group in listed.iter().filter(|_| self.grouped) {
                let inner = group.get("hooks").and_then(Value::list);
                let inner = inner.ok_or_else(|| shape(format!("hooks.{event}[].hooks"), "a list"))?;
                if !inner.iter().all(|hook| matches!(hook, Value::Object(_))) {
                    return Err(shape(format!("hooks.{event}[].hooks[]"), "an object"));
                }
            }
        }
        Ok(())
    }

    fn check_kinds(&self, settings: &Value) -> Result<(), SettingsError> {
        let wrong = |(path, kind): &&(&'static str, Kind)| at(settings, path).is_some_and(|value| !kind.is_of(value));
        self.kinds.iter().find(wrong).map_or(Ok(()), |(path, kind)| Err(shape(*path, kind.wanted())))
    }

    /// Each hook with its event and its group (itself, where there are no groups), whatever its type.
    fn each_hook<'a>(&self, settings: &'a Value) -> Vec<(&'a str, &'a Value, &'a Value)> {
        let mut hooks = Vec::new();
        let events = if let Some(Value::Object(events)) = settings.get("hooks") { events.as_slice() } else { &[] };
        for (event, listed) in events {
            for item in listed.list().unwrap_or_default() {
                if self.grouped {
                    let inner = item.get("hooks").and_then(Value::list).unwrap_or_default();
                    hooks.extend(inner.iter().map(|hook| (event.as_str(), item, hook)));
                } else {
                    hooks.push((event.as_str(), item, item));
                }
            }
        }
        hooks
    }

    fn found(&self, settings: &Value) -> Vec<Found> {
        let hooks = self.each_hook(settings).into_iter();
        hooks.filter_map(|(event, group, hook)| self.found_one(event, group, hook)).collect()
    }

    fn found_one(&self, event: &str, group: &Value, hook: &Value) -> Option<Found> {
        let command = entry::command_line(hook)?;
        let number = |key: &str| if let Some(Value::Number(number)) = hook.get(key) { number.as_u64() } else { None };
        Some(Found {
            event: event.to_owned(),
            matcher: group.get("matcher").and_then(Value::text).map(str::to_owned),
            ours: is_ours(&command, self.client),
            command,
            timeout_s: number("timeout").or_else(|| number("timeoutSec")),
            blocks_on_failure: hook.get("onFailure").and_then(Value::text) == Some("block")
                || hook.get("failClosed") == Some(&Value::Bool(true)),
        })
    }

    fn missing_in(&self, settings: &Value, command: &HookCommand) -> Vec<&'static str> {
        let hooks = self.each_hook(settings);
        let is_there = |entry: &Entry| {
            let wanted = self.group(entry, command);
            hooks.iter().any(|(event, found, hook)| {
                *event == entry.event
                    && if self.grouped {
                        found.get("matcher") == wanted.get("matcher")
                            && wanted.get("hooks").and_then(Value::list) == Some(std::slice::from_ref(*hook))
                    } else {
                        **hook == wanted
                    }
            })
        };
        self.entries.iter().filter(|entry| !is_there(entry)).map(|entry| entry.event).collect()
    }

    /// How many hooks of ours there are beyond the ones that should be.
    fn spare(&self, settings: &Value, command: &HookCommand) -> usize {
        let ours = self.found(settings).iter().filter(|found| found.ours).count();
        ours.saturating_sub(self.entries.len() - self.missing_in(settings, command).len())
    }

    fn unforced(&self, settings: &Value) -> Vec<(&'static str, Constant, bool)> {
        self.forced.iter().copied().filter(|(path, value, _)| at(settings, path) != Some(&value.value())).collect()
    }

    /// Takes the forced settings out again; those that a foreign remainder needs stay with it.
    fn unforce(&self, settings: &mut Value) {
        for (path, value, stays) in self.forced {
            let alone = if let Value::Object(members) = &*settings { members.len() == 1 } else { false };
            if at(settings, path) == Some(&value.value()) && (!stays || alone) {
                unset(settings, path);
            }
        }
    }

    fn events_of_ours(&self, settings: &Value) -> Vec<String> {
        let mut events: Vec<String> = Vec::new();
        for found in self.found(settings).into_iter().filter(|found| found.ours) {
            if !events.contains(&found.event) {
                events.push(found.event);
            }
        }
        events
    }

    fn remove_ours(&self, settings: &mut Value) {
        let Value::Object(members) = settings else { return };
        let Some((_, Value::Object(events))) = members.iter_mut().find(|(key, _)| key == "hooks") else { return };
        let had_events = !events.is_empty();
        events.retain_mut(|(_, listed)| {
            keeps(listed, |item| if self.grouped { self.keeps_group(item) } else { self.keeps_hook(item) })
        });
        if had_events && events.is_empty() {
            members.retain(|(key, _)| key != "hooks");
        }
    }

    /// Whether a group still has something to do. One that was already empty stays: it is not ours to tidy.
    fn keeps_group(&self, group: &mut Value) -> bool {
        let Value::Object(members) = group else { return true };
        let Some((_, hooks)) = members.iter_mut().find(|(key, _)| key == "hooks") else { return true };
        keeps(hooks, |hook| self.keeps_hook(hook))
    }

    fn keeps_hook(&self, hook: &Value) -> bool {
        !entry::command_line(hook).is_some_and(|command| is_ours(&command, self.client))
    }

    fn add(&self, settings: &mut Value, entry: &Entry, command: &HookCommand) {
        let Some(Value::Object(events)) = member(settings, "hooks", Value::Object(Vec::new())) else { return };
        let groups = match events.iter().position(|(event, _)| event == entry.event) {
            Some(index) => events.get_mut(index),
            None => {
                events.push((entry.event.to_owned(), Value::List(Vec::new())));
                events.last_mut()
            }
        };
        if let Some((_, Value::List(groups))) = groups {
            groups.push(self.group(entry, command));
        }
    }

    fn warnings(&self, settings: &Value) -> Vec<String> {
        let text = |path| format!("\"{path}\" is true in this file: no hook runs until it is taken out");
        self.switch_in(settings).map(text).into_iter().collect()
    }
}

fn shape(part: impl Into<String>, wanted: &'static str) -> SettingsError {
    SettingsError::Shape { part: part.into(), wanted }
}

/// The member at a path with dots between levels.
pub(crate) fn at<'a>(settings: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(settings, |value, key| value.get(key))
}

/// Puts a value at a path, making the objects on the way; what stands in the way is replaced.
fn set(settings: &mut Value, path: &str, value: Value) {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let Some(slot) = member(settings, key, Value::Object(Vec::new())) else { return };
    match rest {
        None => *slot = value,
        Some(rest) => {
            if !matches!(slot, Value::Object(_)) {
                *slot = Value::Object(Vec::new());
            }
            set(slot, rest, value);
        }
    }
}

/// Takes the member at a path out, and objects that this empties.
fn unset(settings: &mut Value, path: &str) {
    let Value::Object(members) = settings else { return };
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    members.retain_mut(|(name, value)| {
        if name != key {
            return true;
        }
        let Some(rest) = rest else { return false };
        unset(value, rest);
        *value != Value::Object(Vec::new())
    });
}

/// Drops what `keep` says no to; false where this emptied the list.
fn keeps(list: &mut Value, keep: impl FnMut(&mut Value) -> bool) -> bool {
    let Value::List(items) = list else { return true };
    let before = items.len();
    items.retain_mut(keep);
    before == 0 || !items.is_empty()
}

/// The member of that name, put last with `fresh` where there is none.
fn member<'a>(object: &'a mut Value, key: &str, fresh: Value) -> Option<&'a mut Value> {
    let Value::Object(members) = object else { return None };
    if !members.iter().any(|(name, _)| name == key) {
        members.push((key.to_owned(), fresh));
    }
    members.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
}

/// The settings as text, indented and ended as the old text was.
fn written(settings: &Value, old: &str) -> String {
    let mut text = settings.pretty(&indent(old));
    if old.trim().is_empty() || old.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn indent(old: &str) -> String {
    let line = old.lines().find(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty());
    let space = line.map(|line| line.chars().take_while(|char| matches!(char, ' ' | '\t')).take(8).collect());
    space.unwrap_or_else(|| "  ".to_owned())
}
