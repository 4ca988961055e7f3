//! corepack: puts package managers where programs are found, fetches the version that a project names, and starts it.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use super::Program;
use super::registry::NPM;
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["corepack"], effects: corepack }];

const MANAGERS: &[&str] = &["npm", "npx", "yarn", "yarnpkg", "pnpm", "pnpx"];

fn corepack(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(inv.args, &Grammar { stop_at_operand: false, ..Grammar::valued(&["install-directory", "o", "output"]) });
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    if asks_help(inv.args) || verb.text == "cache" && rest.is_empty() {
        return;
    }
    let name = verb.text.split('@').next().unwrap_or_default();
    match name {
        // Where node's own programs lie is not known here.
        "enable" | "disable" => match parsed.value(&["install-directory"]) {
            Some(directory) => sink.write_tree(directory, WriteMode::Change),
            None => installs(inv, sink),
        },
        "cache" => sink.deed(Deed::Configure { what: "package cache".to_owned() }, inv.span),
        _ => {
            NPM.ask(&[], false, inv, sink);
            installs(inv, sink);
        }
    }
    if matches!(name, "use" | "up") {
        super::registry::change("package.json", inv, sink);
        let install: Vec<Word> = ["npm", "install"].iter().map(|text| Word::literal(*text, inv.span)).collect();
        sink.run(&install, inv.stdin);
    }
    if name == "pack" {
        let archive = Word::literal("corepack.tgz", inv.span);
        sink.write(parsed.value(&["o", "output"]).unwrap_or(&archive), WriteMode::Replace);
    }
    if MANAGERS.contains(&name) {
        let at = inv.args.iter().position(|word| word == verb).map_or(inv.args.len(), |at| at + 1);
        let words = std::iter::once(Word::literal(name, verb.span)).chain(inv.args.get(at..).unwrap_or_default().iter().cloned());
        sink.run(&words.collect::<Vec<_>>(), inv.stdin);
    }
}

fn installs(inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Configure { what: "global packages".to_owned() }, inv.span);
    sink.opaque(OpaqueCause::Script, "npm-package", &[], inv.span);
}
