//! Programs that copy, move and link: cp, mv, install, ln, link, dd, ditto.

use bailiwick_vocab::effect::{Deed, WriteMode};

use super::Program;
use super::destination::{self, Place};
use crate::args::{Grammar, Parsed, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["cp", "gcp", "ditto"], effects: cp },
    Program { names: &["mv", "gmv"], effects: mv },
    Program { names: &["install", "ginstall"], effects: install },
    Program { names: &["ln", "gln", "link"], effects: ln },
    Program { names: &["dd", "gdd", "dcfldd"], effects: dd },
    Program { names: &["rename", "prename", "file-rename"], effects: rename },
];

const COPY: Grammar = Grammar {
    optional: &["backup", "preserve", "reflink", "sparse", "context", "update"],
    ..Grammar::valued(&["t", "target-directory", "S", "suffix", "no-preserve"])
};
const INSTALL: Grammar = Grammar {
    optional: &["backup", "context"],
    ..Grammar::valued(&["t", "target-directory", "S", "suffix", "g", "group", "m", "mode", "o", "owner", "strip-program"])
};

/// The sources, the destination, and whether that is known to be a directory.
fn sides(parsed: &Parsed) -> (&[Word], Option<&Word>, Option<Place>) {
    if let Some(directory) = parsed.value(&["t", "target-directory"]) {
        return (&parsed.operands, Some(directory), Some(Place::Directory));
    }
    let Some((destination, sources)) = parsed.operands.split_last() else { return (&[], None, None) };
    let fixed = if parsed.has(&["T", "no-target-directory"]) { Some(Place::Name) } else { None };
    (sources, Some(destination), fixed.or_else(|| (sources.len() > 1).then_some(Place::Directory)))
}

/// `--backup` keeps what it replaces beside it, under the same name with a `~` at the end.
fn backups(parsed: &Parsed, destination: &Word, sources: &[Word], sink: &mut Sink) {
    if !parsed.has(&["b", "backup"]) {
        return;
    }
    let suffix = parsed.value(&["S", "suffix"]).map_or("~", |suffix| suffix.text.as_str());
    let inside = sources.iter().map(|source| destination::inside(destination, destination::base(&source.text)));
    let itself = Some(destination.clone()).filter(|destination| !destination.text.ends_with('/'));
    for replaced in itself.into_iter().chain(inside) {
        let pattern = replaced.pattern.unwrap_or_else(|| destination::escaped(&replaced.text));
        let (text, suffix) = (format!("{}{suffix}", replaced.text), destination::escaped(suffix));
        sink.write(&Word { text, pattern: Some(format!("{pattern}*{suffix}")), span: replaced.span }, WriteMode::Replace);
    }
}

fn cp(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &COPY);
    let tree = invocation.name == "ditto" || parsed.may_have(&["r", "R", "a", "recursive", "archive"]);
    let (sources, destination, fixed) = sides(&parsed);
    for source in sources {
        if tree { sink.read_tree(source) } else { sink.read(source) }
    }
    let Some(destination) = destination else { return };
    backups(&parsed, destination, sources, sink);
    for source in sources {
        if parsed.has(&["parents"]) {
            destination::write(sink, &destination::inside(destination, "."), source, Place::Directory, true);
        }
        let place = fixed.unwrap_or_else(|| destination::place(destination, source));
        destination::write(sink, destination, source, place, tree);
    }
}

fn mv(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &COPY);
    let (sources, destination, fixed) = sides(&parsed);
    for source in sources {
        destination::moved_away(sink, source);
    }
    let Some(destination) = destination else { return };
    backups(&parsed, destination, sources, sink);
    for source in sources {
        let place = fixed.unwrap_or_else(|| destination::place(destination, source));
        let file = place == Place::Name && destination::place(source, source) == Place::Name && dotted(source);
        destination::write(sink, destination, source, place, !file);
    }
}

/// Whether a name looks like a file's, so that a move of it is not one of a directory.
fn dotted(word: &Word) -> bool {
    destination::base(&word.text).char_indices().skip(1).any(|(_, letter)| letter == '.')
}

fn install(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &INSTALL);
    if let Some(program) = parsed.value(&["strip-program"]) {
        sink.run(std::slice::from_ref(program), invocation.stdin);
    }
    if parsed.value(&["m", "mode"]).is_some_and(|mode| super::permissions::gives_rights(&mode.text)) {
        sink.deed(Deed::Escalate { how: "set-user-id".to_owned() }, invocation.span);
    }
    if parsed.has(&["d", "directory"]) {
        return parsed.operands.iter().for_each(|directory| sink.write(directory, WriteMode::Change));
    }
    let (sources, destination, fixed) = sides(&parsed);
    for source in sources {
        sink.read(source);
    }
    let Some(destination) = destination else { return };
    backups(&parsed, destination, sources, sink);
    for source in sources {
        let place = fixed.unwrap_or_else(|| destination::place(destination, source));
        destination::write(sink, destination, source, place, false);
    }
}

fn ln(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar { optional: &["backup"], ..COPY });
    let symbolic = parsed.has(&["s", "symbolic"]);
    if let ([only], None) = (parsed.operands.as_slice(), parsed.value(&["t", "target-directory"])) {
        let here = Word::literal(".", only.span);
        linked(only, &here, symbolic, sink);
        return destination::write(sink, &here, only, Place::Directory, false);
    }
    let (sources, destination, fixed) = sides(&parsed);
    let Some(destination) = destination else { return };
    backups(&parsed, destination, sources, sink);
    let fixed = fixed.or(if parsed.has(&["n", "no-dereference"]) { Some(Place::Name) } else { None });
    for source in sources {
        let place = fixed.unwrap_or_else(|| destination::place(destination, source));
        let parent = if place == Place::Directory { destination.clone() } else { destination::parent(destination) };
        linked(source, &parent, symbolic && !parsed.has(&["r", "relative"]), sink);
        destination::write(sink, destination, source, place, false);
    }
}

/// What a link leads to can be read under a second name from now on; a hard link also changes the file's link count,
/// and nothing on the disk tells it from the first name. A symbolic link's text is relative to its own directory.
fn linked(source: &Word, directory: &Word, symbolic: bool, sink: &mut Sink) {
    if symbolic && !source.text.starts_with('/') && source.known() {
        return sink.read(&destination::inside(directory, &source.text));
    }
    sink.read(source);
    if !symbolic {
        sink.write(source, WriteMode::Metadata);
    }
}

fn dd(invocation: &Invocation<'_>, sink: &mut Sink) {
    for word in invocation.args {
        if let Some(path) = word.after("if=") {
            sink.read(&path);
        } else if let Some(path) = word.after("of=") {
            let keeps = invocation.args.iter().any(|word| word.text.starts_with("conv=") && word.text.contains("notrunc"));
            sink.write(&path, if keeps { WriteMode::Change } else { WriteMode::Replace });
            super::disks::device(&path, sink);
        } else if !word.known() && !word.text.contains('=') {
            sink.write(word, WriteMode::Replace);
        }
    }
}

/// Perl's rename runs an expression; util-linux's takes two plain texts. Both change names in place.
fn rename(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["e"]));
    let given = parsed.value(&["e"]).or_else(|| parsed.operand(0));
    let plain = |word: &Word| word.known() && !word.text.contains(['/', '(', '{', ';', '$']);
    if let Some(code) = given.filter(|code| !plain(code) && !simple_substitution(&code.text)) {
        sink.code("perl", code);
    }
    if parsed.has(&["n", "nono", "no-act", "dry-run"]) && !parsed.uncertain {
        return;
    }
    for path in parsed.operands_from(usize::from(parsed.value(&["e"]).is_none())) {
        destination::moved_away(sink, path);
        // The new name is made from the old one; without a slash in the expression it stays beside it.
        let parent = |text: &str| text.rsplit_once('/').map_or(".", |(parent, _)| parent).to_owned();
        let pattern = path.pattern.as_deref().map(parent);
        sink.write_tree(&Word { text: parent(&path.text), pattern, span: path.span }, WriteMode::Change);
    }
}

/// `s/a/b/` or `y/a/b/` with letters only: nothing in it can run.
fn simple_substitution(code: &str) -> bool {
    let Some(rest) = code.strip_prefix("s/").or_else(|| code.strip_prefix("y/")) else { return false };
    let inert = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '.' | '_' | '-' | '\\' | '$' | '^' | ' ');
    rest.chars().all(inert) && rest.matches('/').count() == 2 && matches!(rest.rsplit('/').next(), Some("" | "g" | "i" | "gi"))
}
