//! Programs that make or resize files: mkdir, touch, truncate, fallocate, mkfifo, mknod, mktemp, tee, sponge, split,
//! csplit.

use bailiwick_vocab::effect::WriteMode;

use super::Program;
use crate::args::{Grammar, Parsed, asks_help, parse};
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

/// The name is drawn by chance; the directory it is made in is what can be said.
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
        sink.write(&made, WriteMode::Replace);
    }
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
    let directory = prefix.text.rsplit_once('/').map_or(".", |(directory, _)| directory);
    sink.write(&prefix, WriteMode::Replace);
    sink.write(&Word::literal(directory, prefix.span), WriteMode::Change);
}
