//! What calls do, by name: one table for each language. A name with a leading dot is the last part of any path; any
//! other must be the whole path (or what it was imported as).

mod javascript;
mod python;
mod scripting;

use std::collections::BTreeSet;

use bailiwick_vocab::effect::Hint;

use super::lex::{Language, Token};

/// What a call does. Numbers say which argument names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Opens a file; the second argument says how.
    Open,
    /// Reads a file.
    Read(usize),
    /// Makes or replaces a file.
    Write(usize),
    /// Adds to a file, or makes a directory.
    Change(usize),
    /// Permissions, owner, times.
    Metadata(usize),
    /// Removes a file.
    Delete(usize),
    /// Removes a directory with what is in it.
    DeleteTree(usize),
    /// Reads the first, writes the second.
    Copy,
    /// Removes the first, writes the second.
    Move,
    /// The value before the dot is the path.
    Receiver(Method),
    /// Reaches a host; whether data goes out.
    Connect(bool),
    /// Reaches the first, writes the second.
    Download,
    /// Gives a text to a shell.
    Shell(usize),
    /// Starts a program: a list, or one argument each.
    Program,
    /// Reads the names in a directory, or those that a pattern fits.
    List(usize),
    /// Makes a file or directory for the moment, where such things lie.
    Temporary,
    /// Turns text into other text: what it says cannot be seen.
    Decode,
    /// Runs a file of the same language.
    Load(usize),
    /// Builds or loads code.
    Dynamic,
    /// Loads what it names, which may be anything if that is no string.
    Import,
    /// Only prints: its strings touch nothing.
    Print,
}

/// What a method does to the path it is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Read,
    Write,
    Change,
    Metadata,
    Delete,
    Move,
    /// As `open`, with the way of opening first.
    Open,
    /// Reads the names below.
    List,
}

type Table = &'static [(&'static str, Act)];

/// What a name does when it is called; `None` where it is nobody we know.
pub(super) fn act(language: Language, name: &str) -> Option<Act> {
    let table = match language {
        Language::Python => python::PYTHON,
        Language::JavaScript => javascript::JAVASCRIPT,
        Language::Perl => scripting::PERL,
        Language::Ruby => scripting::RUBY,
        Language::Php => scripting::PHP,
        Language::Awk => scripting::AWK,
        Language::Lua => scripting::LUA,
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    let whole = table.iter().find(|(key, _)| *key == name).map(|(_, act)| *act);
    // A function taken out of its module by name is the same function, save where the name alone is a common word.
    whole.or_else(|| {
        table
            .iter()
            .find(|(key, act)| {
                let method = key.strip_prefix('.') == Some(last);
                method && (name.contains('.') || !matches!(act, Act::Receiver(_)))
            })
            .map(|(_, act)| *act)
    })
}

/// Whether naming a function, without calling it, is enough to say that it may be called.
pub(super) fn hint(act: Act) -> Option<Hint> {
    match act {
        Act::Open | Act::Read(_) | Act::List(_) | Act::Print | Act::Import | Act::Receiver(_) | Act::Decode => None,
        Act::Temporary => Some(Hint::Writes),
        Act::Download | Act::Write(_) | Act::Change(_) | Act::Metadata(_) | Act::Copy => Some(Hint::Writes),
        Act::Delete(_) | Act::DeleteTree(_) | Act::Move => Some(Hint::Deletes),
        Act::Connect(_) => Some(Hint::Network),
        Act::Shell(_) | Act::Program => Some(Hint::Runs),
        Act::Dynamic | Act::Load(_) => Some(Hint::Dynamic),
    }
}

/// Words that say what code may do wherever they stand: where patterns are not told from quotes for certain, a call
/// may hide in what looks like a string.
const ALARMING: &[(&str, Hint)] = &[
    ("system(", Hint::Runs),
    ("execSync", Hint::Runs),
    ("spawnSync", Hint::Runs),
    ("child_process", Hint::Runs),
    ("unlinkSync", Hint::Deletes),
    ("rmSync", Hint::Deletes),
    ("unlink ", Hint::Deletes),
    ("rm_rf", Hint::Deletes),
    ("remove_tree", Hint::Deletes),
    ("eval(", Hint::Dynamic),
    ("Function(", Hint::Dynamic),
    ("instance_eval", Hint::Dynamic),
];

/// Hints by such words that no token holds: a call that was read as one needs no hint.
pub(super) fn words_that_alarm(code: &str, tokens: &[Token]) -> BTreeSet<Hint> {
    let mut hints = BTreeSet::new();
    for (word, hint) in ALARMING.iter().filter(|(word, _)| code.contains(word)) {
        let bare = word.trim_end_matches(['(', ' ']);
        let shown = |token: &Token| match token {
            Token::Name(name) => name.contains(bare),
            Token::Text(text) => text == bare || text.ends_with(&format!(":{bare}")),
            Token::Command(_) | Token::Sign(_) | Token::Number(_) => false,
        };
        if !tokens.iter().any(shown) {
            hints.insert(*hint);
        }
    }
    hints
}
