//! Runs the pages of cases/shell, cases/tools and cases/resolve: a command or a tool call in a made-up world in, its
//! resolved effects out, one line each.

#![expect(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests")]

use std::path::Path;

use bailiwick_casebook::Case;
use bailiwick_effect::effects::effects;
use bailiwick_effect::resolve::resolve;
use bailiwick_effect::world::Imagined;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::effect::{Deed, Effect, Reversibility, Target};
use bailiwick_vocab::map::Map;

fn run(folder: &str, least: usize) {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(folder);
    let count = bailiwick_casebook::run(&pages, &check).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(count >= least, "only {count} cases");
}

#[test]
fn shell_pages() {
    run("shell", 150);
}

#[test]
fn tool_pages() {
    run("tools", 25);
}

#[test]
fn resolution_pages() {
    run("resolve", 25);
}

fn check(case: &Case) -> String {
    let world = imagine(case.input("world"));
    let cwd = if case.has("cwd") { case.input("cwd") } else { "/work" };
    let map: Map = serde_json::from_str(if case.has("map") { case.input("map") } else { "{}" }).unwrap();
    let found = effects(&call(case), cwd, &map, &world);
    let lines: Vec<String> = resolve(found, cwd, &world).iter().map(line).collect();
    if lines.is_empty() { "nothing".to_owned() } else { lines.join("\n") }
}

fn call(case: &Case) -> ToolCall {
    let request = if case.has("call") {
        serde_json::from_str(case.input("call")).unwrap()
    } else {
        Request::Shell { command: case.input("sh").to_owned(), shell: Shell::Bash, background: false, unseen_input: false }
    };
    let input = if case.has("input") { serde_json::from_str(case.input("input")).unwrap() } else { serde_json::Value::Null };
    ToolCall { id: "1".into(), tool: "t".into(), request, input }
}

/// `file PATH [tracked] [: TEXT]`, `dir PATH`, `link PATH -> PATH`, `remote NAME URL`, `env NAME VALUE`, `nohome`; in a
/// text `\n` is a newline.
fn imagine(text: &str) -> Imagined {
    let mut world = Imagined { home: Some("/home/u".into()), ..Imagined::default() };
    for line in text.lines() {
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        match kind {
            "file" => {
                let (head, text) = rest.split_once(" : ").unwrap_or((rest, ""));
                let (path, tracked) = head.split_once(' ').unwrap_or((head, ""));
                world.files.insert(path.into(), text.replace("\\n", "\n"));
                if tracked == "tracked" {
                    world.tracked.push(path.into());
                }
            }
            "dir" => drop(world.directories.insert(rest.into())),
            "link" => {
                let (from, to) = rest.split_once(" -> ").unwrap();
                world.links.insert(from.into(), to.into());
            }
            "remote" => {
                let (name, url) = rest.split_once(' ').unwrap();
                world.remotes.insert(name.into(), url.into());
            }
            "env" => {
                let (name, value) = rest.split_once(' ').unwrap();
                world.variables.insert(name.into(), value.into());
            }
            "nohome" => world.home = None,
            other => panic!("no such line in a world: {other}"),
        }
    }
    world
}

fn line(effect: &Effect) -> String {
    let mut words = match &effect.deed {
        Deed::Read(path) => format!("read {}", target(path)),
        Deed::Write { target: path, mode } => format!("write {} {}", target(path), format!("{mode:?}").to_lowercase()),
        Deed::Delete(path) => format!("delete {}", target(path)),
        Deed::Execute { argv, .. } => format!("execute {argv:?}"),
        Deed::Connect { host, port, scheme, method, upload, .. } => {
            let port = port.map_or(String::new(), |port| format!(":{port}"));
            let method = method.as_ref().map_or(String::new(), |method| format!(" {method}"));
            format!("connect {scheme}://{host}{port}{method}{}", if *upload { " upload" } else { "" })
        }
        Deed::Push { remote, host, refs, force } => {
            let host = host.as_deref().unwrap_or("?");
            format!("push {remote} host={host} {refs:?}{}", if *force { " force" } else { "" })
        }
        Deed::Opaque { cause, language, hints } => {
            let hints: Vec<String> = hints.iter().map(|hint| format!("{hint:?}").to_lowercase()).collect();
            format!("opaque {} {language} [{}]", format!("{cause:?}").to_lowercase(), hints.join(" "))
        }
        Deed::Call { server, tool, knowledge } => format!("call {server}/{tool} {}", format!("{knowledge:?}").to_lowercase()),
        other => format!("{} {}", other.act(), rest(other)),
    };
    match effect.reversible {
        Reversibility::Reversible => {}
        Reversibility::Compensable => words.push_str(" compensable"),
        Reversibility::Irreversible => words.push_str(" irreversible"),
    }
    words
}

/// The fields of the rarer deeds, as JSON has them.
fn rest(deed: &Deed) -> String {
    let value = serde_json::to_value(deed).unwrap();
    let fields = value.as_object().unwrap().iter().filter(|(key, _)| *key != "act");
    fields.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
}

fn target(target: &Target) -> String {
    let mut words = target.path.clone();
    for (flag, word) in [(target.tree, " tree"), (target.glob, " glob"), (!target.known, " unknown")] {
        if flag {
            words.push_str(word);
        }
    }
    if !target.also.is_empty() {
        words.push_str(&format!(" also={}", target.also.join(",")));
    }
    if let Some(facts) = target.facts.filter(|facts| facts.exists) {
        words.push_str(&format!(" files={} untracked={}", facts.files, facts.untracked));
    }
    words
}
