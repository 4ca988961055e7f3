//! Rules about hosts, tools of servers, sub-agents, and the agent's own tools by name.

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::permission::{About, Hosts, Permission, Piece, Purpose, Wild};

use super::text::{is, joined, list, plain, string};
use super::{Draft, Drafted, command, example};

const CALL: &str = "action == Action::\"call\"";

/// Connections. An allow is for fetching with the tools it speaks of, not for sending.
pub(super) fn hosts(permission: &Permission, hosts: &Hosts) -> Drafted {
    let names: Vec<String> = hosts.names.iter().flat_map(|name| host(&name.0, hosts.below && name.plain().is_some())).collect();
    let samples: Vec<String> = hosts.names.iter().map(|name| name.filled("x")).collect();
    let mut draft = Draft::default();
    let details = if permission.verdict == Verdict::Allow {
        let tools = list(&hosts.tools);
        draft.own = true;
        draft.actions = "action == Action::\"connect\"";
        draft.when.push(format!("!resource.upload && {tools}.contains(context.tool) && ({})", names.join(" || ")));
        format!(" tool={}", hosts.tools.first().map_or("", String::as_str))
    } else {
        let both = "action in [Action::\"connect\", Action::\"push\"]";
        draft.actions = if hosts.pushes { both } else { "action == Action::\"connect\"" };
        draft.when = names;
        String::new()
    };
    for name in &samples {
        draft.examples.extend(example(permission, "connect", std::slice::from_ref(name), &details).map(|text| (text, true)));
    }
    if hosts.names.iter().all(|name| !name.0.contains(&Piece::Any)) {
        draft.examples.push(("connect no-such-host.invalid".to_owned(), false));
    }
    Ok((vec![draft], None))
}

/// A host by its name, also as it is written with a final dot, and perhaps what lies below it.
fn host(name: &[Piece], below: bool) -> Vec<String> {
    let dot = joined(&[name, &plain(".")]);
    let mut all = vec![is("resource.host", name), is("resource.host", &dot)];
    if below {
        let under = |name: &[Piece]| is("resource.host", &joined(&[&[Piece::Any], &plain("."), name]));
        all.extend([under(name), under(&dot)]);
    }
    all
}

/// Tools of MCP servers.
pub(super) fn server(permission: &Permission, server: &Wild, tool: &Wild) -> Draft {
    let known = if server.0 == [Piece::Any] { "resource.server != \"\"".to_owned() } else { is("resource.server", &server.0) };
    let named = (tool.0 != [Piece::Any]).then(|| is("resource.name", &tool.0));
    let when = std::iter::once(known).chain(named).collect::<Vec<_>>().join(" && ");
    let call = if server.0.is_empty() { tool.filled("x") } else { format!("{}/{}", server.filled("x"), tool.filled("x")) };
    let words = [call, "writes".to_owned()];
    let mut draft = Draft { own: permission.verdict == Verdict::Allow, actions: CALL, when: vec![when], ..Draft::default() };
    draft.examples.extend(example(permission, "call", &words, "").map(|text| (text, true)));
    draft.examples.push(("execute true".to_owned(), false));
    draft
}

/// Sub-agents of one kind.
pub(super) fn subagents(permission: &Permission, kind: &str) -> Draft {
    let when = vec![format!("resource.kind == {}", string(kind))];
    let mut draft = Draft { own: true, actions: "action == Action::\"spawn\"", when, ..Draft::default() };
    draft.examples.extend(example(permission, "spawn", &[kind.to_owned()], "").map(|text| (text, true)));
    draft.examples.extend(example(permission, "spawn", &[format!("not-{kind}")], "").map(|text| (text, false)));
    draft
}

/// The agent's own tools by name.
pub(super) fn tools(permission: &Permission, names: &[Wild], purpose: Purpose) -> Drafted {
    if permission.verdict == Verdict::Allow {
        allowed(permission, names, purpose)
    } else {
        Ok(denied(permission, names, purpose))
    }
}

fn allowed(permission: &Permission, names: &[Wild], purpose: Purpose) -> Drafted {
    let (actions, more, act) = match purpose {
        Purpose::Shell => ("action == Action::\"execute\"", "", "execute /usr/bin/true"),
        Purpose::Reading => ("action == Action::\"read\"", "resource.known && ", "read README.md"),
        Purpose::Writing => ("action == Action::\"write\"", "resource.known && ", "write README.md"),
        Purpose::Fetching => ("action == Action::\"connect\"", "!resource.upload && ", "connect example.org"),
        Purpose::Spawning => ("action == Action::\"spawn\"", "", "spawn Explore"),
        Purpose::Other => return Err("what this tool is for is not known here: describe it in the map".to_owned()),
    };
    let when = vec![format!("{more}({})", named(names).join(" || "))];
    let draft = Draft { own: true, actions, when, examples: samples(permission, names, act), ..Draft::default() };
    let note = (purpose == Purpose::Shell).then(|| "any program may start; what it does is judged as ever".to_owned());
    Ok((vec![draft], note))
}

/// All that a tool does. Where commands are its exceptions, the programs that it starts.
fn denied(permission: &Permission, names: &[Wild], purpose: Purpose) -> (Vec<Draft>, Option<String>) {
    let commands = command::exceptions(&permission.except);
    let others: Vec<String> = permission.except.iter().flat_map(other).collect();
    let everything = Draft { own: true, actions: "action", when: named(names), unless: others.clone(), ..Draft::default() };
    if commands.is_empty() {
        let examples = samples(permission, names, "read README.md");
        return (vec![Draft { examples, ..everything }], None);
    }
    let programs = Draft {
        own: true,
        actions: "action == Action::\"execute\"",
        when: everything.when.clone(),
        unless: commands.into_iter().chain(others).collect(),
        examples: samples(permission, names, "execute /no/such/program"),
        ..Draft::default()
    };
    let note = "a command that is none of those allowed may start no program; what the shell does by itself is judged as ever"
        .to_owned();
    if purpose == Purpose::Shell {
        return (vec![programs], Some(note));
    }
    let mut rest = Draft { suffix: "-tools", examples: samples(permission, names, "read README.md"), ..everything };
    rest.unless.push("context.tool == \"run_shell_command\"".to_owned());
    (vec![programs, rest], Some(note))
}

/// An exception's tools by their names, as the agent calls them.
fn other(about: &About) -> Vec<String> {
    match about {
        About::Tools { names, .. } => named(names),
        About::ServerTools { server, tool } => {
            vec![is("context.tool", &joined(&[&plain("mcp_"), &server.0, &plain("_"), &tool.0]))]
        }
        About::Commands(_) | About::Files(_) | About::Hosts(_) | About::Subagents { .. } => Vec::new(),
    }
}

fn named(names: &[Wild]) -> Vec<String> {
    names.iter().map(|name| is("context.tool", &name.0)).collect()
}

fn samples(permission: &Permission, names: &[Wild], act: &str) -> Vec<(String, bool)> {
    let client = if permission.client == "claude-code" { String::new() } else { format!(" client={}", permission.client) };
    let all = names.iter().map(|name| (format!("{act} tool={}{client}", name.filled("x")), true));
    let anything = names.iter().any(|name| name.0.contains(&Piece::Any));
    let client = if anything { "another-agent" } else { &permission.client };
    all.chain(std::iter::once((format!("{act} tool=-none- client={client}"), false))).collect()
}
