//! Effects of tools other than the shell: the agent's own file, web and agent tools, skills, and tools that only the
//! map describes.

use bailiwick_vocab::effect::{Deed, Effect, Reversibility, Target, ToolKnowledge, WriteMode};
use bailiwick_vocab::map::{Act, Map, Tool};
use serde_json::Value;

use crate::world::World;
use crate::{url, walk};

/// Longest text of a skill that is read for commands.
const MAX_SKILL_BYTES: usize = 65_536;
/// Commands of a skill that are walked.
const MAX_SKILL_COMMANDS: usize = 32;

/// One file is read.
pub(crate) fn read(path: &str, cwd: &str, world: &dyn World) -> Effect {
    Effect::new(Deed::Read(target(path, cwd, world)), None)
}

/// One file is made or replaced. We keep what was there.
pub(crate) fn write(path: &str, cwd: &str, world: &dyn World) -> Effect {
    kept(Deed::Write { target: target(path, cwd, world), mode: WriteMode::Replace })
}

/// One file is changed in part. We keep what was there.
pub(crate) fn edit(path: &str, cwd: &str, world: &dyn World) -> Effect {
    kept(Deed::Write { target: target(path, cwd, world), mode: WriteMode::Change })
}

/// One file is deleted. We keep what was there.
pub(crate) fn delete(path: &str, cwd: &str, world: &dyn World) -> Effect {
    kept(Deed::Delete(target(path, cwd, world)))
}

/// Names, and perhaps contents, below a directory are read.
pub(crate) fn search(path: Option<&str>, cwd: &str, world: &dyn World) -> Effect {
    let mut target = target(path.unwrap_or("."), cwd, world);
    target.tree = true;
    Effect::new(Deed::Read(target), None)
}

/// A web page is fetched.
pub(crate) fn fetch(address: &str) -> Effect {
    let Some(url) = url::parse(address) else { return connect("*".to_owned(), None, "https".to_owned()) };
    if url.scheme == "file" {
        return Effect::new(Deed::Read(Target::new(url.path)), None);
    }
    connect(url.host, url.port, url.scheme)
}

/// A search engine is asked: by the agent's own provider, whose host the agent does not name.
pub(crate) fn web_search() -> Effect {
    let deed = Deed::Connect {
        host: "web-search".to_owned(),
        port: None,
        scheme: "search".to_owned(),
        method: None,
        upload: false,
        path: None,
        bytes: None,
    };
    Effect::new(deed, None)
}

fn connect(host: String, port: Option<u16>, scheme: String) -> Effect {
    Effect::new(
        Deed::Connect { host, port, scheme, method: Some("GET".to_owned()), upload: false, path: None, bytes: None },
        None,
    )
}

/// Instructions are loaded. Commands that stand in them run at once, and no hook sees them.
pub(crate) fn skill(name: &str, _args: &str, cwd: &str, world: &dyn World) -> Vec<Effect> {
    let tool = format!("skill:{name}");
    let mut effects = vec![Effect::new(Deed::Call { server: String::new(), tool, knowledge: ToolKnowledge::Writes }, None)];
    for path in skill_files(name, cwd, world) {
        let Some(text) = world.text(&path, MAX_SKILL_BYTES) else { continue };
        for command in inline_commands(&text) {
            effects.extend(walk::shell(&command, cwd, world));
        }
    }
    effects
}

/// Where a skill or command of that name may lie.
fn skill_files(name: &str, cwd: &str, world: &dyn World) -> Vec<String> {
    let plain = name.rsplit(':').next().unwrap_or(name);
    if plain.is_empty() || plain.contains("..") || plain.starts_with('/') {
        return Vec::new();
    }
    let nested = name.replace(':', "/");
    let homes = [Some(cwd.to_owned()), world.home()];
    let mut files = Vec::new();
    for home in homes.into_iter().flatten().filter(|home| home.starts_with('/')) {
        let home = home.trim_end_matches('/');
        files.push(format!("{home}/.claude/skills/{plain}/SKILL.md"));
        files.push(format!("{home}/.claude/commands/{plain}.md"));
        if nested != plain {
            files.push(format!("{home}/.claude/commands/{nested}.md"));
        }
    }
    files
}

/// Commands between `` !` `` and `` ` ``, and in fences opened with ```` ```! ````.
fn inline_commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("!`") {
        let after = rest.get(at + 2..).unwrap_or_default();
        let Some(end) = after.find('`') else { break };
        commands.push(after.get(..end).unwrap_or_default().to_owned());
        rest = after.get(end + 1..).unwrap_or_default();
    }
    let mut rest = text;
    while let Some(at) = rest.find("```!") {
        let after = rest.get(at + 4..).unwrap_or_default();
        let end = after.find("```").unwrap_or(after.len());
        commands.push(after.get(..end).unwrap_or_default().to_owned());
        rest = after.get(end..).unwrap_or_default().trim_start_matches('`');
    }
    commands.retain(|command| !command.trim().is_empty());
    commands.truncate(MAX_SKILL_COMMANDS);
    commands
}

/// A tool of an MCP server: what the map says, else that it is not described.
pub(crate) fn mcp(server: &str, tool: &str, input: &Value, cwd: &str, map: &Map, world: &dyn World) -> Vec<Effect> {
    let entry = map.of_server(server, tool);
    let knowledge = entry.map_or(ToolKnowledge::Undescribed, |entry| entry.does);
    described(server, tool, knowledge, entry, input, cwd, world)
}

/// A tool that only the map can describe.
pub(crate) fn named(name: &str, input: &Value, cwd: &str, map: &Map, world: &dyn World) -> Vec<Effect> {
    let entry = map.tools.get(name);
    let knowledge = entry.map_or(ToolKnowledge::Unknown, |entry| entry.does);
    described("", name, knowledge, entry, input, cwd, world)
}

fn described(
    server: &str,
    tool: &str,
    knowledge: ToolKnowledge,
    entry: Option<&Tool>,
    input: &Value,
    cwd: &str,
    world: &dyn World,
) -> Vec<Effect> {
    let deed = Deed::Call { server: server.to_owned(), tool: tool.to_owned(), knowledge };
    let mut effects = vec![Effect::new(deed, None)];
    let Some(entry) = entry else { return effects };
    if let Some(argument) = &entry.reads {
        effects.extend(texts(input, argument).iter().map(|path| read(path, cwd, world)));
    }
    if let Some(argument) = &entry.writes {
        let write = |path: &String| Effect::new(Deed::Write { target: target(path, cwd, world), mode: WriteMode::Replace }, None);
        effects.extend(texts(input, argument).iter().map(write));
    }
    if let Some(argument) = &entry.reaches {
        let fetch = |address: &String| if entry.acts == Some(Act::Post) { upload(address) } else { fetch(address) };
        effects.extend(texts(input, argument).iter().map(fetch));
    }
    effects.extend(entry.acts.iter().flat_map(|act| acts(*act, if server.is_empty() { tool } else { server }, entry, input)));
    effects
}

/// What a tool does to others.
fn acts(act: Act, by: &str, entry: &Tool, input: &Value) -> Vec<Effect> {
    let send = |channel: &str| {
        let deed = |recipient| Deed::Send { channel: channel.to_owned(), recipient };
        reached(entry, input).into_iter().map(deed).collect()
    };
    let deeds: Vec<Deed> = match act {
        Act::Send => send(by),
        Act::Grant => send("access"),
        Act::Order => send("order"),
        Act::Pay => {
            let amount = entry.amount.iter().flat_map(|argument| texts(input, argument)).next().unwrap_or_default();
            let deed = |recipient| Deed::Pay { recipient, amount: amount.clone() };
            reached(entry, input).into_iter().map(deed).collect()
        }
        Act::Post if entry.reaches.is_some() => Vec::new(),
        Act::Post => {
            reached(entry, input).into_iter().map(|registry| Deed::Publish { registry, package: String::new() }).collect()
        }
        // The call itself says that it destroys.
        Act::Remove => Vec::new(),
        Act::Set => {
            let set = entry.sets.iter().filter(|argument| !texts(input, argument).is_empty());
            set.map(|argument| Deed::Configure { what: format!("account: {}", argument.to_lowercase()) }).collect()
        }
    };
    deeds.into_iter().map(|deed| Effect::new(deed, None)).collect()
}

/// Whom or what a call reaches, each of them; one that is not named where none is.
fn reached(entry: &Tool, input: &Value) -> Vec<String> {
    let mut named: Vec<String> = entry.to.iter().flat_map(|argument| texts(input, argument)).collect();
    if named.is_empty() {
        named.push(String::new());
    }
    named
}

/// Something is sent to an address.
fn upload(address: &str) -> Effect {
    let mut effect = fetch(address);
    if let Deed::Connect { upload, method, .. } = &mut effect.deed {
        *upload = true;
        *method = Some("POST".to_owned());
    }
    effect
}

/// The texts of an argument: one, or however many lie in it.
fn texts(input: &Value, argument: &str) -> Vec<String> {
    input.get(argument).map(leaves).unwrap_or_default()
}

fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(items) => items.iter().flat_map(leaves).collect(),
        Value::Object(fields) => fields.values().flat_map(leaves).collect(),
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

fn kept(deed: Deed) -> Effect {
    Effect { reversible: Reversibility::Reversible, ..Effect::new(deed, None) }
}

/// A path as the agent wrote it, made absolute. Agents expand `~` themselves.
fn target(path: &str, cwd: &str, world: &dyn World) -> Target {
    if path.starts_with('/') {
        return Target::new(path);
    }
    let home = if path == "~" { Some("") } else { path.strip_prefix("~/") };
    let (base, rest) = match home {
        Some(rest) => (world.home(), rest),
        None => (Some(cwd.to_owned()).filter(|cwd| cwd.starts_with('/')), path),
    };
    match base {
        Some(base) => {
            let full = format!("{}/{rest}", base.trim_end_matches('/'));
            Target { given: Some(path.to_owned()), ..Target::new(full) }
        }
        None => Target::unknown(path),
    }
}
