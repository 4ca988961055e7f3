//! node, deno and bun: code on the command line, script files, package scripts, modules loaded first, debuggers that
//! listen. Packages are for the package managers' files.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Inner, Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::interpreter::{self, Reading, project_code};
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["node", "nodejs", "tsx", "ts-node", "ts-node-esm", "babel-node", "electron"], effects: node },
    Program { names: &["deno"], effects: deno },
];

const NODE: Grammar = Grammar {
    valued: &[
        "e",
        "r",
        "C",
        "eval",
        "require",
        "import",
        "loader",
        "experimental-loader",
        "env-file",
        "env-file-if-exists",
        "run",
        "conditions",
        "title",
        "input-type",
        "stack-trace-limit",
        "icu-data-dir",
        "openssl-config",
        "tls-keylog",
        "diagnostic-dir",
        "watch-path",
        "test-name-pattern",
        "test-reporter",
        "test-reporter-destination",
        "redirect-warnings",
        "heapsnapshot-signal",
        "project",
        "tsconfig",
        "P",
        "O",
        "cpu-prof-dir",
        "heap-prof-dir",
        "snapshot-blob",
        "build-snapshot-config",
        "experimental-sea-config",
        "localstorage-file",
    ],
    optional: &["inspect", "inspect-brk", "inspect-port", "inspect-wait", "debug", "max-old-space-size", "test", "env", "watch"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

fn node(inv: &Invocation<'_>, sink: &mut Sink) {
    let reading = interpreter::read(inv.args, &NODE, &[]);
    if reading.asks_help() {
        return;
    }
    loaded_first(inv, &reading, sink);
    let prints = reading.has(&["p", "print", "pe"]);
    let codes: Vec<&Word> = reading.values(&["e", "eval", "print"]).collect();
    if let Some((code, _)) = reading.rest.split_first().filter(|_| prints && codes.is_empty()) {
        sink.code("javascript", code);
    } else if reading.has(&["test", "run"]) {
        project_code(inv, sink);
    } else if reading.has(&["c", "check"]) {
        reading.rest.first().into_iter().for_each(|word| sink.read(word));
    } else if codes.is_empty() {
        interpreter::script_or_input(inv, "javascript", script(&reading), sink);
    }
    for code in codes {
        sink.code_with("javascript", code, &reading.rest);
    }
}

/// `node inspect script.js` and `tsx watch script.ts` name the script second.
fn script(reading: &Reading) -> &[Word] {
    match reading.rest.split_first() {
        Some((first, rest)) if matches!(first.text.as_str(), "inspect" | "debug" | "watch") && !rest.is_empty() => rest,
        Some(_) | None => &reading.rest,
    }
}

/// Modules, settings and debuggers that come before the script.
fn loaded_first(inv: &Invocation<'_>, reading: &Reading, sink: &mut Sink) {
    for word in reading.values(&["r", "require", "import", "loader", "experimental-loader"]) {
        module(inv, word, sink);
    }
    for word in reading.values(&["env-file", "env-file-if-exists", "snapshot-blob"]) {
        sink.read(word);
    }
    for word in reading.values(&["redirect-warnings", "tls-keylog", "test-reporter-destination", "localstorage-file"]) {
        sink.write(word, WriteMode::Change);
    }
    for word in reading.values(&["openssl-config", "experimental-sea-config", "build-snapshot-config"]) {
        sink.opaque(OpaqueCause::Script, "node", &[], word.span);
    }
    if let Some((_, value)) = reading.options.iter().find(|(name, _)| name.starts_with("inspect")) {
        let (host, port) = value.as_ref().and_then(|word| word.text.rsplit_once(':')).unwrap_or(("127.0.0.1", "9229"));
        sink.connect(host, port.parse().ok(), "listen", None, true, inv.span);
    }
    if let Some(word) = inv.env("NODE_OPTIONS").filter(|word| !harmless_options(&word.text)) {
        sink.opaque(OpaqueCause::Dynamic, "javascript", &[], word.span);
    }
}

/// `--max-old-space-size=…` and warnings are what projects set here every day.
fn harmless_options(text: &str) -> bool {
    text.split_whitespace().all(|option| {
        let name = option.trim_start_matches('-').split('=').next().unwrap_or_default().replace('_', "-");
        [
            "max-old-space-size",
            "no-warnings",
            "enable-source-maps",
            "trace-warnings",
            "experimental-vm-modules",
            "openssl-legacy-provider",
        ]
        .contains(&name.as_str())
    })
}

fn module(inv: &Invocation<'_>, word: &Word, sink: &mut Sink) {
    if let Some(code) = word.after("data:") {
        sink.opaque(OpaqueCause::InlineCode, "javascript", &[], code.span);
    } else if word.text.starts_with(['.', '/']) {
        sink.inner.push(Inner::CodeFile { language: "javascript", path: word.clone() });
    } else {
        project_code(inv, sink);
    }
}

#[rustfmt::skip]
const DENO: Grammar = Grammar::valued(&[
    "c", "config", "o", "output", "import-map", "log-level", "L", "location", "seed", "cert", "host", "port", "target",
    "cwd", "ext", "n", "name", "root", ]);

fn deno(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &DENO);
    let Some((verb, rest)) = parsed.operands.split_first() else {
        return if parsed.has(&["V", "version", "h", "help"]) {
        } else {
            interpreter::input(inv, "javascript", sink)
        };
    };
    match verb.text.as_str() {
        "help" | "doc" | "info" | "types" | "completions" | "outdated" => {}
        "eval" => rest.iter().take(1).for_each(|code| sink.code("javascript", code)),
        "fmt" => formatted(inv, &parsed, rest, !parsed.has(&["check"]), sink),
        "lint" => formatted(inv, &parsed, rest, parsed.has(&["fix"]), sink),
        "run" | "serve" => script_or_address(inv, rest, verb, &parsed, sink),
        "test" | "bench" | "task" | "check" | "coverage" | "repl" | "jupyter" => project_code(inv, sink),
        "compile" | "bundle" => {
            parsed.values(&["o", "output"]).into_iter().for_each(|word| sink.write(word, WriteMode::Replace));
            project_code(inv, sink);
        }
        "add" | "install" | "i" | "cache" | "remove" | "update" | "upgrade" | "uninstall" | "vendor" | "x" => {
            packages(inv, verb, rest, sink)
        }
        "publish" => sink.deed(Deed::Publish { registry: "jsr.io".to_owned(), package: ".".to_owned() }, inv.span),
        "init" => sink.write_tree(rest.first().unwrap_or(&Word::literal(".", verb.span)), WriteMode::Replace),
        _ => script_or_address(inv, &parsed.operands, verb, &parsed, sink),
    }
}

fn formatted(inv: &Invocation<'_>, _parsed: &Parsed, rest: &[Word], writes: bool, sink: &mut Sink) {
    let here = [Word::literal(".", inv.span)];
    for word in if rest.is_empty() { &here[..] } else { rest } {
        if writes { sink.write_tree(word, WriteMode::Change) } else { sink.read_tree(word) }
    }
}

fn script_or_address(inv: &Invocation<'_>, rest: &[Word], verb: &Word, parsed: &Parsed, sink: &mut Sink) {
    if verb.text == "serve" {
        let host = parsed.value(&["host"]).map_or("0.0.0.0", |word| &word.text);
        sink.connect(host, parsed.value(&["port"]).and_then(|word| word.text.parse().ok()), "listen", None, true, inv.span);
    }
    match rest.first() {
        Some(word) if word.text.contains("://") || word.text.starts_with("npm:") || word.text.starts_with("jsr:") => {
            fetched(word, sink);
        }
        Some(_) | None => interpreter::script_or_input(inv, "javascript", rest, sink),
    }
}

/// Code that comes from the network and runs.
fn fetched(word: &Word, sink: &mut Sink) {
    let host = match word.text.split(':').next() {
        Some("npm") => "registry.npmjs.org".to_owned(),
        Some("jsr") => "jsr.io".to_owned(),
        Some(_) | None => url::parse(&word.text).map_or_else(|| "*".to_owned(), |url| url.host),
    };
    sink.connect(&host, None, "https", Some("GET"), false, word.span);
    sink.opaque(OpaqueCause::Script, "npm-package", &[], word.span);
}

fn packages(inv: &Invocation<'_>, verb: &Word, rest: &[Word], sink: &mut Sink) {
    if rest.is_empty() || matches!(verb.text.as_str(), "remove" | "uninstall" | "upgrade") {
        sink.connect("jsr.io", None, "https", Some("GET"), false, verb.span);
        sink.write_tree(&Word::literal("node_modules", verb.span), WriteMode::Change);
        return project_code(inv, sink);
    }
    rest.iter().for_each(|word| fetched(word, sink));
}
