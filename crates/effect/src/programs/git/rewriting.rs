//! Sub-commands that rewrite or drop history: rebase, filter-branch, reflog, gc, prune, update-ref, replace, fast-import.

use bailiwick_vocab::effect::{Hint, OpaqueCause};

use super::{Does, loses_history, records, viewing_only};
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink};

pub(super) const TABLE: &[(&[&str], Does)] = &[
    (&["rebase"], rebase),
    (&["filter-branch", "filter-repo"], filter),
    (&["reflog"], reflog),
    (&["gc", "repack", "pack-objects", "pack-refs", "index-pack", "unpack-objects", "multi-pack-index", "refs", "backfill"], gc),
    (&["prune", "prune-packed"], prune),
    (&["update-ref", "symbolic-ref", "replace"], update_ref),
    (&["fast-import"], fast_import),
    (&["fast-export"], |invocation, sink| {
        marks(invocation, sink);
        viewing_only(invocation, sink);
    }),
    (&["maintenance"], maintenance),
    (&["history", "replay"], |invocation, sink| records(invocation, sink)),
];

/// The branch moves; its old state stays in the reflog.
fn rebase(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["S", "gpg-sign", "rebase-merges", "r", "empty"],
        ..Grammar::valued(&["x", "exec", "onto", "s", "strategy", "X", "strategy-option", "C", "whitespace"])
    };
    let parsed = parse(invocation.args, &grammar);
    for command in parsed.values(&["x", "exec"]) {
        sink.shell(command);
    }
    if parsed.has(&["show-current-patch"]) {
        return viewing_only(invocation, sink);
    }
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], invocation.span);
    }
    records(invocation, sink);
}

/// Filters are text for a shell; callbacks of filter-repo are Python.
pub(super) fn filter(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    const FILTERS: &[&str] = &[
        "setup",
        "env-filter",
        "tree-filter",
        "index-filter",
        "parent-filter",
        "msg-filter",
        "commit-filter",
        "tag-name-filter",
    ];
    const CALLBACKS: &[&str] = &[
        "filename-callback",
        "message-callback",
        "name-callback",
        "email-callback",
        "refname-callback",
        "blob-callback",
        "commit-callback",
        "tag-callback",
        "reset-callback",
        "file-info-callback",
    ];
    let grammar = Grammar::valued(&[
        "setup",
        "env-filter",
        "tree-filter",
        "index-filter",
        "parent-filter",
        "msg-filter",
        "commit-filter",
        "tag-name-filter",
        "subdirectory-filter",
        "original",
        "d",
        "state-branch",
        "filename-callback",
        "message-callback",
        "name-callback",
        "email-callback",
        "refname-callback",
        "blob-callback",
        "commit-callback",
        "tag-callback",
        "reset-callback",
        "file-info-callback",
        "path",
        "paths-from-file",
        "replace-text",
        "mailmap",
        "source",
        "target",
        "refs",
    ]);
    let parsed = parse(invocation.args, &grammar);
    for code in parsed.values(FILTERS) {
        sink.shell(code);
    }
    for code in parsed.values(CALLBACKS) {
        sink.code("python", code);
    }
    if !parsed.has(&["analyze", "dry-run"]) || parsed.uncertain {
        loses_history(invocation, sink);
    }
}

fn reflog(invocation: &Invocation<'_>, sink: &mut Sink) {
    let drops =
        invocation.args.first().is_some_and(|verb| matches!(verb.text.as_str(), "expire" | "delete" | "drop") || !verb.known());
    if drops { loses_history(invocation, sink) } else { viewing_only(invocation, sink) }
}

/// Unreachable objects go after two weeks; sooner where it is told to.
fn gc(invocation: &Invocation<'_>, sink: &mut Sink) {
    let now = invocation.args.iter().any(|word| {
        let text = word.text.as_str();
        (text.starts_with("--prune") && text != "--prune" && !text.contains("weeks"))
            || text == "-ad"
            || text == "-Ad"
            || !word.known()
    });
    if now { loses_history(invocation, sink) } else { records(invocation, sink) }
}

fn prune(invocation: &Invocation<'_>, sink: &mut Sink) {
    let dry = invocation.args.iter().any(|word| matches!(word.text.as_str(), "-n" | "--dry-run"));
    if dry { viewing_only(invocation, sink) } else { loses_history(invocation, sink) }
}

fn update_ref(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["m", "format"]));
    if parsed.may_have(&["d", "delete", "stdin", "f", "force"]) {
        loses_history(invocation, sink);
    } else {
        records(invocation, sink);
    }
}

fn fast_import(invocation: &Invocation<'_>, sink: &mut Sink) {
    marks(invocation, sink);
    loses_history(invocation, sink);
}

fn marks(invocation: &Invocation<'_>, sink: &mut Sink) {
    for word in invocation.args {
        let file = ["--export-marks=", "--import-marks="].iter().find_map(|prefix| word.after(prefix));
        file.into_iter().for_each(|file| sink.write(&file, bailiwick_vocab::effect::WriteMode::Replace));
    }
}

fn maintenance(invocation: &Invocation<'_>, sink: &mut Sink) {
    let starts = invocation.args.iter().any(|word| matches!(word.text.as_str(), "start" | "register"));
    if starts {
        sink.deed(bailiwick_vocab::effect::Deed::Persist { how: "git-maintenance".to_owned() }, invocation.span);
    }
    records(invocation, sink);
}
