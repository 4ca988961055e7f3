//! Gemini CLI's rules: policy files (`[[rule]]`) and the tool lists of `settings.json`, as version 0.61 reads them.
//!
//! There the rule of the highest priority holds; here the strictest does. So a rule below a weaker one is given that as
//! its exception, where that is a part of it; where it is not, the stricter one holds in full.

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::permission::{About, Permission, Piece, Purpose, Wild};
use serde_json::Value;

use super::{Rules, RulesError, Said, Source, command, texts, word};
use crate::ordered;

/// Members of settings by which a file is known for Gemini CLI's.
pub(super) const KEYS: [&str; 7] =
    ["tools", "mcp", "coreTools", "excludeTools", "allowedTools", "allowMCPServers", "excludeMCPServers"];

/// What settings' lists count as, on the scale of a policy file's priorities.
const SERVERS_EXCLUDED: i64 = 900;
const TOOLS_EXCLUDED: i64 = 400;
const TOOLS_CONFIRMED: i64 = 350;
const TOOLS_ALLOWED: i64 = 300;
const TOOLS_CORE: i64 = 250;
const SERVERS_TRUSTED: i64 = 200;
const SERVERS_ALLOWED: i64 = 100;
/// How far the denial of all else lies below a list that narrows.
const BELOW: i64 = 10;

const SHELL: &str = "run_shell_command";
const MODES: [&str; 4] = ["default", "autoEdit", "plan", "yolo"];

/// Conditions of a rule that nothing here can see.
const CONDITIONS: [(&str, &str); 6] = [
    ("commandRegex", "a regular expression over the command's text: policy looks at the program and its arguments"),
    ("argsPattern", "a regular expression over the arguments' JSON: policy looks at effects"),
    ("toolAnnotations", "what a server says of its own tool is not trusted: describe the tool in the map"),
    ("interactive", "it holds only with, or only without, a person at the screen"),
    ("subagent", "it holds only for one sub-agent, and Gemini CLI's hooks do not say which one calls"),
    ("safety_checker", "checkers are Gemini CLI's own"),
];

/// Rules with the priority at which they stand.
#[derive(Default)]
struct Ranked {
    rules: Rules,
    priorities: Vec<i64>,
}

impl Ranked {
    fn put(&mut self, origin: &str, verdict: Verdict, priority: i64, said: Said) -> Option<&mut Permission> {
        let before = self.rules.permissions.len();
        self.rules.put(Source::GeminiCli, origin, verdict, said);
        self.priorities.resize(self.rules.permissions.len(), priority);
        self.rules.permissions.get_mut(before)
    }

    /// Gives each rule the weaker ones that stand above it as its exceptions.
    fn settle(mut self) -> Rules {
        let all = self.rules.permissions.iter().zip(&self.priorities);
        let all: Vec<(i64, Verdict, About)> = all.map(|(own, priority)| (*priority, own.verdict, own.about.clone())).collect();
        for (permission, own) in self.rules.permissions.iter_mut().zip(&self.priorities) {
            let above = all.iter().filter(|(priority, verdict, about)| {
                priority > own && *verdict < permission.verdict && excepts(&permission.about, about)
            });
            permission.except = above.map(|(_, _, about)| about.clone()).collect();
        }
        self.rules
    }
}

/// Whether `inner` is a part of `outer`. A whole tool is no part of one of its commands.
fn excepts(outer: &About, inner: &About) -> bool {
    match (outer, inner) {
        (About::Commands(outer), About::Commands(inner)) => {
            outer.iter().any(|line| inner.iter().any(|own| own.program == line.program))
        }
        (About::Tools { names, .. }, About::Commands(_)) => names.iter().any(|name| covers(name, SHELL)),
        (About::Tools { names, .. }, About::Tools { names: inner, .. }) => {
            inner.iter().any(|own| names.iter().any(|name| own.plain().is_some_and(|own| covers(name, own))))
        }
        (About::Tools { names, .. }, About::ServerTools { .. }) => names.iter().any(|name| name.0 == [Piece::Any]),
        (_, _) => false,
    }
}

fn covers(name: &Wild, tool: &str) -> bool {
    name.0 == [Piece::Any] || name.plain() == Some(tool)
}

/// Reads a policy file.
pub(super) fn policy(text: &str) -> Result<Rules, RulesError> {
    let value = super::toml(text)?;
    let mut ranked = Ranked::default();
    let shape = |field: &str, wanted| RulesError::Shape { field: field.to_owned(), wanted };
    let list = match value.get("rule") {
        None => &[],
        Some(list) => list.as_array().ok_or_else(|| shape("rule", "a list of tables"))?.as_slice(),
    };
    for rule in list {
        self::rule(&mut ranked, rule)?;
    }
    for (key, _) in value.as_object().into_iter().flatten().filter(|(key, _)| *key != "rule") {
        let why = CONDITIONS.iter().find(|(name, _)| name == key).map_or("this table is not known here", |(_, why)| why);
        ranked.rules.lose(key, None, why);
    }
    Ok(ranked.settle())
}

fn rule(ranked: &mut Ranked, rule: &Value) -> Result<(), RulesError> {
    let shape = |field: &str, wanted| RulesError::Shape { field: format!("rule.{field}"), wanted };
    let verdict = match rule.get("decision").and_then(Value::as_str) {
        Some("allow") => Verdict::Allow,
        Some("ask_user") => Verdict::Ask,
        Some("deny") => Verdict::Deny,
        Some(_) | None => return Err(shape("decision", "allow, deny or ask_user")),
    };
    let priority = rule.get("priority").map_or(Some(0), Value::as_i64).ok_or_else(|| shape("priority", "a whole number"))?;
    let reason = rule.get("denyMessage").and_then(Value::as_str).map(str::to_owned);
    for (origin, said) in subjects(rule)? {
        let said = conditions(rule, verdict).and(said);
        if let Some(permission) =
            ranked.put(&format!("{} {origin} (priority {priority})", word(verdict)), verdict, priority, said)
        {
            permission.reason.clone_from(&reason);
        }
    }
    Ok(())
}

/// Why the rule holds only sometimes, in ways that cannot be said.
fn conditions(rule: &Value, verdict: Verdict) -> Result<(), String> {
    if let Some((_, why)) = CONDITIONS.iter().find(|(key, _)| rule.get(key).is_some()) {
        return Err((*why).to_owned());
    }
    let Some(modes) = rule.get("modes").and_then(Value::as_array).filter(|modes| !modes.is_empty()) else { return Ok(()) };
    let named = |mode: &str| modes.iter().any(|own| own.as_str() == Some(mode));
    // Plan mode is the strictest: a denial that also holds there closes nothing that was open.
    let all = MODES.iter().filter(|mode| verdict == Verdict::Allow || **mode != "plan").all(|mode| named(mode));
    if all { Ok(()) } else { Err("it holds only in some of Gemini CLI's modes, which its hooks do not name".to_owned()) }
}

/// What a rule of a policy file is about: one entry for each tool or command that it lists.
fn subjects(rule: &Value) -> Result<Vec<(String, Said)>, RulesError> {
    let many = |key: &str| match rule.get(key) {
        None => Ok(Vec::new()),
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(_) => texts(rule, key, &format!("rule.{key}")),
    };
    let (tools, prefixes) = (many("toolName")?, many("commandPrefix")?);
    if !prefixes.is_empty() || rule.get("commandRegex").is_some() {
        if prefixes.is_empty() {
            let regex = rule.get("commandRegex").and_then(Value::as_str).unwrap_or_default();
            return Ok(vec![(format!("commandRegex {regex}"), tool(SHELL))]);
        }
        return Ok(prefixes.into_iter().map(|prefix| (format!("{SHELL} {prefix}"), self::prefix(&prefix))).collect());
    }
    let server = rule.get("mcpName").and_then(Value::as_str);
    if let Some(server) = server {
        let tools = if tools.is_empty() { vec!["*".to_owned()] } else { tools };
        return Ok(tools.into_iter().map(|tool| (format!("{server} {tool}"), server_tool(server, &tool))).collect());
    }
    if tools.is_empty() {
        return Ok(vec![("every tool".to_owned(), tool("*"))]);
    }
    Ok(tools.into_iter().map(|name| (name.clone(), tool(&name))).collect())
}

/// A command that begins with these words.
fn prefix(text: &str) -> Said {
    Ok((About::Commands(vec![command::line(&command::words(text)?, false, true, None)?]), None))
}

fn server_tool(server: &str, tool: &str) -> Said {
    if server.is_empty() || tool.is_empty() {
        return Err("it names no server or no tool".into());
    }
    Ok((About::ServerTools { server: Wild::parse(server), tool: Wild::parse(tool) }, None))
}

/// A tool by its name: one of Gemini CLI's, `mcp_SERVER_TOOL`, or `*`.
fn tool(name: &str) -> Said {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '*');
    if name.is_empty() || !name.chars().all(fits) {
        return Err("it is no tool's name".into());
    }
    if let Some(rest) = name.strip_prefix("mcp_") {
        let (server, tool) = rest.split_once('_').unwrap_or((rest, "*"));
        return server_tool(server, tool);
    }
    let (name, purpose) = match name {
        "run_shell_command" | "ShellTool" => (SHELL, Purpose::Shell),
        "read_file" | "read_many_files" | "list_directory" | "glob" | "grep_search" | "search_file_content" => {
            (name, Purpose::Reading)
        }
        "write_file" | "replace" => (name, Purpose::Writing),
        "web_fetch" | "google_web_search" => (name, Purpose::Fetching),
        other => (other, Purpose::Other),
    };
    let note = (purpose == Purpose::Other)
        .then(|| "holds for calls that touch anything; what touches nothing but the agent is not judged".to_owned());
    Ok((About::Tools { names: vec![Wild::parse(name)], purpose }, note))
}

/// Reads settings.
pub(super) fn settings(text: &str) -> Result<Rules, RulesError> {
    let value = json(text)?;
    let mut ranked = Ranked::default();
    let none = Value::Null;
    let (tools, mcp) = (value.get("tools").unwrap_or(&none), value.get("mcp").unwrap_or(&none));
    let both = |section: &Value, key: &str, name: &str, old: &str| -> Result<Vec<String>, RulesError> {
        Ok([texts(section, key, name)?, texts(&value, old, old)?].concat())
    };
    for server in both(mcp, "excluded", "mcp.excluded", "excludeMCPServers")? {
        ranked.put(&format!("mcp.excluded {server}"), Verdict::Deny, SERVERS_EXCLUDED, server_tool(&server, "*"));
    }
    for entry in both(tools, "exclude", "tools.exclude", "excludeTools")? {
        ranked.put(&format!("tools.exclude {entry}"), Verdict::Deny, TOOLS_EXCLUDED, excluded(&entry));
    }
    for entry in texts(tools, "confirmationRequired", "tools.confirmationRequired")? {
        ranked.put(&format!("tools.confirmationRequired {entry}"), Verdict::Ask, TOOLS_CONFIRMED, tool(&entry));
    }
    allowed(&mut ranked, &texts(tools, "allowed", "tools.allowed")?);
    core(&mut ranked, &both(tools, "core", "tools.core", "coreTools")?);
    for server in texts(mcp, "allowed", "mcp.allowed")? {
        ranked.put(&format!("mcp.allowed {server}"), Verdict::Allow, SERVERS_ALLOWED, server_tool(&server, "*"));
    }
    servers(&mut ranked, value.get("mcpServers").unwrap_or(&none))?;
    for key in ["allowedTools", "allowMCPServers"] {
        for entry in texts(&value, key, key)? {
            ranked.rules.lose(&format!("{key} {entry}"), Some(Verdict::Allow), "only old versions of Gemini CLI read this list");
        }
    }
    modes(&mut ranked.rules, &value);
    Ok(ranked.settle())
}

/// `tool` or `run_shell_command(prefix)`, each entry of a list.
fn entry(entry: &str) -> Said {
    match entry.split_once('(') {
        None => tool(entry),
        Some((SHELL | "ShellTool", rest)) => prefix(rest.strip_suffix(')').ok_or("its parenthesis is not closed")?),
        Some((name, _)) => tool(name),
    }
}

fn excluded(text: &str) -> Said {
    let (about, note) = entry(text)?;
    let unseen = "Gemini CLI 0.61 takes this for a tool's name and never meets it; here it holds".to_owned();
    Ok((about, if text.contains('(') { Some(unseen) } else { note }))
}

fn allowed(ranked: &mut Ranked, entries: &[String]) {
    for text in entries {
        ranked.put(&format!("tools.allowed {text}"), Verdict::Allow, TOOLS_ALLOWED, entry(text));
    }
    // Gemini CLI denies every other command as soon as one is allowed by its words.
    if entries.iter().any(|text| text.starts_with("run_shell_command(") || text.starts_with("ShellTool(")) {
        ranked.put("every command that tools.allowed does not name", Verdict::Deny, TOOLS_ALLOWED - BELOW, tool(SHELL));
    }
}

fn core(ranked: &mut Ranked, entries: &[String]) {
    for text in entries {
        ranked.put(&format!("tools.core {text}"), Verdict::Allow, TOOLS_CORE, entry(text));
    }
    if !entries.is_empty() {
        ranked.put("every tool that tools.core does not name", Verdict::Deny, TOOLS_CORE - BELOW, tool("*"));
    }
}

fn servers(ranked: &mut Ranked, servers: &Value) -> Result<(), RulesError> {
    for (name, server) in servers.as_object().into_iter().flatten() {
        if server.get("trust").and_then(Value::as_bool) == Some(true) {
            ranked.put(&format!("mcpServers.{name}.trust"), Verdict::Allow, SERVERS_TRUSTED, server_tool(name, "*"));
        }
        for tool in texts(server, "excludeTools", &format!("mcpServers.{name}.excludeTools"))? {
            let origin = format!("mcpServers.{name}.excludeTools {tool}");
            ranked.put(&origin, Verdict::Deny, SERVERS_EXCLUDED, server_tool(name, &tool));
        }
        if server.get("includeTools").is_some() {
            ranked.rules.lose(
                &format!("mcpServers.{name}.includeTools"),
                None,
                "which tools Gemini CLI shows at all stays with it",
            );
        }
    }
    Ok(())
}

/// Modes and sandboxes, which are no rules.
fn modes(rules: &mut Rules, value: &Value) {
    for (path, why) in [
        (
            "/general/defaultApprovalMode",
            "modes of the agent are its own: what is asked here is decided by effects, in every mode",
        ),
        ("/tools/sandbox", "the sandbox stays with Gemini CLI"),
        ("/security/disableYoloMode", "it stays in force in Gemini CLI; here no mode goes around a denial"),
        (
            "/security/folderTrust",
            "which folders Gemini CLI trusts is its own; here a project's policy counts after `bailiwick trust`",
        ),
        ("/policyPaths", "name the policy files themselves as further FILEs"),
        ("/adminPolicyPaths", "name the policy files themselves as further FILEs"),
    ] {
        if let Some(found) = value.pointer(path) {
            rules.lose(&format!("{} = {found}", path.trim_start_matches('/').replace('/', ".")), None, why);
        }
    }
}

/// Settings are JSON in which comments may stand.
pub(super) fn json(text: &str) -> Result<Value, RulesError> {
    let value = ordered::parse(&without_comments(text)).map_err(|error| RulesError::Syntax(error.to_string()))?;
    if matches!(value, ordered::Value::Object(_)) {
        Ok(value.to_serde())
    } else {
        Err(RulesError::Shape { field: "settings".to_owned(), wanted: "an object" })
    }
}

/// Comments become blanks, so that lines keep their numbers.
fn without_comments(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    let mut quoted = false;
    while let Some(letter) = rest.chars().next() {
        let comment = if quoted { None } else { comment(rest) };
        if let Some(length) = comment {
            out.extend(rest.get(..length).unwrap_or_default().chars().filter(|letter| *letter == '\n'));
            out.push(' ');
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let escaped = quoted && letter == '\\';
        let taken = if escaped { rest.chars().take(2).map(char::len_utf8).sum() } else { letter.len_utf8() };
        quoted ^= letter == '"' && !escaped;
        out.push_str(rest.get(..taken).unwrap_or_default());
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// How long the comment is that the text begins with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    let inside = text.strip_prefix("/*")?;
    Some(inside.find("*/").map_or(text.len(), |end| end + 4))
}
