//! Codex's rules: `*.rules` (prefixes of argument vectors), `requirements.toml` and what `config.toml` forbids, as
//! version 0.169 reads them. The strictest of several rules holds there, as here.

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::permission::{About, Access, Files, Hosts, Line, Wild};
use serde_json::Value;

use super::starlark::{Call, Item};
use super::{Anchors, Rules, RulesError, Said, Source, command, paths, starlark, texts, word};

/// The argument that may stand first without its name.
const FIRST: [&str; 2] = ["pattern", "host"];
/// Lines that one pattern with alternatives may become.
const MOST_LINES: usize = 64;

/// Settings that permit or forbid in ways of Codex's own, and what is to be done about them.
const SETTINGS: [(&str, &str); 14] = [
    ("approval_policy", "when Codex asks is Codex's own; here effects decide what is asked"),
    ("approvals_reviewer", "who reviews is Codex's own; here a person approves"),
    ("sandbox_mode", "the sandbox stays with Codex; what the kernel is to hold is not said in this policy"),
    ("sandbox_workspace_write", "further directories to write in are places: add them to [places.workspace] paths in the map"),
    ("default_permissions", "of a profile only what it denies is taken; the sandbox stays with Codex"),
    ("projects", "which projects Codex trusts is Codex's own; here a project's policy counts after `bailiwick trust`"),
    ("web_search", "whether Codex searches the web is Codex's own"),
    ("allowed_approval_policies", "which approval policies may be chosen stays with Codex"),
    ("allowed_sandbox_modes", "which sandboxes may be chosen stays with Codex"),
    ("allowed_permission_profiles", "which profiles may be chosen stays with Codex"),
    ("allowed_web_search_modes", "whether Codex searches the web stays with Codex"),
    ("allow_managed_hooks_only", "which hooks run stays with Codex"),
    ("enforce_residency", "where Codex's requests are served stays with Codex"),
    ("guardian_policy_config", "the words for Codex's reviewing model are no rule"),
];

/// Reads a `.rules` file.
pub(super) fn rules(text: &str) -> Result<Rules, RulesError> {
    let mut rules = Rules::default();
    for call in starlark::calls(text).map_err(RulesError::Syntax)? {
        match call.name.as_str() {
            "prefix_rule" => prefix_rule(&mut rules, &call)?,
            "network_rule" => network_rule(&mut rules, &call)?,
            "host_executable" => rules.lose(
                &format!("host_executable in line {}", call.line),
                None,
                "which file a bare name may stand for is seen from the path that is started: rules here name programs, and allow only the bare name",
            ),
            other => return Err(RulesError::Syntax(format!("line {}: {other}(…) is no rule that is known here", call.line))),
        }
    }
    Ok(rules)
}

fn wrong(line: usize, what: &str) -> RulesError {
    RulesError::Syntax(format!("line {line}: {what}"))
}

impl Call {
    fn get(&self, key: &str) -> Option<&Item> {
        let first = FIRST.contains(&key);
        self.arguments.iter().find(|(name, _)| name == key || (first && name.is_empty())).map(|(_, value)| value)
    }

    fn text(&self, key: &str) -> Result<Option<&str>, RulesError> {
        match self.get(key) {
            None => Ok(None),
            Some(Item::Word(word)) if word == "None" => Ok(None),
            Some(Item::Text(text)) => Ok(Some(text)),
            Some(Item::List(_) | Item::Word(_)) => Err(wrong(self.line, &format!("{key} is no text"))),
        }
    }

    /// Only arguments of these names, and the first of them not twice.
    fn only(&self, known: &[&str]) -> Result<(), RulesError> {
        let nameless = self.arguments.first().is_some_and(|(name, _)| name.is_empty());
        let twice = |name: &str| nameless && FIRST.contains(&name);
        let known = |name: &str| name.is_empty() || (known.contains(&name) && !twice(name));
        match self.arguments.iter().find(|(name, _)| !known(name)) {
            Some((name, _)) => Err(wrong(self.line, &format!("{}(…) knows no {name}", self.name))),
            None => Ok(()),
        }
    }
}

fn decision(call: &Call) -> Result<Verdict, RulesError> {
    let text = call.text("decision")?.unwrap_or("allow");
    verdict(text).ok_or_else(|| wrong(call.line, "decision is none of allow, prompt, forbidden"))
}

fn verdict(text: &str) -> Option<Verdict> {
    match text {
        "allow" => Some(Verdict::Allow),
        "prompt" => Some(Verdict::Ask),
        "forbidden" | "deny" => Some(Verdict::Deny),
        _ => None,
    }
}

fn prefix_rule(rules: &mut Rules, call: &Call) -> Result<(), RulesError> {
    call.only(&["pattern", "decision", "justification", "match", "not_match", "reviewer"])?;
    let verdict = decision(call)?;
    let Some(Item::List(tokens)) = call.get("pattern") else { return Err(wrong(call.line, "pattern is no list")) };
    let tokens: Vec<Vec<String>> = tokens.iter().map(|token| choices(token, call.line)).collect::<Result<_, _>>()?;
    let reason = call.text("justification")?.map(str::to_owned);
    let mut examples = Vec::new();
    for (key, holds) in [("match", true), ("not_match", false)] {
        examples.extend(self::examples(call, key)?.into_iter().map(|words| (words, holds)));
    }
    if let Some((words, _)) = examples.iter().find(|(words, holds)| begins(words, &tokens) != *holds) {
        return Err(wrong(
            call.line,
            &format!("the example {:?} does not come out as written, and Codex refuses the file for it", words.join(" ")),
        ));
    }
    put(rules, verdict, &tokens, reason, examples);
    Ok(())
}

/// One place of a pattern: a text, or a list of alternatives.
fn choices(token: &Item, line: usize) -> Result<Vec<String>, RulesError> {
    let texts =
        |items: &[Item]| items.iter().map(|item| if let Item::Text(text) = item { Some(text.clone()) } else { None }).collect();
    let found = match token {
        Item::Text(text) => Some(vec![text.clone()]),
        Item::List(items) => texts(items),
        Item::Word(_) => None,
    };
    found
        .filter(|all: &Vec<String>| !all.is_empty())
        .ok_or_else(|| wrong(line, "pattern holds what is neither a text nor a list of texts"))
}

fn begins(words: &[String], tokens: &[Vec<String>]) -> bool {
    words.len() >= tokens.len() && tokens.iter().zip(words).all(|(choices, word)| choices.contains(word))
}

/// Examples as word lists; a text is split as a shell would.
fn examples(call: &Call, key: &str) -> Result<Vec<Vec<String>>, RulesError> {
    let Some(value) = call.get(key) else { return Ok(Vec::new()) };
    let Item::List(items) = value else { return Err(wrong(call.line, &format!("{key} is no list"))) };
    let one = |item: &Item| match item {
        Item::Text(text) => Ok(command::words(text).ok()),
        Item::List(words) => {
            let words: Option<Vec<String>> =
                words.iter().map(|word| if let Item::Text(text) = word { Some(text.clone()) } else { None }).collect();
            words.map(Some).ok_or_else(|| wrong(call.line, &format!("{key} holds what is no text")))
        }
        Item::Word(_) => Err(wrong(call.line, &format!("{key} holds what is no text"))),
    };
    Ok(items.iter().map(one).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn put(rules: &mut Rules, verdict: Verdict, tokens: &[Vec<String>], reason: Option<String>, examples: Vec<(Vec<String>, bool)>) {
    let shown: Vec<String> = tokens.iter().map(|choices| choices.join("|")).collect();
    let before = rules.permissions.len();
    rules.put(Source::Codex, &format!("{} {}", word(verdict), shown.join(" ")), verdict, prefix(tokens));
    if let Some(permission) = rules.permissions.get_mut(before) {
        permission.reason = reason;
        permission.examples = examples;
    }
}

fn prefix(tokens: &[Vec<String>]) -> Said {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for choices in tokens {
        if all.len().saturating_mul(choices.len()) > MOST_LINES {
            return Err("it has too many alternatives: write it as several rules".into());
        }
        all = all
            .iter()
            .flat_map(|line| choices.iter().map(move |word| [line.as_slice(), std::slice::from_ref(word)].concat()))
            .collect();
    }
    let lines = all.iter().map(|words| command::line(words, false, true, None)).collect::<Result<Vec<Line>, _>>()?;
    Ok((About::Commands(lines), None))
}

fn network_rule(rules: &mut Rules, call: &Call) -> Result<(), RulesError> {
    call.only(&["host", "protocol", "decision", "justification"])?;
    let verdict = decision(call)?;
    let host = call.text("host")?.ok_or_else(|| wrong(call.line, "network_rule has no host"))?;
    let said = match (verdict, call.text("protocol")?) {
        (Verdict::Allow, _) => Err("whether a connection passes hangs on what goes over it: the default policy lets plain fetching pass and asks for uploads".to_owned()),
        (Verdict::Ask | Verdict::Deny, protocol) => domain(host, protocol),
    };
    let before = rules.permissions.len();
    rules.put(Source::Codex, &format!("{} network {host}", word(verdict)), verdict, said);
    if let Some(permission) = rules.permissions.get_mut(before) {
        permission.reason = call.text("justification")?.map(str::to_owned);
    }
    Ok(())
}

/// A host as Codex writes it: `*.a` is what lies below `a`, `**.a` is `a` too.
fn domain(host: &str, protocol: Option<&str>) -> Said {
    let host = host.trim().to_ascii_lowercase();
    let (name, below) = host.strip_prefix("**.").map_or((host.as_str(), false), |name| (name, true));
    if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '*')) {
        return Err("it is no host name".into());
    }
    let note = protocol.map(|protocol| format!("for every protocol, not {protocol} alone"));
    Ok((About::Hosts(Hosts { names: vec![Wild::parse(name)], below, pushes: true, tools: Vec::new() }), note))
}

/// Reads `requirements.toml` or `config.toml`.
pub(super) fn toml(text: &str, anchors: &Anchors) -> Result<Rules, RulesError> {
    let value = super::toml(text)?;
    let mut rules = Rules::default();
    let none = Value::Null;
    let at = |path: &str| value.pointer(path).unwrap_or(&none);
    toml_prefixes(&mut rules, at("/rules"))?;
    for path in texts(at("/permissions/filesystem"), "deny_read", "permissions.filesystem.deny_read")? {
        deny(&mut rules, &path, &[Access::Read], anchors.home.as_deref(), false);
    }
    network(&mut rules, at("/experimental_network"), "experimental_network")?;
    if let Some(name) = value.get("default_permissions").and_then(Value::as_str) {
        let profile = value.get("permissions").and_then(|profiles| profiles.get(name)).unwrap_or(&none);
        self::profile(&mut rules, profile, anchors.home.as_deref());
        network(&mut rules, profile.get("network").unwrap_or(&none), &format!("permissions.{name}.network"))?;
    }
    servers(&mut rules, at("/mcp_servers"))?;
    for (key, why) in SETTINGS {
        if let Some(value) = value.get(key) {
            rules.lose(&format!("{key} = {value}"), None, why);
        }
    }
    Ok(rules)
}

/// `[rules] prefix_rules`, each `{ pattern = [{ token = "a" }, { any_of = ["b", "c"] }], decision = "prompt" }`.
fn toml_prefixes(rules: &mut Rules, section: &Value) -> Result<(), RulesError> {
    let shape = |field: &str, wanted| RulesError::Shape { field: format!("rules.prefix_rules.{field}"), wanted };
    let list = match section.get("prefix_rules") {
        None => return Ok(()),
        Some(list) => list.as_array().ok_or_else(|| shape("", "a list"))?,
    };
    for rule in list {
        let verdict = rule.get("decision").and_then(Value::as_str).and_then(verdict);
        let verdict = verdict.ok_or_else(|| shape("decision", "prompt or forbidden"))?;
        let pattern = rule.get("pattern").and_then(Value::as_array).ok_or_else(|| shape("pattern", "a list"))?;
        let token = |token: &Value| match token.get("token").and_then(Value::as_str) {
            Some(text) => Ok(vec![text.to_owned()]),
            None => texts(token, "any_of", "rules.prefix_rules.pattern").and_then(|all| {
                if all.is_empty() { Err(shape("pattern", "a list of { token } or { any_of }")) } else { Ok(all) }
            }),
        };
        let tokens: Vec<Vec<String>> = pattern.iter().map(token).collect::<Result<_, _>>()?;
        put(rules, verdict, &tokens, rule.get("justification").and_then(Value::as_str).map(str::to_owned), Vec::new());
    }
    Ok(())
}

/// A path that must not be read, or neither read nor changed.
fn deny(rules: &mut Rules, path: &str, accesses: &[Access], home: Option<&str>, workspace: bool) {
    let start = |base: Option<&str>| paths::Start { base: base.map(|base| base.trim_end_matches('/').to_owned()), floats: true };
    for access in accesses {
        let found = match (path.strip_prefix('~'), home) {
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => paths::patterns(rest, &start(Some(home))),
            (Some(_), _) => Err("whose home is meant is not known".to_owned()),
            (None, _) if workspace => paths::patterns(path, &start(None)),
            (None, _) if path.starts_with('/') || path.starts_with("**/") => paths::patterns(path, &start(Some(""))),
            (None, _) => Err("it is relative, and to what is not known here".to_owned()),
        };
        let said = found.map(|patterns| {
            let note = patterns
                .iter()
                .any(|pattern| !pattern.exact)
                .then(|| "`?`, `[…]` and braces are taken for anything that fits".to_owned());
            (About::Files(Files { access: *access, patterns, tools: Vec::new() }), note)
        });
        let act = match access {
            Access::Read => "read",
            Access::Change => "write",
        };
        rules.put(Source::Codex, &format!("deny_{act} {path}"), Verdict::Deny, said);
    }
}

/// What the chosen profile closes. What it opens is left to Codex's sandbox.
fn profile(rules: &mut Rules, profile: &Value, home: Option<&str>) {
    let Some(entries) = profile.get("filesystem").and_then(Value::as_object) else { return };
    let closed = |access: &Value| matches!(access.as_str(), Some("deny" | "none"));
    for (path, access) in entries {
        let roots = path.starts_with(":workspace") || path.starts_with(":project");
        for (below, _) in access.as_object().into_iter().flatten().filter(|(_, access)| closed(access)) {
            let path = if roots { below.clone() } else { format!("{path}/{below}") };
            deny(rules, &path, &[Access::Read, Access::Change], home, roots);
        }
        if closed(access) {
            deny(rules, path, &[Access::Read, Access::Change], home, false);
        }
    }
}

/// Denied domains, in both forms.
fn network(rules: &mut Rules, network: &Value, field: &str) -> Result<(), RulesError> {
    let mut domains: Vec<(String, Verdict)> = Vec::new();
    for (key, verdict) in [("denied_domains", Verdict::Deny), ("allowed_domains", Verdict::Allow)] {
        domains.extend(texts(network, key, &format!("{field}.{key}"))?.into_iter().map(|host| (host, verdict)));
    }
    for (host, access) in network.get("domains").and_then(Value::as_object).into_iter().flatten() {
        let verdict = access.as_str().and_then(verdict);
        let wanted = "allow or deny";
        domains
            .push((host.clone(), verdict.ok_or_else(|| RulesError::Shape { field: format!("{field}.domains.{host}"), wanted })?));
    }
    for (host, verdict) in domains {
        let said = match verdict {
            Verdict::Allow => Err(
                "whether a connection passes hangs on what goes over it; that everything else is closed stays with Codex's proxy"
                    .to_owned(),
            ),
            Verdict::Ask | Verdict::Deny => domain(&host, None),
        };
        rules.put(Source::Codex, &format!("{} network {host}", word(verdict)), verdict, said);
    }
    Ok(())
}

/// Tools of MCP servers that are switched off or on.
fn servers(rules: &mut Rules, servers: &Value) -> Result<(), RulesError> {
    for (name, server) in servers.as_object().into_iter().flatten() {
        for tool in texts(server, "disabled_tools", &format!("mcp_servers.{name}.disabled_tools"))? {
            let about = About::ServerTools { server: Wild::text(name), tool: Wild::text(&tool) };
            rules.put(Source::Codex, &format!("disabled_tools {name} {tool}"), Verdict::Deny, Ok((about, None)));
        }
        if server.get("enabled_tools").is_some() {
            rules.lose(&format!("enabled_tools {name}"), None, "which tools Codex shows at all stays with Codex");
        }
        if server.get("identity").is_some() {
            rules.lose(&format!("mcp_servers {name}"), None, "which servers may be started stays with Codex");
        }
    }
    Ok(())
}
