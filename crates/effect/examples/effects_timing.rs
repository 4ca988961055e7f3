//! Measures the walk: JSON lines with a `command` each on standard input; time for each, and how often a part is not
//! known, on standard output. `--slow` and `--opaque CAUSE` print the commands in question.

#![expect(clippy::print_stdout, clippy::disallowed_types, clippy::disallowed_methods, reason = "a measurement")]

use std::collections::BTreeMap;
use std::io::BufRead;
use std::time::{Duration, Instant};

use bailiwick_effect::effects::effects;
use bailiwick_effect::resolve::resolve;
use bailiwick_effect::world::Imagined;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::effect::{Deed, Effect};
use bailiwick_vocab::map::Map;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let world = Imagined { home: Some("/home/u".into()), ..Imagined::default() };
    let map = Map::default();
    let mut times = Vec::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
        let Some(command) = value.get("command").and_then(serde_json::Value::as_str) else { continue };
        let call = call(command);
        let start = Instant::now();
        let found = effects(&call, "/work", &map, &world);
        let took = start.elapsed();
        let found = resolve(found, "/work", &world);
        times.push(took);
        let seen = kinds_of(&found);
        let shown = wanted.iter().any(|kind| seen.contains_key(kind))
            || (wanted.iter().any(|kind| kind == "--slow") && took > Duration::from_millis(5));
        if shown {
            println!("{took:?}\t{}", command.replace('\n', "\\n"));
        }
        for kind in seen.into_keys() {
            *kinds.entry(kind).or_default() += 1;
        }
    }
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 1000).copied().unwrap_or_default();
    println!(
        "{} commands: median {:?}, 99% {:?}, 99.9% {:?}, longest {:?}",
        times.len(),
        at(500),
        at(990),
        at(999),
        times.last()
    );
    for (kind, count) in kinds {
        println!("{count:7} {kind}");
    }
}

fn call(command: &str) -> ToolCall {
    let request = Request::Shell { command: command.into(), shell: Shell::Bash, background: false, unseen_input: false };
    ToolCall { id: String::new(), tool: "Bash".into(), request, input: serde_json::Value::Null }
}

/// What is worth counting in a command's effects, each once.
fn kinds_of(effects: &[Effect]) -> BTreeMap<String, ()> {
    let mut kinds = BTreeMap::new();
    for effect in effects {
        if let Deed::Opaque { cause, language, hints } = &effect.deed {
            kinds.insert(format!("opaque-{cause:?}"), ());
            kinds.insert(format!("opaque-{cause:?}-{language}{}", if hints.is_empty() { "" } else { "-hints" }), ());
        }
        if effect.deed.target().is_some_and(|target| !target.known) {
            kinds.insert(format!("unknown-{}", effect.deed.act()), ());
        }
        kinds.insert(effect.deed.act().to_owned(), ());
    }
    if effects.is_empty() {
        kinds.insert("nothing".to_owned(), ());
    }
    kinds
}
