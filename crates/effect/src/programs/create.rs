//! Programs that make or resize files: mkdir, touch, truncate, fallocate, mkfifo, mknod, mktemp, tee, sponge, split,
//! csplit.

use bailiwick_vocab::effect::WriteMode;

use super::Program;
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::glob::escaped;
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["mkdir", "gmkdir"], effects: mkdir },
    Program { names: &["touch", "gtouch"], effects: touch },
    Program { names: &["truncate", "gtruncate"], effects: truncate },
    Program { names: &["fallocate"], effects: fallocate },
    Program { names: &["mkfifo", "mknod"], effects: mkfifo },
    Program { names: &["mktemp", "gmktemp"], effects: mktemp },
    Program { names: &["tee", "gtee"], effects: tee },
    Program { names: &["sponge"], effects: sponge },
    Program { names: &["split", "gsplit"], effects: split },
    Program { names: &["csplit", "gcsplit"], effects: csplit },
];

fn write_all(parsed: &Parsed, mode: WriteMode, sink: &mut Sink) {
    for operand in parsed.operands.iter().filter(|operand| operand.text != "-") {
        sink.write(operand, mode);
    }
}

fn mkdir(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar { optional: &["context", "Z"], ..Grammar::valued(&["m", "mode"]) };
    write_all(&parse(invocation.args, &grammar), WriteMode::Change, sink);
}

fn touch(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar::valued(&["d", "date", "r", "reference", "t", "time"]);
    let parsed = parse(invocation.args, &grammar);
    write_all(&parsed, WriteMode::Change, sink);
}

fn truncate(invocation: &Invocation<'_>, sink: &mut Sink) {
    write_all(&parse(invocation.args, &Grammar::valued(&["s", "size", "r", "reference"])), WriteMode::Replace, sink);
}

fn fallocate(invocation: &Invocation<'_>, sink: &mut Sink) {
    write_all(&parse(invocation.args, &Grammar::valued(&["l", "length", "o", "offset"])), WriteMode::Change, sink);
}

fn mkfifo(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar { optional: &["context", "Z"], ..Grammar::valued(&["m", "mode"]) };
    let parsed = parse(invocation.args, &grammar);
    let count = if invocation.name == "mknod" { 1 } else { parsed.operands.len() };
    for path in parsed.operands.iter().take(count) {
        sink.write(path, WriteMode::Replace);
    }
}

/// The name is drawn by chance: each `X` at its end is any character.
fn mktemp(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let grammar = Grammar { optional: &["tmpdir"], ..Grammar::valued(&["p", "suffix"]) };
    let parsed = parse(invocation.args, &grammar);
    let directory = parsed.value(&["p", "tmpdir"]).or_else(|| invocation.env("TMPDIR"));
    let directory = directory.cloned().unwrap_or_else(|| Word::literal("/tmp", invocation.span));
    let made = match parsed.operand(0) {
        None => super::destination::inside(&directory, "tmp.XXXXXXXXXX"),
        Some(name) if parsed.has(&["p", "tmpdir", "t"]) => super::destination::inside(&directory, &name.text),
        Some(name) => name.clone(),
    };
    if !parsed.has(&["u", "dry-run"]) {
        let suffix = parsed.value(&["suffix"]).map_or("", |suffix| suffix.text.as_str());
        sink.write(&drawn(made, suffix), WriteMode::Replace);
    }
}

fn drawn(name: Word, suffix: &str) -> Word {
    let text = format!("{}{suffix}", name.text);
    let pattern = name.pattern.unwrap_or_else(|| escaped(&name.text));
    let fixed = pattern.trim_end_matches(|c: char| c != 'X').trim_end_matches('X').len();
    let (fixed, rest) = pattern.split_at(fixed);
    let pattern = format!("{fixed}{}{}", rest.replace('X', "?"), escaped(suffix));
    Word { text, pattern: Some(pattern), span: name.span }
}

fn tee(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar { optional: &["output-error"], ..Grammar::PLAIN });
    let mode = if parsed.has(&["a", "append"]) { WriteMode::Change } else { WriteMode::Replace };
    write_all(&parsed, mode, sink);
}

fn sponge(invocation: &Invocation<'_>, sink: &mut Sink) {
    write_all(&parse(invocation.args, &Grammar::PLAIN), WriteMode::Replace, sink);
}

fn split(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let grammar = Grammar {
        optional: &["numeric-suffixes", "hex-suffixes"],
        ..Grammar::valued(&[
            "a",
            "suffix-length",
            "b",
            "bytes",
            "C",
            "line-bytes",
            "l",
            "lines",
            "n",
            "number",
            "t",
            "separator",
            "filter",
            "additional-suffix",
            "p",
        ])
    };
    let parsed = parse(invocation.args, &grammar);
    if let Some(input) = parsed.operand(0).filter(|input| input.text != "-") {
        sink.read(input);
    }
    match parsed.value(&["filter"]) {
        Some(filter) => sink.shell(filter),
        None => pieces(parsed.operand(1), "x", invocation, sink),
    }
}

fn csplit(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let grammar = Grammar::valued(&["b", "suffix-format", "f", "prefix", "n", "digits"]);
    let parsed = parse(invocation.args, &grammar);
    if let Some(input) = parsed.operand(0).filter(|input| input.text != "-") {
        sink.read(input);
    }
    pieces(parsed.value(&["f", "prefix"]), "xx", invocation, sink);
}

/// Files whose names begin with the prefix are written; which ones, the input decides.
fn pieces(prefix: Option<&Word>, usual: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    let prefix = prefix.cloned().unwrap_or_else(|| Word::literal(usual, invocation.span));
    let pattern = format!("{}*", prefix.pattern.clone().unwrap_or_else(|| escaped(&prefix.text)));
    sink.write(&Word { text: format!("{}*", prefix.text), pattern: Some(pattern), span: prefix.span }, WriteMode::Replace);
}
