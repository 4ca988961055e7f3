//! tar, cpio and pax: archives made, listed and unpacked, and their many ways to run programs.

use bailiwick_vocab::effect::{OpaqueCause, WriteMode};

use super::Program;
use super::destination::inside;
use super::readers::read_path;
use crate::args::{Grammar, Parsed, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["tar", "gtar", "bsdtar", "star"], effects: tar },
    Program { names: &["cpio", "gcpio"], effects: cpio },
    Program { names: &["pax"], effects: pax },
    Program { names: &["ar", "llvm-ar", "gar"], effects: ar },
];

const TAR: Grammar = Grammar {
    optional: &["checkpoint", "backup", "occurrence", "wildcards-match", "hole-detection", "one-top-level"],
    ..Grammar::valued(&[
        "f",
        "file",
        "C",
        "directory",
        "T",
        "files-from",
        "X",
        "exclude-from",
        "b",
        "blocking-factor",
        "F",
        "info-script",
        "new-volume-script",
        "g",
        "listed-incremental",
        "H",
        "format",
        "I",
        "use-compress-program",
        "K",
        "starting-file",
        "L",
        "tape-length",
        "N",
        "newer",
        "after-date",
        "V",
        "label",
        "exclude",
        "transform",
        "xform",
        "to-command",
        "checkpoint-action",
        "rsh-command",
        "rmt-command",
        "owner",
        "group",
        "mode",
        "mtime",
        "strip-components",
        "suffix",
        "index-file",
        "sort",
        "exclude-tag",
        "newer-mtime",
        "level",
        "quoting-style",
        "record-size",
        "volno-file",
        "add-file",
        "owner-map",
        "group-map",
        "s",
    ])
};

/// Old style: the first word holds letters without a dash, and their values follow in order.
fn with_dash(args: &[Word]) -> Vec<Word> {
    let Some((first, rest)) = args.split_first() else { return Vec::new() };
    if first.text.starts_with('-') || !first.known() || first.text.is_empty() {
        return args.to_vec();
    }
    let mut rest = rest.iter();
    let mut words = Vec::new();
    for letter in first.text.chars() {
        words.push(Word::literal(format!("-{letter}"), first.span));
        if TAR.valued.contains(&letter.to_string().as_str()) {
            words.extend(rest.next().cloned());
        }
    }
    words.into_iter().chain(rest.cloned()).collect()
}

fn tar(invocation: &Invocation<'_>, sink: &mut Sink) {
    let args = with_dash(invocation.args);
    let parsed = parse(&args, &TAR);
    programs(&parsed, sink);
    for path in parsed.values(&["T", "files-from", "X", "exclude-from"]) {
        read_path(path, false, sink);
    }
    for path in parsed.values(&["g", "listed-incremental", "index-file", "volno-file"]) {
        sink.write(path, WriteMode::Change);
    }
    let creates = parsed.has(&["c", "create"]);
    let adds = parsed.has(&["r", "append", "u", "update", "A", "catenate", "concatenate", "delete"]);
    // It refuses two of these at once.
    let extracts = parsed.has(&["x", "extract", "get"]) || (parsed.uncertain && !creates && !adds);
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "tar", &[], invocation.span);
    }
    for archive in parsed.values(&["f", "file"]) {
        archive_file(archive, creates, adds, sink);
    }
    if extracts {
        extract(&parsed, invocation, sink);
    }
    if creates || adds {
        members(&parsed, &args, invocation, sink);
    }
}

/// Options whose value is a program.
fn programs(parsed: &Parsed, sink: &mut Sink) {
    for program in parsed.values(&[
        "I",
        "use-compress-program",
        "to-command",
        "F",
        "info-script",
        "new-volume-script",
        "rsh-command",
        "rmt-command",
    ]) {
        sink.shell(program);
    }
    for action in parsed.values(&["checkpoint-action"]) {
        if let Some(command) = action.after("exec=") {
            sink.shell(&command);
        } else if !action.known() {
            sink.shell(action);
        }
    }
}

fn archive_file(archive: &Word, creates: bool, adds: bool, sink: &mut Sink) {
    if archive.text == "-" {
        return;
    }
    if let Some((host, _)) = archive.text.split_once(':').filter(|(host, _)| !host.contains('/') && !host.is_empty()) {
        return sink.connect(host.rsplit('@').next().unwrap_or(host), None, "ssh", None, creates || adds, archive.span);
    }
    match (creates, adds) {
        (true, _) => sink.write(archive, WriteMode::Replace),
        (false, true) => sink.write(archive, WriteMode::Change),
        (false, false) => sink.read(archive),
    }
}

fn directory(parsed: &Parsed, invocation: &Invocation<'_>) -> Word {
    // Each -C is relative to the one before.
    let join = |base: Word, next: &Word| if next.text.starts_with('/') { next.clone() } else { inside(&base, &next.text) };
    let mut given = parsed.values(&["C", "directory"]).into_iter();
    match given.next() {
        Some(first) => given.fold(first.clone(), join),
        None => Word::literal(".", invocation.span),
    }
}

fn extract(parsed: &Parsed, invocation: &Invocation<'_>, sink: &mut Sink) {
    if parsed.has(&["O", "to-stdout", "to-command"]) && !parsed.uncertain {
        return;
    }
    let absolute = parsed.has(&["P", "absolute-names", "absolute-paths"]);
    let root = if absolute { Word::literal("/", invocation.span) } else { directory(parsed, invocation) };
    sink.write_tree(&root, WriteMode::Change);
}

/// What goes into the archive; a `-C` counts for the operands after it.
fn members(parsed: &Parsed, args: &[Word], invocation: &Invocation<'_>, sink: &mut Sink) {
    let removes = parsed.has(&["remove-files"]);
    let base = directory(parsed, invocation);
    let plain = !parsed.has(&["C", "directory"]);
    for operand in &parsed.operands {
        let operand = operand.after("@").unwrap_or_else(|| operand.clone());
        let path = if plain || operand.text.starts_with('/') { operand } else { inside_pattern(&base, &operand) };
        sink.read_tree(&path);
        if removes {
            sink.delete_tree(&path);
        }
    }
    let listed = args.iter().any(|word| word.text.starts_with("-T") || word.text.starts_with("--files-from"));
    if listed {
        sink.read_tree(&base);
    }
}

fn inside_pattern(base: &Word, path: &Word) -> Word {
    let mut joined = inside(base, &path.text);
    if let Some(pattern) = &path.pattern {
        joined.pattern = Some(
            inside(
                &Word::literal(base.pattern.clone().unwrap_or_else(|| super::destination::escaped(&base.text)), None),
                pattern,
            )
            .text,
        );
    }
    joined
}

fn cpio(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(
        invocation.args,
        &Grammar::valued(&[
            "F",
            "file",
            "D",
            "directory",
            "E",
            "pattern-file",
            "I",
            "O",
            "H",
            "format",
            "C",
            "M",
            "R",
            "owner",
            "rsh-command",
        ]),
    );
    for program in parsed.values(&["rsh-command"]) {
        sink.shell(program);
    }
    let passes = parsed.has(&["p", "pass-through"]);
    let extracts = parsed.has(&["i", "extract"]) && !parsed.has(&["t", "list"]);
    for archive in parsed.values(&["F", "file", "I", "O"]) {
        if parsed.has(&["o", "create"]) { sink.write(archive, WriteMode::Replace) } else { read_path(archive, false, sink) }
    }
    for list in parsed.values(&["E", "pattern-file"]) {
        sink.read(list);
    }
    let here = parsed.value(&["D", "directory"]).cloned().unwrap_or_else(|| Word::literal(".", invocation.span));
    if passes || parsed.has(&["o", "create"]) {
        // The names come on standard input.
        sink.deed(
            bailiwick_vocab::effect::Deed::Read(bailiwick_vocab::effect::Target::unknown("files named on standard input").tree()),
            invocation.span,
        );
    }
    if extracts {
        let root = if parsed.has(&["no-absolute-filenames"]) { here.clone() } else { Word::literal("/", invocation.span) };
        sink.write_tree(&root, WriteMode::Change);
    }
    if passes {
        parsed.operands.last().into_iter().for_each(|to| sink.write_tree(to, WriteMode::Change));
    }
}

fn pax(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["f", "b", "o", "p", "s", "x", "B", "E", "G", "T", "U"]));
    let (reads, writes) = (parsed.has(&["r"]), parsed.has(&["w"]));
    for archive in parsed.values(&["f"]) {
        if writes && !reads { sink.write(archive, WriteMode::Replace) } else { sink.read(archive) }
    }
    if writes {
        parsed.operands.iter().for_each(|path| sink.read_tree(path));
    }
    if reads {
        let root = Word::literal(if writes { "." } else { "/" }, invocation.span);
        sink.write_tree(&root, WriteMode::Change);
    }
}

/// ar OPERATION ARCHIVE MEMBER…
fn ar(invocation: &Invocation<'_>, sink: &mut Sink) {
    let Some((operation, rest)) = invocation.args.split_first() else { return };
    let Some((archive, members)) = rest.split_first() else { return };
    let operation = operation.text.trim_start_matches('-');
    if operation.starts_with(['t', 'p']) {
        return sink.read(archive);
    }
    if operation.starts_with('x') {
        sink.read(archive);
        return sink.write_tree(&Word::literal(".", invocation.span), WriteMode::Change);
    }
    sink.write(archive, WriteMode::Change);
    members.iter().for_each(|member| sink.read(member));
}
