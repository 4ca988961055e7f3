//! rsync: files read at the sources, written at the destination, deleted on either side, and the machine they go to
//! or come from. Filters are not applied: a source is read whole.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, UNKNOWN, Word};
use crate::programs::Program;
use crate::programs::address;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["rsync"], effects }];

#[rustfmt::skip]
const GRAMMAR: Grammar = Grammar {
    valued: &[
        "e", "T", "B", "f", "M", "address", "backup-dir", "block-size", "bwlimit", "checksum-choice", "checksum-seed",
        "chmod", "chown", "compare-dest", "compress-choice", "compress-level", "config", "contimeout", "copy-as",
        "copy-dest", "debug", "early-input", "exclude", "exclude-from", "files-from", "filter", "groupmap", "iconv",
        "include", "include-from", "info", "link-dest", "log-file", "log-file-format", "max-alloc", "max-delete",
        "max-size", "min-size", "modify-window", "only-write-batch", "out-format", "outbuf", "partial-dir",
        "password-file", "port", "protocol", "read-batch", "remote-option", "rsh", "rsync-path", "skip-compress",
        "sockopts", "stop-after", "stop-at", "suffix", "temp-dir", "timeout", "usermap", "write-batch",
    ],
    // Options without a value that are also the beginning of one with a value.
    optional: &["partial", "checksum", "compress", "backup", "group"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

fn effects(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(inv.args, &GRAMMAR);
    programs(inv, &parsed, sink);
    listed_files(&parsed, sink);
    let dry = parsed.has(&["n", "dry-run", "list-only"]);
    let Some((destination, sources)) = parsed.operands.split_last().filter(|(_, sources)| !sources.is_empty()) else {
        return parsed.operands.iter().for_each(|only| source(only, &parsed, false, sink));
    };
    for word in sources {
        source(word, &parsed, !dry && parsed.may_have(&["remove-source-files"]), sink);
    }
    if is_remote(destination) {
        remote_destination(destination, &parsed, dry, sink);
    } else if !dry {
        local_destination(destination, &parsed, sink);
    }
}

fn values<'p>(parsed: &'p Parsed, names: &[&str]) -> Vec<&'p Word> {
    address::values(parsed, &GRAMMAR, names)
}

fn is_remote(word: &Word) -> bool {
    url::is_remote_path(&word.text)
}

fn deletes(parsed: &Parsed) -> bool {
    parsed.may_have(&["delete", "delete-before", "delete-during", "delete-delay", "delete-after", "delete-excluded", "del"])
        || parsed.has(&["delete-missing-args"])
}

fn connect(word: &Word, upload: bool, sink: &mut Sink) {
    let daemon = word.text.contains("::") || word.text.starts_with("rsync:");
    let (host, port) = url::ssh_host(&word.text).unwrap_or(("*".to_owned(), None));
    sink.connect(&host, port, if daemon { "rsync" } else { "ssh" }, None, upload, word.span);
}

fn source(word: &Word, parsed: &Parsed, removes: bool, sink: &mut Sink) {
    if is_remote(word) {
        connect(word, removes, sink);
        if removes {
            sink.deed(remote_deletion("rsync --remove-source-files"), word.span);
        }
        return;
    }
    if parsed.may_have(&["a", "archive", "r", "recursive", "files-from"]) {
        sink.read_tree(word)
    } else {
        sink.read(word)
    }
    if removes {
        sink.delete_tree(word);
    }
}

fn remote_destination(word: &Word, parsed: &Parsed, dry: bool, sink: &mut Sink) {
    connect(word, !dry, sink);
    if deletes(parsed) && !dry {
        sink.deed(remote_deletion("rsync --delete"), word.span);
    }
}

fn remote_deletion(what: &str) -> Deed {
    Deed::Deploy { target: "files on another machine".to_owned(), what: what.to_owned(), destroys: true }
}

fn local_destination(word: &Word, parsed: &Parsed, sink: &mut Sink) {
    if deletes(parsed) {
        sink.delete_tree(word);
    }
    sink.write_tree(word, WriteMode::Replace);
    if word.text.starts_with(UNKNOWN) {
        sink.connect("*", None, "ssh", None, true, word.span);
    }
}

/// The remote shell, its stand-ins, and what is started at the other end.
fn programs(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    for word in values(parsed, &["e", "rsh"]) {
        sink.shell(word);
    }
    for word in ["RSYNC_RSH", "RSYNC_CONNECT_PROG"].iter().filter_map(|name| inv.env(name)) {
        sink.shell(word);
    }
    for word in values(parsed, &["rsync-path", "M", "remote-option"]) {
        sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], word.span);
    }
    if parsed.has(&["daemon"]) {
        sink.connect("0.0.0.0", Some(873), "listen", None, true, inv.span);
        sink.opaque(OpaqueCause::Script, "rsync", &[], inv.span);
    }
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "rsync", &[], inv.span);
    }
}

fn listed_files(parsed: &Parsed, sink: &mut Sink) {
    for word in values(parsed, &["exclude-from", "include-from", "files-from", "password-file", "read-batch", "early-input"]) {
        if word.text != "-" && !is_remote(word) {
            sink.read(word);
        }
    }
    for word in values(parsed, &["compare-dest", "copy-dest", "link-dest"]) {
        sink.read_tree(word);
    }
    for word in values(parsed, &["log-file", "write-batch", "only-write-batch"]) {
        sink.write(word, WriteMode::Change);
    }
    for word in values(parsed, &["backup-dir", "temp-dir", "T", "partial-dir"]) {
        sink.write_tree(word, WriteMode::Change);
    }
    for word in values(parsed, &["f", "filter"]) {
        if let Some(file) = word.text.strip_prefix("merge ").or_else(|| word.text.strip_prefix(". ")) {
            sink.read(&Word::literal(file, word.span));
        }
    }
}
