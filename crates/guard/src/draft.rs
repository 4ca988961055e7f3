//! Drafts the map's entry for a tool that nobody has described: from its name, its description, the names of its arguments
//! and its annotations. In: what a server says of its tools. Out: entries for people to look through.
//!
//! All of it is the server's word. What a name says outweighs an annotation that says less: a tool called `send_money` is no
//! reader for calling itself one. What is not understood stays `unknown`, which asks.

mod words;

use bailiwick_vocab::effect::ToolKnowledge;
use bailiwick_vocab::map::{Act, Tool};
use bailiwick_vocab::origin::Voice;
use serde_json::Value;

use words::{Domain, has, words};

/// A tool as its server describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: String,
    /// Its arguments: name and description.
    pub arguments: Vec<(String, String)>,
    /// Whether it calls itself read-only; whether destructive.
    pub read_only: Option<bool>,
    /// The same for destroying.
    pub destructive: Option<bool>,
}

/// The tools in an MCP `tools/list` result: the result itself, the whole answer, or the plain list.
///
/// # Errors
/// What of it is no list of tools.
pub fn offered(listed: &Value) -> Result<Vec<Offered>, String> {
    let list = [listed.pointer("/result/tools"), listed.get("tools"), Some(listed)];
    let list = list.into_iter().flatten().find_map(Value::as_array).ok_or("there is no list of tools in it")?;
    list.iter().enumerate().map(|(at, tool)| one(tool).ok_or_else(|| format!("tool {at} has no name"))).collect()
}

fn one(tool: &Value) -> Option<Offered> {
    // Some clients wrap each in `function`.
    let tool = tool.get("function").unwrap_or(tool);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = text(tool, "name");
    let schema = ["inputSchema", "input_schema", "parameters"].iter().find_map(|key| tool.get(key));
    let properties = schema.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let arguments = properties.into_iter().flatten().map(|(name, schema)| (name.clone(), text(schema, "description"))).collect();
    let hint = |key: &str| tool.pointer(&format!("/annotations/{key}")).and_then(Value::as_bool);
    let (read_only, destructive) = (hint("readOnlyHint"), hint("destructiveHint"));
    (!name.is_empty()).then(|| Offered { name, description: text(tool, "description"), arguments, read_only, destructive })
}

/// The entries of all tools of one provider, in their order. What the others do tells what a common word means: an inbox
/// beside channels is a chat's.
#[must_use]
pub fn drafts(tools: &[Offered]) -> Vec<(String, Tool)> {
    let chats = tools.iter().any(|tool| has(&words(&tool.name), words::CHANNELS));
    tools.iter().map(|tool| (tool.name.clone(), draft(tool, chats))).collect()
}

fn draft(tool: &Offered, chats: bool) -> Tool {
    let name = words(&tool.name);
    let domain = words::domain(&name, &words(&tool.description), chats);
    let acts = act(&name, tool, domain);
    let does = knowledge(&name, acts, tool);
    let mut entry = Tool { acts, ..Tool::that(does) };
    arguments(&mut entry, tool);
    if does == ToolKnowledge::ReadOnly || does == ToolKnowledge::Unknown {
        returns(&mut entry, &name, domain);
    } else {
        // An answer to what was done: the service's own words, but it may repeat others'.
        entry.voice = None;
    }
    entry
}

fn act(name: &[String], tool: &Offered, domain: Domain) -> Option<Act> {
    let verb = name.first().map_or("", String::as_str);
    let is = |list: &[&str]| has(name, list);
    if words::READ.contains(&verb) {
        return None;
    }
    if is(words::REMOVE) {
        return Some(Act::Remove);
    }
    if domain == Domain::Money && !is(words::NOT_MONEY) {
        return Some(Act::Pay);
    }
    if is(words::ORDER) {
        return Some(Act::Order);
    }
    let names = |list: &[&str]| tool.arguments.iter().any(|(argument, _)| has(&words(argument), list));
    if is(words::GRANT) || (matches!(verb, "add" | "assign") && is(words::PEOPLE)) {
        return Some(Act::Grant);
    }
    if is(words::POST) && names(words::WEB_ARGUMENTS) {
        return Some(Act::Post);
    }
    if is(words::SEND) {
        return Some(Act::Send);
    }
    if is(words::CHANGE) && is(words::ACCOUNT) {
        return Some(Act::Set);
    }
    // Whoever stands there hears of it, whatever else the tool does.
    names(words::HEARERS).then_some(Act::Send)
}

fn knowledge(name: &[String], act: Option<Act>, tool: &Offered) -> ToolKnowledge {
    let verb = name.first().map_or("", String::as_str);
    if act == Some(Act::Remove) || tool.destructive == Some(true) && !words::READ.contains(&verb) && act.is_none() {
        return ToolKnowledge::Destructive;
    }
    if act.is_some() {
        return ToolKnowledge::Writes;
    }
    // A name without a verb is explained by what is said of it.
    let said = words(&tool.description);
    let reads = words::READ.contains(&verb) || (!has(name, words::WRITE) && has(said.get(..1).unwrap_or_default(), words::READ));
    match (reads, has(name, words::WRITE), tool.read_only) {
        (true, _, Some(false)) => ToolKnowledge::Writes,
        (true, _, _) => ToolKnowledge::ReadOnly,
        (false, true, _) => ToolKnowledge::Writes,
        (false, false, Some(true)) => ToolKnowledge::ReadOnly,
        (false, false, _) => ToolKnowledge::Unknown,
    }
}

fn arguments(entry: &mut Tool, tool: &Offered) {
    for (argument, _) in &tool.arguments {
        let named = words(argument);
        let is = |list: &[&str]| has(&named, list);
        let identifier = is(words::IDENTIFIERS);
        match entry.acts {
            Some(Act::Remove) if identifier || is(words::PEOPLE_ARGUMENTS) || is(words::NAMES) => entry.of.push(argument.clone()),
            Some(Act::Set) if !identifier => entry.sets.push(argument.clone()),
            Some(Act::Pay) if is(words::AMOUNTS) => entry.amount = Some(argument.clone()),
            Some(_) | None if is(words::TEXTS) => {}
            Some(_) | None if identifier => entry.of.push(argument.clone()),
            Some(Act::Post) | None if is(words::WEB_ARGUMENTS) => entry.reaches = Some(argument.clone()),
            Some(Act::Order) if is(words::PLACES) => entry.to.push(argument.clone()),
            Some(Act::Send | Act::Pay | Act::Grant | Act::Order) if is(words::PEOPLE_ARGUMENTS) => {
                entry.to.push(argument.clone())
            }
            None if entry.does == ToolKnowledge::ReadOnly && is(words::PATHS) => entry.reads = Some(argument.clone()),
            Some(_) | None => {}
        }
    }
    // What is booked under a bare name.
    if entry.acts == Some(Act::Order) && entry.to.is_empty() {
        let named = tool.arguments.iter().map(|(argument, _)| argument).filter(|argument| has(&words(argument), words::NAMES));
        entry.to.extend(named.cloned());
    }
}

/// Who writes what a reading tool returns, and which fields of it the owner sets.
fn returns(entry: &mut Tool, name: &[String], domain: Domain) {
    entry.secret = has(name, words::SECRETS);
    let fields =
        |entry: &mut Tool, lists: &[&[&str]]| entry.owned = lists.concat().iter().map(|field| (*field).to_owned()).collect();
    match domain {
        Domain::Own => {
            entry.untrusted = false;
            fields(entry, &[&["*", "."]]);
        }
        Domain::Money | Domain::Calendar => fields(entry, &[words::COMMON_FIELDS, words::PEOPLE_FIELDS]),
        Domain::Chat => {
            entry.voice = Some(Voice::Members);
            fields(entry, &[words::COMMON_FIELDS, words::PEOPLE_FIELDS]);
        }
        Domain::Directory => fields(entry, &[&["-", "key"], words::COMMON_FIELDS, words::PEOPLE_FIELDS, words::CONTACT_FIELDS]),
        Domain::Catalogue => fields(entry, &[&["line"]]),
        Domain::Sent => fields(entry, &[words::COMMON_FIELDS, words::PEOPLE_FIELDS, &["to", "cc", "bcc"]]),
        Domain::Reviews => fields(entry, &[&["key"], words::COMMON_FIELDS]),
        Domain::Strangers => fields(entry, &[words::COMMON_FIELDS]),
        Domain::Web => {}
    }
}
