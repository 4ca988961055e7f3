//! Claude Code's settings file, text to text: our hooks put in, taken out, and found. Everything else in the file stays,
//! in its order. Reads and writes no file.

mod entry;
mod weakens;

use std::fmt;

use crate::claude::settings::entry::{Entry, is_ours};
use crate::ordered::{self, JsonError, Value};

pub use crate::claude::settings::entry::HookCommand;
pub use crate::claude::settings::weakens::weakens_guard;

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
}

impl fmt::Display for SettingsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingsError::Json(error) => write!(out, "the settings are {error}"),
            SettingsError::Shape { part, wanted } => write!(out, "{part:?} in the settings is not {wanted}"),
        }
    }
}

impl std::error::Error for SettingsError {}

/// The settings with exactly our hooks of this command in them, an older one of ours replaced.
///
/// # Errors
/// Where the existing text is not JSON, or its hooks have a shape that the client would not accept.
pub fn plan_install(existing: Option<&str>, command: &HookCommand) -> Result<Change, SettingsError> {
    let text = existing.unwrap_or_default();
    let mut settings = read(text)?;
    check_hooks(&settings)?;
    let mut steps = Vec::new();
    if missing_in(&settings, command).is_empty() && foreign_versions(&settings, command) == 0 {
        return Ok(Change { after: text.to_owned(), steps, warnings: warnings(&settings) });
    }
    let had = events_of_ours(&settings);
    remove_ours(&mut settings);
    for entry in Entry::all() {
        add(&mut settings, &entry, command);
        let verb = if had.iter().any(|event| event == entry.event) { "renew" } else { "add" };
        steps.push(format!("{verb} the hook for {}", entry.event));
    }
    Ok(Change { after: written(&settings, text), steps, warnings: warnings(&settings) })
}

/// The settings without any hook of ours. What held only our hooks goes with them.
///
/// # Errors
/// Where the existing text is not JSON, or its hooks have a shape that the client would not accept.
pub fn plan_uninstall(existing: &str) -> Result<Change, SettingsError> {
    let mut settings = read(existing)?;
    check_hooks(&settings)?;
    let steps: Vec<String> = events_of_ours(&settings).into_iter().map(|event| format!("remove the hook for {event}")).collect();
    if steps.is_empty() {
        return Ok(Change { after: existing.to_owned(), steps, warnings: Vec::new() });
    }
    remove_ours(&mut settings);
    Ok(Change { after: written(&settings, existing), steps, warnings: Vec::new() })
}

/// Every command hook in the settings, ours and others', in their order.
///
/// # Errors
/// Where the text is not JSON, or its hooks have a shape that the client would not accept.
pub fn find_commands(existing: &str) -> Result<Vec<Found>, SettingsError> {
    let settings = read(existing)?;
    check_hooks(&settings)?;
    Ok(found(&settings))
}

/// The events for which exactly our hook of this command is not there.
///
/// # Errors
/// Where the text is not JSON, or its hooks have a shape that the client would not accept.
pub fn missing(existing: &str, command: &HookCommand) -> Result<Vec<&'static str>, SettingsError> {
    let settings = read(existing)?;
    check_hooks(&settings)?;
    Ok(missing_in(&settings, command))
}

/// Whether the settings turn all hooks off.
///
/// # Errors
/// Where the text is not JSON.
pub fn hooks_disabled(existing: &str) -> Result<bool, SettingsError> {
    Ok(read(existing)?.get("disableAllHooks") == Some(&Value::Bool(true)))
}

fn read(text: &str) -> Result<Value, SettingsError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Ok(Value::Object(Vec::new()));
    }
    match ordered::parse(text).map_err(SettingsError::Json)? {
        settings @ Value::Object(_) => Ok(settings),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => Err(shape("the file", "an object")),
    }
}

fn shape(part: impl Into<String>, wanted: &'static str) -> SettingsError {
    SettingsError::Shape { part: part.into(), wanted }
}

/// `hooks` is an object of lists of groups, and each group's `hooks` a list of objects.
fn check_hooks(settings: &Value) -> Result<(), SettingsError> {
    let Some(hooks) = settings.get("hooks") else { return Ok(()) };
    let Value::Object(events) = hooks else { return Err(shape("hooks", "an object")) };
    for (event, groups) in events {
        let groups = groups.list().ok_or_else(|| shape(format!("hooks.{event}"), "a list"))?;
        for group in groups {
            let inner = group.get("hooks").and_then(Value::list);
            let inner = inner.ok_or_else(|| shape(format!("hooks.{event}[].hooks"), "a list"))?;
            if !inner.iter().all(|hook| matches!(hook, Value::Object(_))) {
                return Err(shape(format!("hooks.{event}[].hooks[]"), "an object"));
            }
        }
    }
    Ok(())
}

/// Each hook with its event and its group, whatever its type.
fn each_hook(settings: &Value) -> impl Iterator<Item = (&str, &Value, &Value)> {
    let events = match settings.get("hooks") {
        Some(Value::Object(events)) => events.as_slice(),
        _ => &[],
    };
    events.iter().flat_map(|(event, groups)| {
        groups.list().unwrap_or_default().iter().flat_map(move |group| {
            group.get("hooks").and_then(Value::list).unwrap_or_default().iter().map(move |hook| (event.as_str(), group, hook))
        })
    })
}

fn found(settings: &Value) -> Vec<Found> {
    each_hook(settings).filter_map(|(event, group, hook)| found_one(event, group, hook)).collect()
}

fn found_one(event: &str, group: &Value, hook: &Value) -> Option<Found> {
    let command = entry::command_line(hook)?;
    Some(Found {
        event: event.to_owned(),
        matcher: group.get("matcher").and_then(Value::text).map(str::to_owned),
        ours: is_ours(&command),
        command,
        timeout_s: if let Some(Value::Number(number)) = hook.get("timeout") { number.as_u64() } else { None },
        blocks_on_failure: hook.get("onFailure").and_then(Value::text) == Some("block"),
    })
}

fn missing_in(settings: &Value, command: &HookCommand) -> Vec<&'static str> {
    let is_there = |entry: &Entry| {
        let group = entry.group(command);
        each_hook(settings).any(|(event, found, hook)| {
            event == entry.event
                && found.get("matcher") == group.get("matcher")
                && group.get("hooks").and_then(Value::list) == Some(std::slice::from_ref(hook))
        })
    };
    Entry::all().filter(|entry| !is_there(entry)).map(|entry| entry.event).collect()
}

/// How many hooks of ours there are beyond the ones that should be.
fn foreign_versions(settings: &Value, command: &HookCommand) -> usize {
    let ours = found(settings).iter().filter(|found| found.ours).count();
    ours.saturating_sub(Entry::all().count() - missing_in(settings, command).len())
}

fn events_of_ours(settings: &Value) -> Vec<String> {
    let mut events: Vec<String> = Vec::new();
    for found in found(settings).into_iter().filter(|found| found.ours) {
        if !events.contains(&found.event) {
            events.push(found.event);
        }
    }
    events
}

fn remove_ours(settings: &mut Value) {
    let Value::Object(members) = settings else { return };
    let Some((_, Value::Object(events))) = members.iter_mut().find(|(key, _)| key == "hooks") else { return };
    let had_events = !events.is_empty();
    events.retain_mut(|(_, groups)| keeps(groups, keeps_group));
    if had_events && events.is_empty() {
        members.retain(|(key, _)| key != "hooks");
    }
}

/// Whether a group still has something to do. One that was already empty stays: it is not ours to tidy.
fn keeps_group(group: &mut Value) -> bool {
    let Value::Object(members) = group else { return true };
    let Some((_, hooks)) = members.iter_mut().find(|(key, _)| key == "hooks") else { return true };
    keeps(hooks, |hook| !entry::command_line(hook).is_some_and(|command| is_ours(&command)))
}

/// Drops what `keep` says no to; false where this emptied the list.
fn keeps(list: &mut Value, keep: impl FnMut(&mut Value) -> bool) -> bool {
    let Value::List(items) = list else { return true };
    let before = items.len();
    items.retain_mut(keep);
    before == 0 || !items.is_empty()
}

fn add(settings: &mut Value, entry: &Entry, command: &HookCommand) {
    let Some(Value::Object(events)) = member(settings, "hooks", Value::Object(Vec::new())) else { return };
    let groups = match events.iter().position(|(event, _)| event == entry.event) {
        Some(index) => events.get_mut(index),
        None => {
            events.push((entry.event.to_owned(), Value::List(Vec::new())));
            events.last_mut()
        }
    };
    if let Some((_, Value::List(groups))) = groups {
        groups.push(entry.group(command));
    }
}

/// The member of that name, put last with `fresh` where there is none.
fn member<'a>(object: &'a mut Value, key: &str, fresh: Value) -> Option<&'a mut Value> {
    let Value::Object(members) = object else { return None };
    if !members.iter().any(|(name, _)| name == key) {
        members.push((key.to_owned(), fresh));
    }
    members.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
}

fn warnings(settings: &Value) -> Vec<String> {
    let disabled = settings.get("disableAllHooks") == Some(&Value::Bool(true));
    let text = "\"disableAllHooks\" is true in this file: no hook runs until it is taken out";
    if disabled { vec![text.to_owned()] } else { Vec::new() }
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
