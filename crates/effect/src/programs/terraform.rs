//! terraform and ansible: infrastructure planned, changed, destroyed. A configuration is the project's code:
//! planning alone runs its providers.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::interpreter::project_code;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["terraform", "tofu", "terragrunt"], effects: terraform },
    Program { names: &["ansible", "ansible-playbook", "ansible-pull"], effects: ansible },
];

/// `-name=value` throughout: no option takes the next word.
const GRAMMAR: Grammar = Grammar { valued: &["var", "var-file", "target"], long_with_one_dash: true, ..Grammar::PLAIN };

fn change(what: &str, destroys: bool, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Deploy { target: "infrastructure".to_owned(), what: what.to_owned(), destroys }, inv.span);
}

fn terraform(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    parsed.values(&["var-file"]).into_iter().for_each(|word| sink.read(word));
    for word in parsed.values(&["out", "state-out", "backup"]).into_iter().filter(|word| word.text != "-") {
        sink.write(word, WriteMode::Replace);
    }
    let Some((verb, rest)) = parsed.operands.split_first().filter(|_| !parsed.has(&["help"])) else { return };
    let second = rest.first().map_or("", |word| word.text.as_str());
    match (verb.text.as_str(), second) {
        ("version" | "help" | "providers" | "graph" | "metadata", _)
        | ("state", "list" | "show" | "pull")
        | ("workspace", "list" | "show") => {}
        ("show" | "output", _) => output(inv, verb, rest, &parsed, sink),
        ("fmt", _) => {
            let here = Word::literal(".", inv.span);
            let target = rest.first().unwrap_or(&here);
            if parsed.has(&["check"])
                || parsed
                    .options
                    .iter()
                    .any(|(name, value)| name == "write" && value.as_ref().is_some_and(|word| word.text == "false"))
            {
                sink.read_tree(target);
            } else {
                sink.write_tree(target, WriteMode::Change);
            }
        }
        ("init" | "get", _) => {
            sink.connect("registry.terraform.io", None, "https", Some("GET"), false, inv.span);
            sink.write_tree(&Word::literal(".terraform", inv.span), WriteMode::Change);
            project_code(inv, sink);
        }
        ("plan" | "validate" | "test" | "console" | "refresh" | "query", _) => project_code(inv, sink),
        ("destroy", _) | ("workspace", "delete") | ("state", "rm") => changed(inv, verb, second, true, sink),
        ("login" | "logout", _) => sink.deed(Deed::UseSecret { name: "terraform credentials".to_owned() }, verb.span),
        ("workspace", _) => sink.deed(Deed::Configure { what: "terraform workspace".to_owned() }, verb.span),
        // What an apply destroys stands in the plan, which is not seen.
        _ => changed(
            inv,
            verb,
            second,
            parsed.may_have(&["destroy", "replace"]) || parsed.operands.iter().any(|word| word.text == "destroy"),
            sink,
        ),
    }
}

fn changed(inv: &Invocation<'_>, verb: &Word, second: &str, destroys: bool, sink: &mut Sink) {
    let nested = matches!(verb.text.as_str(), "state" | "workspace");
    let what = if nested { format!("terraform {} {second}", verb.text) } else { format!("terraform {}", verb.text) };
    change(&what, destroys, inv, sink);
    project_code(inv, sink);
}

/// Values marked sensitive are shown when asked for by name or in full.
fn output(inv: &Invocation<'_>, verb: &Word, rest: &[Word], parsed: &Parsed, sink: &mut Sink) {
    rest.iter().filter(|_| verb.text == "show").for_each(|word| sink.read(word));
    if parsed.has(&["json", "raw"]) || (verb.text == "output" && !rest.is_empty()) {
        sink.deed(Deed::UseSecret { name: "terraform output".to_owned() }, inv.span);
    }
}

fn ansible(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&[
            "i",
            "e",
            "l",
            "t",
            "u",
            "f",
            "m",
            "a",
            "M",
            "inventory",
            "extra-vars",
            "limit",
            "tags",
            "vault-password-file",
            "private-key",
            "key-file",
            "U",
            "d",
        ]),
    );
    parsed.values(&["vault-password-file", "private-key", "key-file"]).into_iter().for_each(|word| sink.read(word));
    parsed.operands.iter().filter(|word| inv.name == "ansible-playbook" && word.known()).for_each(|word| sink.read(word));
    if parsed.has(&["list-hosts", "list-tasks", "syntax-check"]) {
        return;
    }
    sink.connect("*", None, "ssh", None, true, inv.span);
    change(inv.name, false, inv, sink);
    sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], inv.span);
}
