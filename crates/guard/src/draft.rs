//! Drafts the map's entry for a tool that nobody has described: from its name, its description, the names of its arguments
//! and its annotations. In: what a server says of its tools. Out: entries for people to look through.
//!
//! All of it is the server's word. What a name says outweighs an annotation that says less: a tool called `send_money` is no
//! reader for calling itself one. What is not understood stays `unknown`, which asks.

mod domain;
mod verb;
mod words;

use bailiwick_vocab::effect::ToolKnowledge;
use bailiwick_vocab::map::{Act, Tool};
use bailiwick_vocab::origin::Voice;
use serde_json::Value;

use domain::Domain;
use verb::Verb;
use words::{has, words};

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
    let said = words(&tool.description);
    let domain = domain::domain(&name, &said, chats);
    let kind = verb::verb(&name, &said);
    let acts = act(&name, tool, kind, domain);
    let does = knowledge(&name, acts, kind, tool);
    let mut entry = Tool { acts, ..Tool::that(does) };
    arguments(&mut entry, tool, &name, domain);
    if does == ToolKnowledge::ReadOnly || does == ToolKnowledge::Unknown {
        returns(&mut entry, &name, domain);
    } else {
        // An answer to what was done: it may repeat others' words, and what it gives numbers to is the service's.
        own(&mut entry, &[words::COMMON_FIELDS]);
    }
    entry
}

fn act(name: &[String], tool: &Offered, kind: Option<Verb>, domain: Domain) -> Option<Act> {
    let is = |list: &str| has(name, list);
    let names = |list: &str| tool.arguments.iter().any(|(argument, _)| has(&words(argument), list));
    let money = domain == Domain::Money && !is(words::NOT_MONEY);
    match kind {
        Some(Verb::Read) => return None,
        Some(Verb::Remove) => return Some(Act::Remove),
        Some(Verb::Pay) => return Some(Act::Pay),
        Some(Verb::Write | Verb::Send | Verb::Grant | Verb::Order | Verb::Post) | None if money => return Some(Act::Pay),
        Some(Verb::Order) => return Some(Act::Order),
        Some(Verb::Write | Verb::Post | Verb::Send) if is(words::BOOKINGS) && is("make create place add new submit send") => {
            return Some(Act::Order);
        }
        Some(Verb::Write) if is("permission access collaborator") => return Some(Act::Grant),
        Some(Verb::Post | Verb::Write) if names(words::WEB_ARGUMENTS) => return Some(Act::Post),
        Some(Verb::Grant) => return Some(Act::Grant),
        Some(Verb::Post) if is(words::PUBLISHED) && !is(words::CHANNELS) => return Some(Act::Post),
        Some(Verb::Send | Verb::Post) if is(words::SEND) || kind == Some(Verb::Send) => return Some(Act::Send),
        Some(Verb::Write | Verb::Send | Verb::Post) | None => {}
    }
    if is("add assign") && is(words::PEOPLE) && domain != Domain::Contacts {
        return Some(Act::Grant);
    }
    if kind == Some(Verb::Write) && is(words::CHANGE) && is(words::ACCOUNT) {
        return Some(Act::Set);
    }
    if kind == Some(Verb::Write) && is(words::PUBLISHED) && is("add create make new write open edit update comment") {
        return Some(Act::Post);
    }
    // Whoever stands there hears of it, whatever else the tool does.
    (kind.is_some() && names(words::HEARERS)).then_some(Act::Send)
}

fn knowledge(name: &[String], act: Option<Act>, kind: Option<Verb>, tool: &Offered) -> ToolKnowledge {
    if act == Some(Act::Remove) || tool.destructive == Some(true) && kind != Some(Verb::Read) && act.is_none() {
        return ToolKnowledge::Destructive;
    }
    match (kind, act) {
        (_, Some(_)) => ToolKnowledge::Writes,
        (Some(Verb::Read), None) if tool.read_only == Some(false) => ToolKnowledge::Writes,
        (Some(Verb::Read), None) => ToolKnowledge::ReadOnly,
        (Some(Verb::Write | Verb::Remove | Verb::Send | Verb::Grant | Verb::Order | Verb::Post | Verb::Pay), None) => {
            ToolKnowledge::Writes
        }
        (None, None) if tool.read_only == Some(true) || verb::only_names(name) => ToolKnowledge::ReadOnly,
        (None, None) => ToolKnowledge::Unknown,
    }
}

fn arguments(entry: &mut Tool, tool: &Offered, name: &[String], domain: Domain) {
    let writes = entry.does == ToolKnowledge::Writes;
    for (argument, _) in &tool.arguments {
        let named = words(argument);
        let is = |list: &str| has(&named, list);
        let identifier = is(words::IDENTIFIERS);
        let people = is(words::PEOPLE_ARGUMENTS);
        match entry.acts {
            Some(Act::Remove) if identifier || people || is(words::NAMES) => entry.of.push(argument.clone()),
            Some(Act::Set) if !identifier => entry.sets.push(argument.clone()),
            Some(Act::Pay) if is(words::AMOUNTS) => entry.amount = Some(argument.clone()),
            Some(Act::Pay) if is("reference ref") => {}
            Some(Act::Pay) if is(words::SOURCES) && !is("recipient") => {}
            Some(Act::Send | Act::Pay | Act::Grant) if identifier && people && !is(words::LETTERS) => {
                entry.to.push(argument.clone())
            }
            Some(Act::Order) if identifier && !is(words::OWN) => entry.to.push(argument.clone()),
            Some(Act::Send | Act::Post) | None if writes && is(words::TITLES) && !identifier => {
                entry.names.push(argument.clone())
            }
            Some(_) | None if is(words::TEXTS) && !identifier => {}
            Some(_) | None if identifier => entry.of.push(argument.clone()),
            Some(Act::Post) | None if is(words::WEB_ARGUMENTS) => entry.reaches = Some(argument.clone()),
            Some(Act::Order) if is(words::PLACES) => entry.to.push(argument.clone()),
            // How many come is nobody's name.
            Some(Act::Order) if is(words::COUNTED) => {}
            Some(Act::Send | Act::Pay | Act::Grant | Act::Order) if people => entry.to.push(argument.clone()),
            None if entry.does == ToolKnowledge::ReadOnly && is(words::PATHS) => entry.reads = Some(argument.clone()),
            Some(_) | None => {}
        }
    }
    // What is booked under a bare name.
    if entry.acts == Some(Act::Order) && entry.to.is_empty() {
        let named = tool.arguments.iter().map(|(argument, _)| argument).filter(|argument| has(&words(argument), words::NAMES));
        entry.to.extend(named.cloned());
    }
    // Whom it gives access, and what is booked or paid, is not understood: any other argument may say it.
    if matches!(entry.acts, Some(Act::Grant | Act::Order | Act::Pay)) && entry.to.is_empty() {
        let how = |argument: &str| [words::HOW, words::TEXTS, words::AMOUNTS].iter().any(|list| has(&words(argument), list));
        let unclear = tool.arguments.iter().map(|(argument, _)| argument).filter(|argument| !how(argument));
        entry.to = unclear.filter(|argument| !entry.of.contains(argument)).cloned().collect();
    }
    // An answer goes to whoever wrote what it answers.
    let answers = has(name, "reply respond answer") && matches!(domain, Domain::Mail | Domain::Chat | Domain::Sent);
    if entry.acts == Some(Act::Send) && entry.to.is_empty() && answers {
        entry.to = std::mem::take(&mut entry.of);
    }
    // Money goes to whoever stands in what is paid; a text goes where it is put.
    if entry.acts == Some(Act::Pay) && entry.to.is_empty() {
        entry.to = std::mem::take(&mut entry.of);
    }
    if matches!(entry.acts, Some(Act::Send | Act::Post)) && entry.to.is_empty() {
        let boards = tool.arguments.iter().map(|(argument, _)| argument).filter(|argument| has(&words(argument), words::BOARDS));
        entry.to.extend(boards.filter(|board| !entry.of.contains(board)).cloned());
    }
    if entry.acts == Some(Act::Post) && entry.to.is_empty() && entry.reaches.is_none() {
        entry.to = std::mem::take(&mut entry.of);
    }
}

/// Who writes what a reading tool returns, and which fields of it the owner sets.
fn returns(entry: &mut Tool, name: &[String], domain: Domain) {
    entry.secret = has(name, words::SECRETS);
    match domain {
        Domain::Own => {
            entry.untrusted = false;
            // A text among it may be others' all the same.
            entry.voice = Some(Voice::Strangers);
            own(entry, &["* . - key entry"]);
        }
        // Whoever sends a bill says whom to pay.
        Domain::Money if has(name, "invoice bill") => own(entry, &[words::COMMON_FIELDS]),
        Domain::Money | Domain::Calendar => own(entry, &[words::COMMON_FIELDS, words::PEOPLE_FIELDS]),
        Domain::Chat => {
            entry.voice = Some(Voice::Members);
            own(entry, &[words::COMMON_FIELDS, words::PEOPLE_FIELDS]);
        }
        Domain::Directory => own(entry, &["- key", words::COMMON_FIELDS, words::PEOPLE_FIELDS, words::CONTACT_FIELDS]),
        Domain::Contacts => own(entry, &["* - key . entry"]),
        Domain::Catalogue => own(entry, &["* - key line"]),
        Domain::Bookings => own(entry, &["* - key"]),
        Domain::Sent => own(entry, &[words::COMMON_FIELDS, words::PEOPLE_FIELDS, "to cc bcc"]),
        Domain::Mail => {
            own(entry, &[words::COMMON_FIELDS]);
            entry.from = words::LETTER_FIELDS.split_ascii_whitespace().map(str::to_owned).collect();
        }
        Domain::Customers => {
            own(entry, &[words::COMMON_FIELDS]);
            entry.from = words::REACH_FIELDS.split_ascii_whitespace().map(str::to_owned).collect();
        }
        Domain::Reviews | Domain::Strangers => own(entry, &[words::COMMON_FIELDS]),
        Domain::Web => {}
    }
}

fn own(entry: &mut Tool, fields: &[&str]) {
    entry.owned = fields.iter().flat_map(|fields| fields.split_ascii_whitespace()).map(str::to_owned).collect();
}
