//! Sub-commands that move between and name states: checkout, switch, branch, tag, reset, worktree, submodule, bisect.

use bailiwick_vocab::effect::WriteMode;

use super::{Does, after_dashes, loses_history, overwrites, paths_from, records, viewing_only};
use crate::args::{Grammar, parse};
use crate::invocation::{Inner, Invocation, Sink, Word};
use crate::programs::wrappers::shell_line;

pub(super) const TABLE: &[(&[&str], Does)] = &[
    (&["checkout"], checkout),
    (&["switch"], switch),
    (&["branch"], branch),
    (&["tag"], tag),
    (&["reset"], reset),
    (&["worktree"], worktree),
    (&["submodule"], submodule),
    (&["bisect"], bisect),
    (&["for-each-repo"], |invocation, sink| {
        sink.opaque(bailiwick_vocab::effect::OpaqueCause::Dynamic, "git-config", &[], invocation.span);
    }),
];

fn checkout(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar { optional: &["track"], ..Grammar::valued(&["b", "B", "orphan", "conflict", "pathspec-from-file"]) };
    let parsed = parse(invocation.args, &grammar);
    records(invocation, sink);
    let listed = paths_from(&parsed, sink);
    if parsed.may_have(&["f", "force"]) || listed {
        return overwrites(&[], invocation, sink);
    }
    if let Some(paths) = after_dashes(invocation) {
        return overwrites(paths, invocation, sink);
    }
    if parsed.has(&["b", "B", "orphan", "detach", "d", "track", "t"]) {
        return;
    }
    // Without `--`, one word is a branch or a path, further ones are paths.
    let looks_like_path = |word: &Word| {
        word.pattern.is_some() || word.text.starts_with(['.', '/', ':']) || word.text.ends_with('/') || dotted(word)
    };
    match parsed.operands.as_slice() {
        [] => {}
        [only] if looks_like_path(only) => overwrites(std::slice::from_ref(only), invocation, sink),
        [_] => {}
        [first, rest @ ..] if looks_like_path(first) => {
            overwrites(std::slice::from_ref(first), invocation, sink);
            overwrites(rest, invocation, sink);
        }
        [_, rest @ ..] => overwrites(rest, invocation, sink),
    }
}

/// `src/main.rs`, not `v1.2` nor `release/1.0`.
fn dotted(word: &Word) -> bool {
    let extension = crate::programs::destination::base(&word.text).rsplit_once('.').map_or("", |(_, extension)| extension);
    extension.starts_with(|letter: char| letter.is_ascii_alphabetic())
}

fn switch(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["c", "C", "orphan", "conflict"]));
    records(invocation, sink);
    if parsed.may_have(&["f", "force", "discard-changes"]) {
        overwrites(&[], invocation, sink);
    }
}

fn branch(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["color", "column", "abbrev"],
        ..Grammar::valued(&[
            "u",
            "set-upstream-to",
            "contains",
            "no-contains",
            "merged",
            "no-merged",
            "points-at",
            "sort",
            "format",
        ])
    };
    let parsed = parse(invocation.args, &grammar);
    let deletes = parsed.has(&["d", "delete", "D"]);
    let forces = parsed.has(&["D", "f", "force", "M", "C"]);
    let lists = parsed.operands.is_empty()
        || parsed.has(&["l", "list", "contains", "no-contains", "merged", "no-merged", "points-at", "a", "r", "all", "remotes"]);
    if parsed.uncertain || (forces && !parsed.operands.is_empty()) {
        return loses_history(invocation, sink);
    }
    if deletes || !lists || parsed.has(&["u", "set-upstream-to", "unset-upstream", "edit-description", "m", "M", "c", "C"]) {
        return records(invocation, sink);
    }
    viewing_only(invocation, sink);
}

fn tag(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["n", "color", "column", "cleanup"],
        ..Grammar::valued(&[
            "m",
            "message",
            "F",
            "file",
            "u",
            "local-user",
            "contains",
            "no-contains",
            "merged",
            "no-merged",
            "points-at",
            "sort",
            "format",
        ])
    };
    let parsed = parse(invocation.args, &grammar);
    for path in parsed.values(&["F", "file"]) {
        crate::programs::readers::read_path(path, false, sink);
    }
    if parsed.may_have(&["d", "delete", "f", "force"]) {
        return loses_history(invocation, sink);
    }
    if parsed.operands.is_empty()
        || parsed.has(&["l", "list", "v", "verify", "contains", "merged", "points-at", "no-contains", "no-merged"])
    {
        return viewing_only(invocation, sink);
    }
    records(invocation, sink);
}

fn reset(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["pathspec-from-file"]));
    paths_from(&parsed, sink);
    records(invocation, sink);
    // --merge and --keep drop staged changes too; --keep refuses where local ones would go.
    if parsed.may_have(&["hard", "merge"]) {
        overwrites(&[], invocation, sink);
    }
}

fn worktree(invocation: &Invocation<'_>, sink: &mut Sink) {
    let Some((verb, rest)) = invocation.args.split_first() else { return };
    let grammar = Grammar::valued(&["b", "B", "reason", "expire", "orphan"]);
    let parsed = parse(rest, &grammar);
    match verb.text.as_str() {
        "list" => viewing_only(invocation, sink),
        "add" => {
            records(invocation, sink);
            parsed.operand(0).into_iter().for_each(|path| sink.write_tree(path, WriteMode::Change));
        }
        "remove" => {
            records(invocation, sink);
            parsed.operands.iter().for_each(|path| sink.delete_tree(path));
            if parsed.may_have(&["f", "force"]) {
                super::loses("git-uncommitted", invocation, sink);
            }
        }
        "move" => {
            records(invocation, sink);
            for path in &parsed.operands {
                sink.write_tree(path, WriteMode::Change);
            }
        }
        _ => records(invocation, sink),
    }
}

fn submodule(invocation: &Invocation<'_>, sink: &mut Sink) {
    let verb = invocation.args.iter().position(|word| !word.text.starts_with('-'));
    let Some((at, verb)) = verb.and_then(|at| Some((at, invocation.args.get(at)?))) else {
        return viewing_only(invocation, sink);
    };
    let rest = invocation.args.get(at + 1..).unwrap_or(&[]);
    match verb.text.as_str() {
        "status" | "summary" => viewing_only(invocation, sink),
        "foreach" => foreach(rest, invocation, sink),
        "add" => {
            let parsed = parse(rest, &Grammar::valued(&["b", "name", "reference", "depth"]));
            super::remotes::contact(parsed.operand(0), invocation, sink);
            records(invocation, sink);
            parsed.operand(1).into_iter().for_each(|path| sink.write_tree(path, WriteMode::Change));
        }
        "update" => {
            records(invocation, sink);
            // The addresses stand in .gitmodules.
            sink.connect("", None, "git", None, false, invocation.span);
        }
        "deinit" if rest.iter().any(|word| word.text == "-f" || word.text == "--force") => overwrites(&[], invocation, sink),
        _ => records(invocation, sink),
    }
}

/// In each submodule: one word is text for a shell, more are an argument vector.
fn foreach(rest: &[Word], invocation: &Invocation<'_>, sink: &mut Sink) {
    let words = parse(rest, &Grammar::wrapper(&[])).operands;
    match words.as_slice() {
        [text] => sink.shell(text),
        words => shell_line(words, invocation, sink),
    }
}

/// `git bisect run program …` starts it again and again.
fn bisect(invocation: &Invocation<'_>, sink: &mut Sink) {
    match invocation.args {
        [verb, ..] if matches!(verb.text.as_str(), "log" | "view" | "visualize" | "terms" | "help") => {
            viewing_only(invocation, sink)
        }
        [verb, words @ ..] if verb.text == "run" && !words.is_empty() => {
            records(invocation, sink);
            sink.inner.push(Inner::Argv { words: words.to_vec(), stdin: invocation.stdin.clone(), cwd: None, env: Vec::new() });
        }
        [verb, file, ..] if verb.text == "replay" => {
            sink.read(file);
            records(invocation, sink);
        }
        _ => records(invocation, sink),
    }
}
