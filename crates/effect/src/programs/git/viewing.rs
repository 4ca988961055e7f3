//! Sub-commands that show: log, diff, status, grep, blame … and the options by which they write or run after all.

use bailiwick_vocab::effect::WriteMode;

use super::{Does, here, records};
use crate::args::{Grammar, parse};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::listing;
use crate::programs::readers::read_path;

pub(super) const TABLE: &[(&[&str], Does)] = &[
    (
        &[
            "log",
            "show",
            "whatchanged",
            "shortlog",
            "rev-list",
            "rev-parse",
            "describe",
            "name-rev",
            "for-each-ref",
            "show-ref",
            "show-branch",
            "merge-base",
            "cherry",
            "range-diff",
            "diff-tree",
            "ls-tree",
            "cat-file",
            "count-objects",
            "verify-commit",
            "verify-tag",
            "verify-pack",
            "var",
            "version",
            "help",
            "fsck",
            "check-ignore",
            "check-attr",
            "check-mailmap",
            "check-ref-format",
            "get-tar-commit-id",
            "stripspace",
            "column",
            "patch-id",
            "merge-tree",
            "show-index",
            "fmt-merge-msg",
            "unpack-file",
            "diff-pairs",
            "last-modified",
            "repo",
            "commit-graph",
        ],
        history,
    ),
    (&["status", "diff-files", "diff-index"], status),
    (&["diff"], diff),
    (&["blame", "annotate"], blame),
    (&["ls-files"], ls_files),
    (&["grep"], grep),
    (&["difftool"], difftool),
    (&["archive"], archive),
    (&["format-patch"], format_patch),
    (&["mktree", "write-tree", "unpack-objects"], super::records),
    (&["hash-object"], hash_object),
    (&["request-pull"], |invocation, sink| super::remotes::contact(invocation.args.get(1), invocation, sink)),
];

/// With `-w` the object is kept.
fn hash_object(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["t", "path"]));
    parsed.operands.iter().for_each(|path| sink.read(path));
    if parsed.may_have(&["w"]) {
        super::records(invocation, sink);
    }
}

const DIFF: Grammar = Grammar {
    optional: &[
        "color",
        "color-moved",
        "word-diff",
        "stat",
        "dirstat",
        "submodule",
        "relative",
        "find-renames",
        "abbrev",
        "unified",
        "X",
        "B",
        "M",
        "C",
        "D",
    ],
    ..Grammar::valued(&[
        "O",
        "S",
        "G",
        "U",
        "l",
        "n",
        "output",
        "format",
        "since",
        "until",
        "after",
        "before",
        "author",
        "committer",
        "grep",
        "max-count",
        "skip",
        "diff-filter",
        "diff-algorithm",
        "word-diff-regex",
        "inter-hunk-context",
        "src-prefix",
        "dst-prefix",
        "L",
        "anchored",
        "ignore-matching-lines",
        "I",
        "date",
        "exclude",
        "glob",
        "sort",
        "batch-size",
    ])
};

/// `--output=FILE` writes, `-O FILE` reads an order.
fn options(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &DIFF);
    for path in parsed.values(&["output"]) {
        sink.write(path, WriteMode::Replace);
    }
    for path in parsed.values(&["O"]) {
        read_path(path, false, sink);
    }
    if parsed.uncertain {
        // It may be --output.
        records(invocation, sink);
    }
}

fn history(invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.read_tree(&Word::literal(".git", invocation.span));
    options(invocation, sink);
    let parsed = parse(invocation.args, &DIFF);
    let makes_objects = parsed.has(&["w", "write", "lost-found"]);
    if makes_objects {
        records(invocation, sink);
    }
}

fn status(invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.read_tree(&Word::literal(".git", invocation.span));
}

fn diff(invocation: &Invocation<'_>, sink: &mut Sink) {
    options(invocation, sink);
    let parsed = parse(invocation.args, &DIFF);
    sink.read_tree(&Word::literal(".git", invocation.span));
    // Outside a repository, or with --no-index, the operands are any files; a revision named like one does no harm.
    let outside = |word: &&Word| parsed.has(&["no-index"]) || word.text.starts_with(['/', '~', '.']) || !word.known();
    let paths: Vec<&Word> = parsed.operands.iter().filter(outside).collect();
    for path in &paths {
        sink.read_tree(path);
    }
    if paths.is_empty() && !parsed.has(&["cached", "staged"]) {
        sink.read_tree(&here(invocation));
    }
    if parsed.has(&["name-only"]) {
        let all = ["**", "**/.*/**"].map(|pattern| listing::below(&here(invocation), pattern));
        sink.stdout = listing::of(&all);
    }
}

fn blame(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed =
        parse(invocation.args, &Grammar::valued(&["L", "S", "contents", "date", "ignore-rev", "ignore-revs-file", "M", "C"]));
    for path in parsed.values(&["contents", "ignore-revs-file", "S"]) {
        read_path(path, false, sink);
    }
    parsed.operands.last().into_iter().for_each(|path| sink.read(path));
}

fn ls_files(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(
        invocation.args,
        &Grammar::valued(&["x", "X", "exclude", "exclude-from", "exclude-per-directory", "with-tree", "format"]),
    );
    for path in parsed.values(&["X", "exclude-from"]) {
        read_path(path, false, sink);
    }
    sink.read_tree(&Word::literal(".git", invocation.span));
    if !parsed.has(&["s", "stage", "u", "unmerged", "format", "debug", "eol"]) {
        let all = ["**", "**/.*/**"].map(|pattern| listing::below(&here(invocation), pattern));
        sink.stdout = listing::of(&all);
    }
}

/// `-O` opens what matches in a pager of its choice.
fn grep(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["O", "open-files-in-pager", "color"],
        ..Grammar::valued(&[
            "e",
            "f",
            "A",
            "B",
            "C",
            "m",
            "max-depth",
            "max-count",
            "threads",
            "after-context",
            "before-context",
            "context",
        ])
    };
    let parsed = parse(invocation.args, &grammar);
    for path in parsed.values(&["f"]) {
        read_path(path, false, sink);
    }
    if let Some(pager) = parsed.value(&["O", "open-files-in-pager"]) {
        sink.shell(pager);
    }
    let paths = super::after_dashes(invocation).unwrap_or(&[]);
    if paths.is_empty() {
        sink.read_tree(&here(invocation));
    }
    paths.iter().for_each(|path| sink.read_tree(path));
}

fn difftool(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["x", "extcmd", "t", "tool"]));
    sink.read_tree(&here(invocation));
    match parsed.value(&["x", "extcmd"]) {
        Some(command) => sink.shell(command),
        None if parsed.has(&["tool-help"]) => {}
        None => sink.opaque(bailiwick_vocab::effect::OpaqueCause::Dynamic, "git-config", &[], invocation.span),
    }
}

fn archive(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(
        invocation.args,
        &Grammar::valued(&["o", "output", "format", "prefix", "remote", "exec", "add-file", "mtime", "add-virtual-file"]),
    );
    for path in parsed.values(&["o", "output"]) {
        sink.write(path, WriteMode::Replace);
    }
    for path in parsed.values(&["add-file"]) {
        sink.read(path);
    }
    for program in parsed.values(&["exec"]) {
        sink.shell(program);
    }
    if let Some(remote) = parsed.value(&["remote"]) {
        super::remotes::contact(Some(remote), invocation, sink);
    }
    sink.read_tree(&Word::literal(".git", invocation.span));
}

fn format_patch(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["signature", "thread", "attach", "inline", "cover-from-description"],
        ..Grammar::valued(&[
            "o",
            "output-directory",
            "output",
            "v",
            "start-number",
            "to",
            "cc",
            "suffix",
            "signature-file",
            "n",
            "base",
            "description-file",
        ])
    };
    let parsed = parse(invocation.args, &grammar);
    for path in parsed.values(&["signature-file", "description-file"]) {
        sink.read(path);
    }
    sink.read_tree(&Word::literal(".git", invocation.span));
    if parsed.has(&["stdout"]) {
        return;
    }
    let directory = parsed.value(&["o", "output-directory"]).cloned().unwrap_or_else(|| here(invocation));
    sink.write_tree(&directory, WriteMode::Change);
}
