//! What a tool's name says that it does, for drafts. In: its name and description, in words. Out: one of a few kinds of acts.

use crate::draft::domain::{head, is_thing};
use crate::draft::words::{self, AFTER_AN_ACT, BETWEEN, THINGS_TOO, WHICH, has, is};

/// What a verb means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// Nothing changes.
    Read,
    /// Something is made or changed.
    Write,
    /// Something is taken away.
    Remove,
    /// Something goes to somebody.
    Send,
    /// Somebody gets access.
    Grant,
    /// Something is booked or bought.
    Order,
    /// Something is put on the web.
    Post,
    /// Money moves.
    Pay,
}

/// The verbs, those first that a word is taken for where it is in several lists.
const VERBS: [(&str, Verb); 8] = [
    (words::READ, Verb::Read),
    (words::REMOVE, Verb::Remove),
    (words::PAY, Verb::Pay),
    (words::ORDER, Verb::Order),
    (words::GRANT, Verb::Grant),
    (words::POST, Verb::Post),
    (words::SEND, Verb::Send),
    (words::WRITE, Verb::Write),
];

/// What a tool does: by its name, else by how its description begins.
pub(super) fn verb(name: &[String], description: &[String]) -> Option<Verb> {
    let named = match of_name(head(name)).or_else(|| of_name(name)) {
        // Words that are as often things: a description that begins with an act knows better.
        Some((found, false)) if is_of_things(name) => match (found, begun(description)) {
            // Giving somebody access is more than sending them something.
            (Verb::Grant, Some(Verb::Send | Verb::Write)) | (_, None) => Some(found),
            (_, begun) => begun,
        },
        Some((found, _)) => Some(found),
        None => begun(description).or_else(|| is_said_to_be(description).then_some(Verb::Read)),
    };
    // What it moves to the bin is taken away; what is checked in or out is no look.
    match named {
        Some(Verb::Write) if has(name, "trash bin spam junk") => Some(Verb::Remove),
        Some(Verb::Read) if has(name, "check") && has(name, "in out") => Some(Verb::Write),
        Some(Verb::Write) if has(name, "open") && (has(name, words::PAGES) || begun(description) == Some(Verb::Read)) => {
            Some(Verb::Read)
        }
        named => named.map(|first| strictest(first, name)),
    }
}

/// `find_and_delete` does both.
fn strictest(first: Verb, name: &[String]) -> Verb {
    let Some(at) = name.iter().position(|word| matches!(word.as_str(), "and" | "then" | "or")) else { return first };
    let second = name.get(at + 1..).and_then(|rest| rest.first()).and_then(|word| of_word(word));
    match (first, second) {
        (Verb::Read, Some(second)) => second,
        (first, _) => first,
    }
}

/// The act in a name, and whether it is surely one: not where a thing may be meant, first in the name or last.
fn of_name(name: &[String]) -> Option<(Verb, bool)> {
    let sure = name.iter().filter(|word| !is(word, THINGS_TOO)).find_map(|word| of_word(word));
    let perhaps = || name.first().and_then(|word| of_word(word)).or_else(|| name.last().and_then(|word| of_word(word)));
    sure.map(|found| (found, true)).or_else(|| perhaps().map(|found| (found, false)))
}

fn of_word(word: &str) -> Option<Verb> {
    VERBS.iter().find(|(verbs, _)| verbs.split_ascii_whitespace().any(|verb| verb == word)).map(|(_, kind)| *kind)
}

/// The act that a description begins with.
fn begun(description: &[String]) -> Option<Verb> {
    let (first, next) = (description.first()?, description.get(1).map_or("", String::as_str));
    if is(first, words::TELLS) && first.ends_with('s') {
        return Some(Verb::Read);
    }
    let found = VERBS.iter().find(|(verbs, _)| is(first, verbs)).map(|(_, kind)| *kind)?;
    let thing = is(first, THINGS_TOO) && !AFTER_AN_ACT.split_ascii_whitespace().any(|after| after == next);
    (!thing).then_some(found)
}

/// Whether a description says what there is and no act: `The user's name and address`.
fn is_said_to_be(description: &[String]) -> bool {
    let begins =
        description.first().is_some_and(|first| is(first, WHICH) || is_thing(first) || is(first, "what who when where how"));
    begins && !description.iter().any(|word| !is(word, THINGS_TOO) && of_word(word).is_some_and(|kind| kind != Verb::Read))
}

/// Whether a name says of nothing but things which they are: it does nothing.
pub(super) fn only_names(name: &[String]) -> bool {
    name.iter().all(|word| is_thing(word) || is_said_of_things(word)) && name.iter().any(|word| is_thing(word))
}

/// Whether every word of a name may be a thing.
fn is_of_things(name: &[String]) -> bool {
    name.iter().all(|word| is_thing(word) || is(word, THINGS_TOO) || is_said_of_things(word))
}

fn is_said_of_things(word: &str) -> bool {
    is(word, WHICH) || BETWEEN.split_ascii_whitespace().any(|between| between == word)
}
