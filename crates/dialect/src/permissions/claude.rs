//! Claude Code's rules: `permissions` and `sandbox` of a `settings.json`, as version 2.1.330 reads them.
//!
//! A rule is `Tool` or `Tool(specifier)`. Deny stands over ask over allow, as here. Not read: hooks, modes.

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::permission::{About, Access, Files, Hosts, Purpose, Wild};
use serde_json::Value;

use super::{Anchors, Rules, RulesError, Said, Source, command, paths, texts, word};
use crate::claude::tools::is_internal;
use crate::ordered;

const LISTS: [(&str, Verdict); 3] = [("deny", Verdict::Deny), ("ask", Verdict::Ask), ("allow", Verdict::Allow)];
/// Tools to which a rule for `Read` and one for `Edit` apply.
const READERS: [&str; 5] = ["Read", "Grep", "Glob", "LS", "NotebookRead"];
const WRITERS: [&str; 4] = ["Edit", "Write", "MultiEdit", "NotebookEdit"];

/// Members of `permissions` that are no rules, and what is to be done about them.
const SETTINGS: [(&str, &str); 5] = [
    ("defaultMode", "modes of the agent are its own: what is asked here is decided by effects, in every mode"),
    ("disableBypassPermissionsMode", "it stays in force in Claude Code; here no mode goes around a denial"),
    ("disableAutoMode", "it stays in force in Claude Code; here no mode goes around a denial"),
    ("disableAutoModeForSubagents", "it stays in force in Claude Code; here no mode goes around a denial"),
    ("skipDangerousModePermissionPrompt", "modes of the agent are its own"),
];

/// Reads settings.
pub(super) fn read(text: &str, anchors: &Anchors) -> Result<Rules, RulesError> {
    let value = ordered::parse(text).map_err(|error| RulesError::Syntax(error.to_string()))?.to_serde();
    let Value::Object(settings) = &value else { return Err(shape("settings", "an object")) };
    let mut rules = Rules::default();
    if let Some(permissions) = settings.get("permissions") {
        let Value::Object(members) = permissions else { return Err(shape("permissions", "an object")) };
        for (list, verdict) in LISTS {
            for rule in texts(permissions, list, &format!("permissions.{list}"))? {
                let origin = format!("{} {rule}", word(verdict));
                rules.put(Source::ClaudeCode, &origin, verdict, self::rule(&rule, verdict, anchors));
            }
        }
        directories(&mut rules, &texts(permissions, "additionalDirectories", "permissions.additionalDirectories")?);
        for (key, value) in members {
            setting(&mut rules, key, value);
        }
    }
    if let Some(sandbox) = settings.get("sandbox") {
        self::sandbox(&mut rules, sandbox, anchors)?;
    }
    Ok(rules)
}

fn shape(field: &str, wanted: &'static str) -> RulesError {
    RulesError::Shape { field: field.to_owned(), wanted }
}

fn directories(rules: &mut Rules, directories: &[String]) {
    for directory in directories {
        let why = format!(
            "a directory to work in is no rule but a place: add {directory:?} with \"/**\" behind it to [places.workspace] paths in the map"
        );
        rules.lose(&format!("additionalDirectories {directory}"), None, why);
    }
}

fn setting(rules: &mut Rules, key: &str, value: &Value) {
    if LISTS.iter().any(|(list, _)| *list == key) || key == "additionalDirectories" {
        return;
    }
    let why = SETTINGS.iter().find(|(name, _)| *name == key).map_or("this member is not known here", |(_, why)| why);
    rules.lose(&format!("{key} = {value}"), None, why);
}

/// One rule of a list.
fn rule(rule: &str, verdict: Verdict, anchors: &Anchors) -> Said {
    let rule = rule.trim();
    let Some((tool, rest)) = rule.split_once('(') else { return bare(rule, verdict) };
    let Some(inside) = rest.strip_suffix(')') else { return Err("its parenthesis is not closed".into()) };
    if inside.is_empty() || inside == "*" {
        return bare(tool, verdict);
    }
    match tool {
        "Bash" => shell(inside, anchors),
        "Read" => files(inside, verdict, Access::Read, anchors),
        "Edit" => files(inside, verdict, Access::Change, anchors),
        "Write" | "MultiEdit" | "NotebookEdit" => unread(tool, files(inside, verdict, Access::Change, anchors), verdict),
        "Grep" | "Glob" | "LS" | "NotebookRead" => unread(tool, files(inside, verdict, Access::Read, anchors), verdict),
        "WebFetch" => fetch(inside, verdict),
        "Task" | "Agent" if plain_name(inside) => Ok((About::Subagents { kind: inside.to_owned() }, None)),
        "Skill" if inside.split(':').all(plain_name) => {
            Ok((About::ServerTools { server: Wild::default(), tool: Wild::text(format!("skill:{inside}")) }, None))
        }
        "PowerShell" => Err("commands of PowerShell are judged by their effects, not by their text".into()),
        _ => Err(format!("what {inside:?} means for {tool} is not known here")),
    }
}

fn plain_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
}

fn tool_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '*'))
}

/// A tool by its name alone.
fn bare(tool: &str, verdict: Verdict) -> Said {
    if !tool_name(tool) {
        return Err("this is no rule: neither `Tool` nor `Tool(specifier)`".into());
    }
    if let Some(rest) = tool.strip_prefix("mcp__") {
        return server_tool(rest);
    }
    if is_internal(tool) {
        return Err(format!(
            "{tool} touches nothing but the agent, so no policy here is asked about it; it stays with Claude Code"
        ));
    }
    let purpose = match tool {
        "Bash" | "PowerShell" | "Monitor" => Purpose::Shell,
        tool if READERS.contains(&tool) => Purpose::Reading,
        tool if WRITERS.contains(&tool) => Purpose::Writing,
        "WebFetch" | "WebSearch" => Purpose::Fetching,
        "Task" | "Agent" => Purpose::Spawning,
        _ => Purpose::Other,
    };
    if verdict == Verdict::Allow && (purpose == Purpose::Other || tool.contains('*')) {
        return Err("what this tool is for is not known here: describe it in the map, and the default policy lets it pass".into());
    }
    // One tool with two names, by the client's version.
    let names =
        if purpose == Purpose::Spawning { vec![Wild::text("Task"), Wild::text("Agent")] } else { vec![Wild::parse(tool)] };
    Ok((About::Tools { names, purpose }, None))
}

/// `server`, `server__tool`, each perhaps with `*`.
fn server_tool(rest: &str) -> Said {
    let (server, tool) = rest.split_once("__").unwrap_or((rest, "*"));
    if server.is_empty() || tool.is_empty() {
        return Err("it names no server or no tool".into());
    }
    Ok((About::ServerTools { server: Wild::parse(server), tool: Wild::parse(tool) }, None))
}

/// The text between the parentheses of a `Bash` rule. `a:*` and a lone final ` *` end at a word: `a` itself matches, `ab`
/// does not.
fn shell(inside: &str, anchors: &Anchors) -> Said {
    let (text, more) = match inside.strip_suffix(":*") {
        Some(text) => (text, true),
        None => match inside.strip_suffix(" *") {
            Some(text) if !text.contains('*') => (text, true),
            Some(_) | None => (inside, false),
        },
    };
    let words = command::words(text)?;
    Ok((About::Commands(vec![command::line(&words, true, more, anchors.home.as_deref())?]), None))
}

fn files(text: &str, verdict: Verdict, access: Access, anchors: &Anchors) -> Said {
    let (start, rest) = start(text, anchors)?;
    if verdict == Verdict::Allow && start.base.is_none() {
        return Err("it is relative to whichever directory the agent works in: write the path out".into());
    }
    let patterns = paths::patterns(rest, &start)?;
    if verdict == Verdict::Allow && patterns.iter().any(|pattern| !pattern.exact) {
        return Err("it holds `?`, `[…]` or braces, which policy can only say more widely".into());
    }
    let mut note = Vec::new();
    if patterns.iter().any(|pattern| !pattern.exact) {
        note.push("`?`, `[…]` and braces are taken for anything that fits");
    }
    if start.base.is_none() {
        note.push("relative to a directory that changes, so it holds in every workspace, at any depth");
    }
    let tools = match access {
        Access::Read => READERS.as_slice(),
        Access::Change => WRITERS.as_slice(),
    };
    let tools = tools.iter().map(|tool| (*tool).to_owned()).collect();
    let note = (!note.is_empty()).then(|| note.join("; "));
    Ok((About::Files(Files { access, patterns, tools }), note))
}

/// `//` is the disk's root, `~/` the home, `/` the settings' own root; all else is below the working directory.
fn start<'t>(text: &'t str, anchors: &Anchors) -> Result<(paths::Start, &'t str), String> {
    let fixed = |base: &Option<String>, what: &str| match base {
        Some(base) => Ok(paths::Start { base: Some(base.trim_end_matches('/').to_owned()), floats: false }),
        None => Err(format!("which directory is its {what} is not known")),
    };
    if let Some(rest) = text.strip_prefix("//") {
        return Ok((paths::Start { base: Some(String::new()), floats: false }, rest));
    }
    if text == "~" || text.starts_with("~/") {
        return Ok((fixed(&anchors.home, "home")?, text.get(1..).unwrap_or_default()));
    }
    if text.starts_with('~') {
        return Err("whose home is meant is not known".into());
    }
    if text.starts_with('/') {
        return Ok((fixed(&anchors.root, "root")?, text));
    }
    let base = anchors.work.as_deref().map(|work| work.trim_end_matches('/').to_owned());
    Ok((paths::Start { base, floats: true }, text))
}

/// Claude Code looks only at path rules for `Read` and `Edit`; for other tools it takes them and never asks them.
fn unread(tool: &str, said: Said, verdict: Verdict) -> Said {
    if verdict == Verdict::Allow {
        return Err(format!("Claude Code never looks at paths in rules for {tool}, so this has allowed nothing"));
    }
    let (about, note) = said?;
    let more = format!("Claude Code itself never looks at paths in rules for {tool}; here it holds");
    Ok((about, Some(note.map_or(more.clone(), |note| format!("{note}; {more}")))))
}

fn fetch(inside: &str, verdict: Verdict) -> Said {
    let Some(domain) = inside.strip_prefix("domain:") else { return Err("it does not begin with `domain:`".into()) };
    let domain = domain.trim().to_ascii_lowercase();
    if !domain.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '*'))
        || domain.is_empty()
    {
        return Err("it is no host name".into());
    }
    let names = vec![Wild::parse(&domain)];
    if verdict == Verdict::Allow {
        let tools = vec!["WebFetch".to_owned()];
        return Ok((About::Hosts(Hosts { names, below: false, pushes: false, tools }), None));
    }
    let note = "for every tool that connects there, not WebFetch alone, and for the names below it".to_owned();
    Ok((About::Hosts(Hosts { names, below: true, pushes: false, tools: Vec::new() }), Some(note)))
}

/// What the sandbox's settings forbid. What they open is left to them.
fn sandbox(rules: &mut Rules, sandbox: &Value, anchors: &Anchors) -> Result<(), RulesError> {
    let none = Value::Null;
    let (files, network) = (sandbox.get("filesystem").unwrap_or(&none), sandbox.get("network").unwrap_or(&none));
    for (key, access) in [("denyRead", Access::Read), ("denyWrite", Access::Change)] {
        for path in texts(files, key, &format!("sandbox.filesystem.{key}"))? {
            // Here a leading slash is the disk's root, and what is relative is below the settings' root.
            let root = Anchors { root: Some(String::new()), work: anchors.root.clone(), ..anchors.clone() };
            let plain = if path.starts_with(['/', '~', '.', '*']) { path.clone() } else { format!("./{path}") };
            let said = self::files(&plain, Verdict::Deny, access, &root);
            rules.put(Source::ClaudeCode, &format!("sandbox {key} {path}"), Verdict::Deny, said);
        }
    }
    for domain in texts(network, "deniedDomains", "sandbox.network.deniedDomains")? {
        let said = fetch(&format!("domain:{domain}"), Verdict::Deny);
        rules.put(Source::ClaudeCode, &format!("sandbox deniedDomains {domain}"), Verdict::Deny, said);
    }
    rules.lose(
        "sandbox",
        None,
        "what else the sandbox's settings say stays with Claude Code: it is enforced there, not judged here",
    );
    Ok(())
}
