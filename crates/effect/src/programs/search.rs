//! Programs that search text in files: grep, ripgrep, ag, ack.

use super::Program;
use super::listing;
use super::readers::{PLAIN, Reader, read_path};
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Invocation, Sink, Stdin, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["grep", "ggrep", "egrep", "fgrep", "zgrep", "zegrep", "zfgrep", "bzgrep", "xzgrep", "ugrep"],
        effects: grep,
    },
    Program { names: &["rgrep"], effects: rgrep },
    Program { names: &["rg", "ripgrep", "rga"], effects: rg },
    Program { names: &["ag", "ack", "ack-grep", "pt"], effects: ag },
];

const GREP: Reader = Reader {
    grammar: Grammar {
        optional: &["color", "colour"],
        ..Grammar::valued(&[
            "A",
            "B",
            "C",
            "m",
            "e",
            "f",
            "d",
            "D",
            "after-context",
            "before-context",
            "context",
            "max-count",
            "regexp",
            "file",
            "include",
            "exclude",
            "exclude-dir",
            "exclude-from",
            "label",
            "binary-files",
            "directories",
            "devices",
        ])
    },
    skip: 1,
    instead: &["e", "f", "regexp", "file"],
    reads: &["f", "file", "exclude-from"],
    deep: &["r", "R", "recursive", "dereference-recursive"],
    keeps: Some(&[
        "v",
        "i",
        "E",
        "F",
        "P",
        "e",
        "w",
        "x",
        "m",
        "f",
        "a",
        "h",
        "color",
        "invert-match",
        "ignore-case",
        "line-buffered",
    ]),
    ..PLAIN
};
const RG: Reader = Reader {
    grammar: Grammar::valued(&[
        "A",
        "B",
        "C",
        "E",
        "M",
        "T",
        "d",
        "e",
        "f",
        "g",
        "j",
        "m",
        "r",
        "t",
        "after-context",
        "before-context",
        "context",
        "color",
        "colors",
        "context-separator",
        "dfa-size-limit",
        "encoding",
        "engine",
        "field-context-separator",
        "field-match-separator",
        "file",
        "glob",
        "iglob",
        "ignore-file",
        "max-columns",
        "max-count",
        "max-depth",
        "maxdepth",
        "max-filesize",
        "path-separator",
        "pre",
        "pre-glob",
        "regex-size-limit",
        "regexp",
        "replace",
        "sort",
        "sortr",
        "threads",
        "type",
        "type-add",
        "type-clear",
        "type-not",
        "hostname-bin",
        "hyperlink-format",
        "generate",
    ]),
    skip: 1,
    instead: &["e", "f", "regexp", "file", "files", "type-list"],
    keeps: Some(&["v", "i", "F", "P", "e", "w", "x", "m", "f", "a", "color", "invert-match", "ignore-case", "N"]),
    reads: &["f", "file", "ignore-file"],
    runs: &["pre", "hostname-bin"],
    tree: true,
    ..PLAIN
};
const AG: Reader = Reader {
    grammar: Grammar::valued(&[
        "A",
        "B",
        "C",
        "G",
        "m",
        "p",
        "g",
        "W",
        "depth",
        "ignore",
        "ignore-dir",
        "file-search-regex",
        "path-to-ignore",
        "max-count",
        "pager",
        "width",
        "workers",
        "type",
        "output",
        "ackrc",
    ]),
    skip: 1,
    instead: &["g", "f", "files"],
    reads: &["p", "path-to-ignore", "ackrc"],
    tree: true,
    ..PLAIN
};

fn here(invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.read_tree(&Word::literal(".", invocation.span));
}

fn grep(invocation: &Invocation<'_>, sink: &mut Sink) {
    GREP.read(invocation, sink);
    let parsed = parse(invocation.args, &GREP.grammar);
    let skip = usize::from(!parsed.has(GREP.instead));
    let deep = parsed.has(GREP.deep) || parsed.value(&["d", "directories"]).is_some_and(|value| value.text.starts_with("rec"));
    if deep && parsed.operands.len() <= skip {
        here(invocation, sink);
    }
    lists(&parsed, skip, deep, invocation, sink);
}

/// `-l` and `-L` print names of files that were searched.
fn lists(parsed: &Parsed, skip: usize, deep: bool, invocation: &Invocation<'_>, sink: &mut Sink) {
    let here = [Word::literal(".", invocation.span)];
    let searched = if parsed.operands.len() > skip { parsed.operands_from(skip) } else { &here };
    if parsed.has(&["l", "L", "files-with-matches", "files-without-match", "files"]) && !parsed.has(&["0", "Z", "null"]) {
        let below: Vec<Word> = searched.iter().flat_map(listing::everything).collect();
        sink.stdout = listing::of(if deep { &below } else { searched });
    }
}

fn rgrep(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let parsed = parse(invocation.args, &GREP.grammar);
    Reader { tree: true, here: true, ..GREP }.operands(&parsed, invocation, sink);
    for path in parsed.values(GREP.reads) {
        read_path(path, false, sink);
    }
}

fn rg(invocation: &Invocation<'_>, sink: &mut Sink) {
    RG.read(invocation, sink);
    let parsed = parse(invocation.args, &RG.grammar);
    let skip = usize::from(!parsed.has(RG.instead));
    let piped = *invocation.stdin != Stdin::Inherited && !parsed.has(&["files"]);
    let only_lists = parsed.has(&["type-list", "version", "V", "help", "h", "generate"]);
    if parsed.operands.len() <= skip && !piped && !only_lists {
        here(invocation, sink);
    }
    if !only_lists {
        lists(&parsed, skip, true, invocation, sink);
    }
}

fn ag(invocation: &Invocation<'_>, sink: &mut Sink) {
    AG.read(invocation, sink);
    let parsed = parse(invocation.args, &AG.grammar);
    if let Some(pager) = parsed.value(&["pager"]) {
        sink.shell(pager);
    }
    let skip = usize::from(!parsed.has(AG.instead));
    if parsed.operands.len() <= skip && *invocation.stdin == Stdin::Inherited && !asks_help(invocation.args) {
        here(invocation, sink);
    }
}
