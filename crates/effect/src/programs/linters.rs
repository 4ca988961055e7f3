//! Linters and formatters: which files they read or, when told to fix, write; which of them load the project's code.

use bailiwick_vocab::effect::WriteMode;

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["ruff"], effects: ruff },
    Program { names: &["biome", "dprint", "oxlint"], effects: biome },
    Program {
        names: &["gofmt", "goimports", "gofumpt", "shfmt", "clang-format", "buildifier", "taplo"],
        effects: writes_when_told,
    },
    Program { names: &["rustfmt"], effects: rustfmt },
    Program {
        names: &["shellcheck", "hadolint", "yamllint", "jsonlint", "actionlint", "markdownlint", "typos"],
        effects: reader,
    },
];

#[rustfmt::skip]
const GRAMMAR: Grammar = Grammar {
    valued: &[
        "c", "o", "f", "config", "output-file", "format", "ext", "rulesdir", "resolve-plugins-relative-to", "plugin", "parser", "parser-options", "rule",
        "ignore-path", "ignore-pattern", "cache-location", "cache-file", "max-warnings", "config-path", "formatter", "custom-formatter", "require", "r",
        "select", "ignore", "extend-select", "extend-ignore", "exclude", "extend-exclude", "include", "line-length", "l", "target-version", "t", "output-format",
        "per-file-ignores", "cache-dir", "stdin-filename", "stdin-filepath", "python-version", "config-file", "m", "p", "module", "package",
        "junit-xml", "html-report", "txt-report", "linecount-report", "any-exprs-report", "cobertura-xml-report", "xml-report", "python-executable",
        "custom-typeshed-dir", "shadow-file", "rcfile", "load-plugins", "init-hook", "j", "jobs", "e", "i", "s", "style", "edition", "emit", "profile", "workers", "W",
        "print-width", "tab-width", "plugin-search-dir", "settings-file", "standard",
    ],
    optional: &["fix", "cache", "check", "diff"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

fn parse(inv: &Invocation<'_>) -> Parsed {
    args::parse(inv.args, &GRAMMAR)
}

fn only_shows(inv: &Invocation<'_>) -> bool {
    args::asks_help(inv.args)
        || matches!(inv.args, [only] if matches!(only.text.as_str(), "-h" | "-v" | "-V" | "help" | "version"))
}

/// The operands' trees, or the working directory's, are written or only read.
fn files(operands: &[Word], writes: bool, inv: &Invocation<'_>, sink: &mut Sink) {
    let here = [Word::literal(".", inv.span)];
    let operands = if operands.is_empty() { &here[..] } else { operands };
    for word in operands.iter().filter(|word| word.text != "-") {
        sink.read_tree(word);
        if writes {
            sink.write_tree(word, WriteMode::Change);
        }
    }
}

fn outputs(parsed: &Parsed, names: &[&str], sink: &mut Sink) {
    for word in parsed.values(names).into_iter().filter(|word| !word.text.is_empty()) {
        sink.write_tree(word, WriteMode::Replace);
    }
}

fn ruff(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(inv);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    outputs(&parsed, &["o", "output-file"], sink);
    match verb.text.as_str() {
        "version" | "help" | "rule" | "linter" | "config" | "server" => {}
        "clean" => sink.delete_tree(&Word::literal(".ruff_cache", verb.span)),
        "format" => files(rest, !parsed.has(&["check", "diff"]), inv, sink),
        "check" => {
            let fixes = parsed.may_have(&["fix", "fix-only", "unsafe-fixes", "add-noqa"]) && !parsed.has(&["diff"]);
            files(rest, fixes, inv, sink);
        }
        _ => files(&parsed.operands, parsed.may_have(&["fix"]), inv, sink),
    }
}

fn biome(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(inv);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    let writes =
        parsed.may_have(&["write", "apply", "apply-unsafe", "fix", "unsafe"]) || (inv.name == "dprint" && verb.text == "fmt");
    let known = matches!(verb.text.as_str(), "check" | "format" | "lint" | "ci" | "fmt" | "search");
    files(if known { rest } else { &parsed.operands }, writes, inv, sink);
}

/// They print unless `-w` or `-i` is given.
fn writes_when_told(inv: &Invocation<'_>, sink: &mut Sink) {
    if only_shows(inv) {
        return;
    }
    let told = |word: &Word| {
        word.text.starts_with("-w")
            || word.text == "-i"
            || word.text == "--write"
            || word.text == "fmt"
            || word.text.contains("mode=fix")
    };
    let operands: Vec<Word> = inv.args.iter().filter(|word| !word.text.starts_with('-') && word.text != "fmt").cloned().collect();
    let writes = inv.args.iter().any(told) || inv.name == "buildifier";
    if !operands.is_empty() || writes {
        files(&operands, writes, inv, sink);
    }
}

fn rustfmt(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(
        inv.args,
        &Grammar { valued: &["edition", "emit", "config", "config-path", "color", "style-edition"], ..GRAMMAR },
    );
    let prints = parsed.has(&["check"]) || parsed.value(&["emit"]).is_some_and(|word| word.text == "stdout");
    for word in &parsed.operands {
        sink.read(word);
        if !prints {
            sink.write(word, WriteMode::Change);
        }
    }
}

fn reader(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(inv);
    let writes = parsed.has(&["w", "write-changes", "fix"]);
    if !only_shows(inv) && (!parsed.operands.is_empty() || writes) {
        files(&parsed.operands, writes, inv, sink);
    }
}
