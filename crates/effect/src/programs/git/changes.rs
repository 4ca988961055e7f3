//! Sub-commands that change the index and the working tree: add, commit, rm, mv, apply, clean, stash, restore …

use bailiwick_vocab::effect::{Deed, WriteMode};

use super::{Does, here, loses_history, overwrites, paths_from, records};
use crate::args::{Grammar, parse};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::destination;
use crate::programs::readers::read_path;

pub(super) const TABLE: &[(&[&str], Does)] = &[
    (
        &[
            "add",
            "stage",
            "update-index",
            "read-tree",
            "rerere",
            "sparse-checkout",
            "merge-file",
            "merge-index",
            "merge-one-file",
            "mailinfo",
            "mailsplit",
            "update-server-info",
            "bugreport",
            "diagnose",
            "fsmonitor--daemon",
            "merge-recursive",
            "merge-ours",
        ],
        add,
    ),
    (&["commit", "commit-tree", "merge", "cherry-pick", "revert", "am", "notes", "mktag", "citool", "gui"], commit),
    (&["rm"], rm),
    (&["mv"], mv),
    (&["apply"], apply),
    (&["clean"], clean),
    (&["stash"], stash),
    (&["restore"], restore),
    (&["checkout-index"], |invocation, sink| overwrites(&[], invocation, sink)),
    (&["mergetool"], mergetool),
    (&["interpret-trailers"], trailers),
    (&["init", "init-db"], init),
    (&["bundle"], bundle),
];

fn add(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["pathspec-from-file", "chmod", "cacheinfo"]));
    paths_from(&parsed, sink);
    if !parsed.has(&["n", "dry-run"]) || parsed.uncertain {
        records(invocation, sink);
    }
}

fn commit(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["S", "gpg-sign", "u", "untracked-files", "log", "rebase-merges"],
        ..Grammar::valued(&[
            "F",
            "file",
            "t",
            "template",
            "m",
            "message",
            "C",
            "c",
            "author",
            "date",
            "pathspec-from-file",
            "s",
            "strategy",
            "X",
            "trailer",
            "fixup",
            "cleanup",
        ])
    };
    let parsed = parse(invocation.args, &grammar);
    paths_from(&parsed, sink);
    for path in parsed.values(&["F", "file", "t", "template"]) {
        read_path(path, false, sink);
    }
    if !parsed.has(&["dry-run"]) || parsed.uncertain {
        records(invocation, sink);
    }
}

fn rm(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["pathspec-from-file"]));
    if parsed.has(&["n", "dry-run"]) && !parsed.uncertain {
        return;
    }
    records(invocation, sink);
    if parsed.has(&["cached"]) {
        return;
    }
    let tree = parsed.may_have(&["r"]);
    for path in &parsed.operands {
        if tree { sink.delete_tree(path) } else { sink.delete(path) }
    }
    if paths_from(&parsed, sink) {
        sink.delete_tree(&here(invocation));
    }
}

fn mv(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::PLAIN);
    if parsed.has(&["n", "dry-run"]) && !parsed.uncertain {
        return;
    }
    records(invocation, sink);
    let Some((target, sources)) = parsed.operands.split_last() else { return };
    let fixed = (sources.len() > 1).then_some(destination::Place::Directory);
    for source in sources {
        destination::moved_away(sink, source);
        let place = fixed.unwrap_or_else(|| destination::place(target, source));
        destination::write(sink, target, source, place, place != destination::Place::Name);
    }
}

fn apply(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar::valued(&["p", "C", "directory", "exclude", "include", "whitespace", "build-fake-ancestor"]);
    let parsed = parse(invocation.args, &grammar);
    for patch in &parsed.operands {
        read_path(patch, false, sink);
    }
    let only_looks = parsed.has(&["check", "stat", "numstat", "summary"]) && !parsed.has(&["apply"]) && !parsed.uncertain;
    if only_looks {
        return;
    }
    let below = parsed.value(&["directory"]).cloned().unwrap_or_else(|| here(invocation));
    let below = if parsed.has(&["unsafe-paths"]) { Word::literal("/", invocation.span) } else { below };
    sink.write_tree(&below, WriteMode::Change);
}

fn clean(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["e", "exclude"]));
    if parsed.has(&["n", "dry-run"]) && !parsed.uncertain {
        return;
    }
    if parsed.operands.is_empty() {
        sink.delete_tree(&here(invocation));
    }
    parsed.operands.iter().for_each(|path| sink.delete_tree(path));
}

fn stash(invocation: &Invocation<'_>, sink: &mut Sink) {
    match invocation.args.first().map_or("push", |word| word.text.as_str()) {
        "list" | "show" => super::viewing_only(invocation, sink),
        "drop" | "clear" => loses_history(invocation, sink),
        _ => records(invocation, sink),
    }
}

fn restore(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["s", "source", "pathspec-from-file", "conflict"]));
    records(invocation, sink);
    let index_only = parsed.has(&["S", "staged"]) && !parsed.may_have(&["W", "worktree"]);
    if index_only {
        return;
    }
    let listed = paths_from(&parsed, sink);
    overwrites(if listed { &[] } else { &parsed.operands }, invocation, sink);
}

fn mergetool(invocation: &Invocation<'_>, sink: &mut Sink) {
    if matches!(invocation.args, [only] if only.text == "--tool-help") {
        return;
    }
    records(invocation, sink);
    sink.opaque(bailiwick_vocab::effect::OpaqueCause::Dynamic, "git-config", &[], invocation.span);
}

fn trailers(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["trailer", "where", "if-exists", "if-missing"]));
    for path in &parsed.operands {
        sink.read(path);
        if parsed.may_have(&["in-place"]) {
            sink.write(path, WriteMode::Change);
        }
    }
}

/// A template's hooks become the repository's.
fn init(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(
        invocation.args,
        &Grammar::valued(&["template", "separate-git-dir", "b", "initial-branch", "object-format", "ref-format"]),
    );
    let directory = parsed.operand(0).cloned().unwrap_or_else(|| here(invocation));
    sink.write_tree(&directory, WriteMode::Change);
    for path in parsed.values(&["separate-git-dir"]) {
        sink.write_tree(path, WriteMode::Change);
    }
    if let Some(template) = parsed.value(&["template"]).filter(|template| !template.text.is_empty()) {
        sink.read_tree(template);
        sink.deed(Deed::Persist { how: "git-hooks".to_owned() }, invocation.span);
    }
}

fn bundle(invocation: &Invocation<'_>, sink: &mut Sink) {
    let Some((verb, rest)) = invocation.args.split_first() else { return };
    let file = rest.iter().find(|word| !word.text.starts_with("--"));
    let Some(file) = file.filter(|file| file.text != "-") else { return };
    match verb.text.as_str() {
        "create" => sink.write(file, WriteMode::Replace),
        "unbundle" => {
            sink.read(file);
            records(invocation, sink);
        }
        _ => sink.read(file),
    }
}
