//! cargo, rustup and go: the project built, tested and run, packages fetched, toolchains changed, releases published.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::interpreter::project_code;
use crate::programs::registry::{self, CRATES, GO};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["cargo"], effects: cargo },
    Program { names: &["rustup"], effects: rustup },
    Program { names: &["go"], effects: go },
];

#[rustfmt::skip]
const CARGO: Grammar = Grammar::valued(&[
    "p", "j", "F", "Z", "C", "package", "jobs", "features", "target", "target-dir", "manifest-path", "bin", "example", "test", "bench", "profile",
    "message-format", "color", "config", "git", "branch", "tag", "rev", "path", "registry", "index", "root", "version", "vers", "token",
    "exclude", "rename", "name", "edition", "vcs", "limit", "lockfile-path", "artifact-dir", "format", "depth", "e", "i", "add",
]);

const BUILT_IN: &[&str] = &[
    "build",
    "b",
    "check",
    "c",
    "test",
    "t",
    "run",
    "r",
    "bench",
    "doc",
    "d",
    "fix",
    "rustc",
    "rustdoc",
    "package",
    "install",
    "uninstall",
    "publish",
    "add",
    "remove",
    "update",
    "fetch",
    "vendor",
    "clean",
    "new",
    "init",
    "yank",
    "owner",
    "login",
    "logout",
    "search",
    "tree",
];

fn cargo(inv: &Invocation<'_>, sink: &mut Sink) {
    let words: Vec<Word> = inv.args.iter().filter(|word| !word.text.starts_with('+')).cloned().collect();
    let parsed = args::parse(&words, &CARGO);
    for word in ["RUSTC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"].iter().filter_map(|name| inv.env(name)) {
        sink.run(std::slice::from_ref(word), inv.stdin);
    }
    // A setting may name a compiler, a linker or a runner.
    if let Some(word) = parsed.value(&["config"]) {
        sink.opaque(OpaqueCause::Dynamic, "cargo", &[], word.span);
    }
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    // Another program's help is that program's own code.
    if parsed.has(&["help"]) && BUILT_IN.contains(&verb.text.as_str()) {
        return;
    }
    match verb.text.as_str() {
        "help" | "version" | "tree" | "locate-project" | "pkgid" | "read-manifest" | "verify-project" | "config" | "report"
        | "metadata" => {}
        "search" | "info" => CRATES.ask(&[], false, inv, sink),
        "fmt" if !parsed.has(&["check"]) => sink.write_tree(&Word::literal(".", verb.span), WriteMode::Change),
        "fmt" => sink.read_tree(&Word::literal(".", verb.span)),
        "clean" if parsed.has(&["dry-run", "n"]) => {}
        "clean" => sink.delete_tree(parsed.value(&["target-dir"]).unwrap_or(&Word::literal("target", verb.span))),
        "new" | "init" => sink.write_tree(rest.first().unwrap_or(&Word::literal(".", verb.span)), WriteMode::Change),
        "add" | "remove" | "rm" | "update" | "upgrade" | "generate-lockfile" | "fetch" | "vendor" => {
            change_dependencies(inv, &verb.text, rest, &parsed, sink)
        }
        "install" if parsed.has(&["list"]) => {}
        "install" => install(inv, rest, &parsed, sink),
        "uninstall" => sink.deed(Deed::Configure { what: "installed programs".to_owned() }, verb.span),
        "publish" if parsed.has(&["dry-run", "n"]) => project_code(inv, sink),
        "publish" => publish(inv, &parsed, sink),
        "yank" => service(inv, "yank", true, sink),
        "owner" => service(inv, "owner", false, sink),
        "login" | "logout" => sink.deed(Deed::UseSecret { name: "cargo credentials".to_owned() }, verb.span),
        // Building runs build scripts and macros; an unknown verb is another program, or an alias that the project sets.
        _ => project_code(inv, sink),
    }
}

fn change_dependencies(inv: &Invocation<'_>, verb: &str, rest: &[Word], parsed: &Parsed, sink: &mut Sink) {
    let elsewhere: Vec<&Word> = parsed.values(&["git", "index"]);
    if verb != "remove" && verb != "rm" {
        CRATES.ask(&elsewhere, false, inv, sink);
    }
    match verb {
        "vendor" => sink.write_tree(rest.first().unwrap_or(&Word::literal("vendor", inv.span)), WriteMode::Replace),
        "add" | "remove" | "rm" | "upgrade" => registry::change("Cargo.toml", inv, sink),
        _ => {}
    }
    registry::change("Cargo.lock", inv, sink);
}

fn install(inv: &Invocation<'_>, rest: &[Word], parsed: &Parsed, sink: &mut Sink) {
    if let Some(path) = parsed.value(&["path"]) {
        sink.read_tree(path);
        project_code(inv, sink);
    } else {
        let unnamed = [Word::literal(".", inv.span)];
        let packages = if rest.is_empty() && parsed.value(&["git"]).is_some() { &unnamed[..0] } else { rest };
        CRATES.fetch(packages, &parsed.values(&["git", "index"]), inv, sink);
        if packages.is_empty() {
            CRATES.ask(&parsed.values(&["git", "index"]), false, inv, sink);
            sink.opaque(OpaqueCause::Script, registry::FOREIGN, &[], inv.span);
        }
    }
    match parsed.value(&["root"]) {
        Some(root) => sink.write_tree(root, WriteMode::Change),
        None => sink.deed(Deed::Configure { what: "installed programs".to_owned() }, inv.span),
    }
}

fn publish(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    let registry = parsed.value(&["registry", "index"]).map_or(CRATES.host, |word| &word.text).to_owned();
    let package = parsed.value(&["p", "package"]).map_or(".", |word| &word.text).to_owned();
    sink.deed(Deed::Publish { registry, package }, inv.span);
    project_code(inv, sink);
}

fn service(inv: &Invocation<'_>, what: &str, destroys: bool, sink: &mut Sink) {
    sink.deed(Deed::Deploy { target: "crates.io".to_owned(), what: what.to_owned(), destroys }, inv.span);
}

fn rustup(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar { stop_at_operand: true, ..Grammar::PLAIN });
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    let second = rest.first().map_or("list", |word| word.text.as_str());
    match (verb.text.as_str(), second) {
        ("show" | "which" | "doc" | "help" | "check" | "completions" | "man", _) => {}
        ("toolchain" | "component" | "target" | "override", "list" | "--help") => {}
        ("run", _) => sink.run(rest.get(1..).unwrap_or_default(), inv.stdin),
        ("self", "uninstall") => sink
            .deed(Deed::Deploy { target: "rust toolchains".to_owned(), what: "uninstall".to_owned(), destroys: true }, verb.span),
        _ => {
            sink.connect("static.rust-lang.org", None, "https", Some("GET"), false, verb.span);
            sink.deed(Deed::Configure { what: "rust toolchains".to_owned() }, verb.span);
        }
    }
}

#[rustfmt::skip]
const GO_FLAGS: Grammar = Grammar {
    valued: &[
        "o", "C", "p", "exec", "toolexec", "mod", "modfile", "overlay", "pkgdir", "tags", "ldflags", "gcflags", "asmflags", "gccgoflags", "run", "bench",
        "count", "cpu", "parallel", "timeout", "coverprofile", "cpuprofile", "memprofile", "blockprofile", "mutexprofile", "trace",
        "outputdir", "vettool", "f", "buildmode", "compiler", "covermode", "coverpkg", "fuzz", "fuzztime", "benchtime", "skip", "w", "u", "buildvcs",
    ],
    long_with_one_dash: true,
    stop_at_operand: true,
    ..Grammar::PLAIN
};

fn go(inv: &Invocation<'_>, sink: &mut Sink) {
    let Some((verb, rest)) = inv.args.split_first().filter(|_| !args::asks_help(inv.args)) else { return };
    // `-u` and `-w` take no value in get and fmt, but what they would swallow is a package or a file.
    let grammar = if verb.text == "get" || verb.text == "env" { Grammar { valued: &["C"], ..GO_FLAGS } } else { GO_FLAGS };
    let parsed = args::parse(rest, &grammar);
    for word in parsed.values(&["o", "coverprofile", "cpuprofile", "memprofile", "blockprofile", "mutexprofile", "trace"]) {
        sink.write(word, WriteMode::Replace);
    }
    for word in parsed.values(&["exec", "toolexec", "vettool"]) {
        sink.shell(word);
    }
    match verb.text.as_str() {
        "version" | "help" | "doc" | "bug" | "list" => {}
        "env" if !parsed.has(&["w", "u"]) => {}
        "env" | "telemetry" => sink.deed(Deed::Configure { what: "go settings".to_owned() }, verb.span),
        "fmt" | "fix" => sink.write_tree(&Word::literal(".", verb.span), WriteMode::Change),
        "clean" => go_clean(inv, &parsed, sink),
        "mod" | "work" => go_mod(inv, parsed.operands.first(), sink),
        "get" => {
            GO.ask(&[], false, inv, sink);
            registry::change("go.mod", inv, sink);
            registry::change("go.sum", inv, sink);
        }
        "run" | "install" => go_run(inv, verb, &parsed, sink),
        _ => project_code(inv, sink),
    }
}

fn go_run(inv: &Invocation<'_>, verb: &Word, parsed: &Parsed, sink: &mut Sink) {
    match parsed.operand(0).filter(|word| word.text.contains('@')) {
        Some(package) if !registry::is_go_home(&package.text) => {
            let host = package.text.split('/').next().unwrap_or_default();
            sink.connect(host, None, "https", Some("GET"), false, package.span);
            sink.opaque(OpaqueCause::Script, registry::FOREIGN, &[], package.span);
        }
        Some(package) => GO.fetch(
            std::slice::from_ref(&Word::literal(package.text.split('@').next().unwrap_or_default(), package.span)),
            &[],
            inv,
            sink,
        ),
        None => project_code(inv, sink),
    }
    if verb.text == "install" {
        sink.deed(Deed::Configure { what: "installed programs".to_owned() }, inv.span);
    }
}

fn go_clean(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    if parsed.has(&["cache", "modcache", "testcache", "fuzzcache"]) {
        sink.deed(Deed::Configure { what: "package cache".to_owned() }, inv.span);
    } else if !parsed.has(&["n"]) {
        sink.delete_tree(&Word::literal(".", inv.span));
    }
}

fn go_mod(inv: &Invocation<'_>, verb: Option<&Word>, sink: &mut Sink) {
    match verb.map_or("", |word| word.text.as_str()) {
        "graph" | "why" | "verify" | "" => {}
        "download" => GO.ask(&[], false, inv, sink),
        action => {
            if action == "tidy" || action == "vendor" {
                GO.ask(&[], false, inv, sink);
            }
            if action == "vendor" {
                sink.write_tree(&Word::literal("vendor", inv.span), WriteMode::Replace);
            }
            registry::change("go.mod", inv, sink);
            registry::change("go.sum", inv, sink);
        }
    }
}
