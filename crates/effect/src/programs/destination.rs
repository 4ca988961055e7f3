//! Where a copy lands: a source and a destination word in, the written word out. The disk is not looked at, so a
//! destination that may be a directory or a new name gives both.

use bailiwick_vocab::effect::{Effect, Reversibility, WriteMode};

use crate::invocation::{Sink, UNKNOWN, Word};

/// The last part of a path as written; empty where it has none of its own (`..`, `/`, `dir/.`).
pub(super) fn base(path: &str) -> &str {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    if name == "." || name == ".." { "" } else { name }
}

/// `name` inside the directory `dir`.
pub(super) fn inside(dir: &Word, name: &str) -> Word {
    let slash = if dir.text.is_empty() || dir.text.ends_with('/') { "" } else { "/" };
    let pattern = dir.pattern.as_ref().map(|pattern| format!("{pattern}{slash}{}", escaped(name)));
    Word { text: format!("{}{slash}{name}", dir.text), pattern, span: dir.span }
}

/// The directory that a path's last part lies in.
pub(super) fn parent(path: &Word) -> Word {
    let text = match path.text.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/",
        Some((parent, _)) => parent,
        None => ".",
    };
    Word::literal(text, path.span)
}

/// A path as a pattern that matches only itself.
pub(super) fn escaped(path: &str) -> String {
    let special = |letter| matches!(letter, '*' | '?' | '[' | ']' | '\\' | '{' | '}');
    path.chars().flat_map(|letter| special(letter).then_some('\\').into_iter().chain([letter])).collect()
}

/// How sure it is that a destination is a directory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Its name is the new name.
    Name,
    /// It is a directory, and the source keeps its name inside.
    Directory,
    /// Only the disk knows.
    Either,
}

/// What `destination` is for one source, judged by how both are written.
pub(super) fn place(destination: &Word, source: &Word) -> Place {
    let text = &destination.text;
    if text.ends_with('/') || base(text).is_empty() {
        return Place::Directory;
    }
    // A name with an extension, or the source's own name, is a file in practice; should it be a directory, what is
    // written lies inside it, and rules for a directory's name hold for what is inside.
    let extension = base(text).char_indices().skip(1).any(|(_, letter)| letter == '.');
    if (extension || base(&source.text).starts_with(base(text))) && !text.contains(UNKNOWN) { Place::Name } else { Place::Either }
}

/// Writes what copying or moving `source` to `destination` makes.
pub(super) fn write(sink: &mut Sink, destination: &Word, source: &Word, place: Place, tree: bool) {
    let name = base(&source.text);
    let spread = source.pattern.is_some() || !source.known() || name.is_empty();
    if place == Place::Name {
        return one(sink, destination, tree, WriteMode::Replace);
    }
    // What lands in the directory cannot be named: anything below it may change.
    if spread || (place == Place::Either && tree) {
        return one(sink, destination, true, WriteMode::Change);
    }
    if place == Place::Either {
        one(sink, destination, false, WriteMode::Replace);
    }
    one(sink, &inside(destination, name), tree, WriteMode::Replace);
}

fn one(sink: &mut Sink, path: &Word, tree: bool, mode: WriteMode) {
    if tree { sink.write_tree(path, mode) } else { sink.write(path, mode) }
}

/// The source of a move goes away, but is whole at its new place.
pub(super) fn moved_away(sink: &mut Sink, source: &Word) {
    let deed = bailiwick_vocab::effect::Deed::Delete(source.target().tree());
    sink.effects.push(Effect { reversible: Reversibility::Compensable, ..Effect::new(deed, source.span) });
}
