//! pip, uv, pipx, poetry and twine: packages fetched, the project built and run, releases published.
//! Requirement files are not opened: they are the project's.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::interpreter::project_code;
use crate::programs::registry::{self, PYPI};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["pip", "pip2", "pip3"], effects: pip },
    Program { names: &["uv"], effects: uv },
    Program { names: &["uvx"], effects: uvx },
    Program { names: &["pipx"], effects: pipx },
    Program { names: &["poetry", "pdm", "hatch", "rye", "pipenv"], effects: poetry },
    Program { names: &["twine"], effects: twine },
    Program { names: &["conda", "mamba", "micromamba"], effects: conda },
];

#[rustfmt::skip]
const GRAMMAR: Grammar = Grammar {
    valued: &[
    "r", "c", "e", "i", "f", "t", "d", "w", "p", "requirement", "constraint", "editable", "index-url", "extra-index-url", "default-index", "index",
    "find-links", "target", "dest", "wheel-dir", "prefix", "root", "src", "python", "log", "report", "cache-dir", "proxy", "cert",
    "client-cert", "trusted-host", "timeout", "retries", "progress-bar", "platform", "python-version", "implementation", "abi",
    "only-binary", "no-binary", "config-settings", "global-option", "build-option", "install-option", "with", "from", "spec", "pip-args",
    "with-editable", "with-requirements", "directory", "project", "extra", "group", "only-group", "output-file", "o", "format",
    "env-file", "token", "repository", "repository-url", "u", "username", "password", "config-file", "publish-url", "out-dir", "source",
    "override", "build-constraint", "keyring-provider", "exists-action", "upgrade-strategy", "use-feature", "path", "include", "exclude",
    "file", "channel", "m", "module", "P", "C",
],
    // Options without a value that are also the beginning of one with a value.
    optional: &["user", "upgrade", "pre"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

fn indices(parsed: &Parsed) -> Vec<&Word> {
    parsed.values(&["i", "index-url", "extra-index-url", "default-index", "index", "f", "find-links", "proxy"])
}

/// An extra index is asked beside the usual one, not in its place.
fn usual_too(parsed: &Parsed, inv: &Invocation<'_>, sink: &mut Sink) {
    let only_more = parsed.has(&["extra-index-url"]) && !parsed.has(&["i", "index-url", "default-index", "no-index"]);
    if only_more {
        PYPI.ask(&[], false, inv, sink);
    }
}

fn pip(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    if let Some(word) = parsed.value(&["log", "report"]) {
        sink.write(word, WriteMode::Change);
    }
    if let Some(word) = parsed.value(&["python"]) {
        sink.run(std::slice::from_ref(word), inv.stdin);
    }
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    pip_verb(inv, verb, rest, &parsed, sink);
}

fn pip_verb(inv: &Invocation<'_>, verb: &Word, rest: &[Word], parsed: &Parsed, sink: &mut Sink) {
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "pip", &[], inv.span);
    }
    if parsed.has(&["help"]) {
        return;
    }
    usual_too(parsed, inv, sink);
    match verb.text.as_str() {
        "list" | "ls" | "show" | "freeze" | "check" | "help" | "inspect" | "debug" | "completion" | "tree" | "hash" => {
            rest.iter().filter(|_| verb.text == "hash").for_each(|word| sink.read(word));
            if parsed.has(&["o", "outdated", "u", "uptodate"]) {
                PYPI.ask(&indices(parsed), false, inv, sink);
            }
        }
        "index" | "search" => PYPI.ask(&indices(parsed), false, inv, sink),
        "install" | "sync" => {
            add(inv, rest, parsed, sink);
            match parsed.value(&["t", "target", "prefix", "root"]) {
                Some(word) => sink.write_tree(word, WriteMode::Change),
                None if parsed.has(&["dry-run"]) => {}
                None => sink.deed(Deed::Configure { what: "python packages".to_owned() }, inv.span),
            }
        }
        "download" | "wheel" | "compile" | "lock" => {
            add(inv, rest, parsed, sink);
            let here = Word::literal(".", inv.span);
            sink.write_tree(
                parsed.value(&["d", "dest", "w", "wheel-dir", "o", "output-file"]).unwrap_or(&here),
                WriteMode::Change,
            );
        }
        "uninstall" => sink.deed(Deed::Configure { what: "python packages".to_owned() }, inv.span),
        "config" if rest.first().is_none_or(|word| matches!(word.text.as_str(), "list" | "get" | "debug")) => {}
        "config" => sink.deed(Deed::Configure { what: "pip settings".to_owned() }, inv.span),
        "cache" if rest.first().is_none_or(|word| matches!(word.text.as_str(), "dir" | "info" | "list" | "size")) => {}
        "cache" => sink.deed(Deed::Configure { what: "package cache".to_owned() }, inv.span),
        _ => sink.opaque(OpaqueCause::Script, "project", &[], verb.span),
    }
}

/// Packages by name; what a requirements file or a directory names is the project's.
fn add(inv: &Invocation<'_>, packages: &[Word], parsed: &Parsed, sink: &mut Sink) {
    let own = parsed.values(&["r", "requirement", "requirements", "c", "constraint", "with-requirements"]);
    for word in &own {
        if word.text.contains("://") {
            PYPI.ask(&[word], false, inv, sink);
            sink.opaque(OpaqueCause::Script, registry::FOREIGN, &[], word.span);
        } else {
            sink.read(word);
        }
    }
    let editable: Vec<Word> = parsed.values(&["e", "editable"]).into_iter().cloned().collect();
    if packages.is_empty() {
        PYPI.ask(&indices(parsed), false, inv, sink);
    }
    if packages.is_empty() && editable.is_empty() {
        project_code(inv, sink);
    }
    PYPI.fetch(packages, &indices(parsed), inv, sink);
    PYPI.fetch(&editable, &indices(parsed), inv, sink);
}

fn after_verb(inv: &Invocation<'_>, verb: &Word) -> Vec<Word> {
    let at = inv.args.iter().position(|word| word == verb).map_or(inv.args.len(), |at| at + 1);
    inv.args.get(at..).unwrap_or_default().to_vec()
}

fn uv(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    let second = rest.first().map_or("", |word| word.text.as_str());
    match (verb.text.as_str(), second) {
        ("pip", _) => rest.split_first().into_iter().for_each(|(verb, rest)| pip_verb(inv, verb, rest, &parsed, sink)),
        ("version" | "help" | "tree" | "export", _) | ("python" | "tool" | "cache", "list" | "dir" | "find") => {
            parsed.values(&["o", "output-file"]).into_iter().for_each(|word| sink.write(word, WriteMode::Replace));
        }
        ("run", _) => run_in_project(inv, &after_verb(inv, verb), sink),
        ("tool", "run") => tool(inv, rest.first().map(|word| after_verb(inv, word)).unwrap_or_default().as_slice(), sink),
        ("tool", "install" | "upgrade") => {
            add(inv, rest.get(1..).unwrap_or_default(), &parsed, sink);
            sink.deed(Deed::Configure { what: "python packages".to_owned() }, inv.span);
        }
        ("add", _) => {
            add(inv, rest, &parsed, sink);
            project_files(inv, sink);
        }
        ("sync" | "lock" | "remove" | "build" | "init", _) => {
            PYPI.ask(&indices(&parsed), false, inv, sink);
            project_files(inv, sink);
            project_code(inv, sink);
        }
        ("venv", _) => sink.write_tree(rest.first().unwrap_or(&Word::literal(".venv", inv.span)), WriteMode::Replace),
        ("publish", _) => publish(inv, rest, &parsed, sink),
        _ => sink.deed(Deed::Configure { what: "uv".to_owned() }, verb.span),
    }
}

fn project_files(inv: &Invocation<'_>, sink: &mut Sink) {
    registry::change("pyproject.toml", inv, sink);
    registry::install_into(".venv", None, inv, sink);
}

/// `run [options] command …` with the project's environment.
fn run_in_project(inv: &Invocation<'_>, words: &[Word], sink: &mut Sink) {
    let grammar = Grammar { stop_at_operand: true, ..GRAMMAR };
    let parsed = args::parse(words, &grammar);
    let extra: Vec<Word> = parsed.values(&["with", "with-editable"]).into_iter().cloned().collect();
    PYPI.fetch(&extra, &indices(&parsed), inv, sink);
    parsed.values(&["env-file"]).into_iter().for_each(|word| sink.read(word));
    project_code(inv, sink);
    if let Some(module) = parsed.value(&["m", "module"]) {
        let words = [Word::literal("python", module.span), Word::literal("-m", module.span), module.clone()];
        sink.run(&[&words[..], &parsed.operands].concat(), inv.stdin);
    } else if parsed.operand(0).is_some_and(|word| word.text.ends_with(".py")) {
        sink.run(&[&[Word::literal("python", inv.span)], parsed.operands.as_slice()].concat(), inv.stdin);
    } else {
        sink.run(&parsed.operands, inv.stdin);
    }
}

fn uvx(inv: &Invocation<'_>, sink: &mut Sink) {
    if !args::asks_help(inv.args) {
        tool(inv, inv.args, sink);
    }
}

/// `[--from PACKAGE] PROGRAM arguments`: fetched and run.
fn tool(inv: &Invocation<'_>, words: &[Word], sink: &mut Sink) {
    let parsed = args::parse(words, &Grammar { stop_at_operand: true, ..GRAMMAR });
    let Some((program, rest)) = parsed.operands.split_first() else { return };
    let mut packages: Vec<Word> = parsed.values(&["from", "spec", "with"]).into_iter().cloned().collect();
    if parsed.value(&["from", "spec"]).is_none() {
        packages.push(program.clone());
    }
    PYPI.fetch(&packages, &indices(&parsed), inv, sink);
    let bare = Word::literal(program.text.split(['@', '=', '[']).next().unwrap_or_default(), program.span);
    sink.run(&[&[bare], rest].concat(), inv.stdin);
}

fn pipx(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    match verb.text.as_str() {
        "list" | "environment" | "help" => {}
        "run" => tool(inv, &after_verb(inv, verb), sink),
        "ensurepath" => sink.deed(Deed::Persist { how: "shell start-up file".to_owned() }, verb.span),
        "install" | "inject" | "upgrade" | "install-all" | "upgrade-all" | "reinstall" => {
            add(inv, rest, &parsed, sink);
            sink.deed(Deed::Configure { what: "python packages".to_owned() }, inv.span);
        }
        _ => sink.deed(Deed::Configure { what: "python packages".to_owned() }, inv.span),
    }
}

fn poetry(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    match verb.text.as_str() {
        "show" | "check" | "about" | "help" | "list" | "search" | "graph" | "info" => {}
        "version" if rest.is_empty() => {}
        "env" | "config" | "cache" | "self" | "source"
            if rest.first().is_none_or(|word| matches!(word.text.as_str(), "list" | "info" | "show")) => {}
        "run" => run_in_project(inv, &after_verb(inv, verb), sink),
        "add" | "install" if !rest.is_empty() => {
            add(inv, rest, &parsed, sink);
            project_files(inv, sink);
        }
        "publish" => publish(inv, rest, &parsed, sink),
        "config" | "self" | "source" | "cache" => {
            sink.deed(Deed::Configure { what: "package manager settings".to_owned() }, verb.span)
        }
        "new" | "init" => sink.write_tree(rest.first().unwrap_or(&Word::literal(".", inv.span)), WriteMode::Change),
        _ => {
            PYPI.ask(&indices(&parsed), false, inv, sink);
            project_files(inv, sink);
            project_code(inv, sink);
        }
    }
}

fn publish(inv: &Invocation<'_>, files: &[Word], parsed: &Parsed, sink: &mut Sink) {
    let named = parsed.value(&["repository-url", "publish-url", "repository", "index", "r"]);
    let host = named.map_or_else(
        || "pypi.org".to_owned(),
        |word| {
            crate::url::parse(&word.text).filter(|_| word.text.contains("://")).map_or_else(|| word.text.clone(), |url| url.host)
        },
    );
    files.iter().for_each(|word| sink.read(word));
    sink.deed(Deed::Publish { registry: host, package: files.first().map_or(".", |word| &word.text).to_owned() }, inv.span);
}

fn twine(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    if verb.text == "check" { rest.iter().for_each(|word| sink.read(word)) } else { publish(inv, rest, &parsed, sink) }
}

fn conda(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    match verb.text.as_str() {
        "list" | "info" | "search" | "help" | "activate" | "deactivate" => {}
        "env" if rest.first().is_some_and(|word| word.text == "list" || word.text == "export") => {}
        "run" => {
            let grammar = Grammar::wrapper(&["n", "name", "p", "prefix", "cwd"]);
            sink.run(&args::parse(&after_verb(inv, verb), &grammar).operands, inv.stdin);
        }
        "init" => sink.deed(Deed::Persist { how: "shell start-up file".to_owned() }, verb.span),
        _ => {
            let anaconda = registry::Registry { host: "conda.anaconda.org", package: "conda-package" };
            if matches!(verb.text.as_str(), "install" | "create" | "update" | "upgrade" | "env") {
                anaconda.fetch(&[Word::literal("packages", verb.span)], &[], inv, sink);
            }
            sink.deed(Deed::Configure { what: "python packages".to_owned() }, inv.span);
        }
    }
}
