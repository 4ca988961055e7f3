//! How programs that read the files they are given are told apart: a row says which options take values, which of those
//! are files, and which operands are not. The rows themselves are in `readers/rows.rs`.

use bailiwick_vocab::effect::{Deed, Target, WriteMode};

use super::Program;
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};

mod rows;

pub(super) const PROGRAMS: &[Program] = rows::PROGRAMS;

/// How one reader's arguments lie.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    /// Its options.
    pub(super) grammar: Grammar,
    /// How many operands come before the files.
    pub(super) skip: usize,
    /// Options that stand for those operands.
    pub(super) instead: &'static [&'static str],
    /// Options whose value is a file that is read.
    pub(super) reads: &'static [&'static str],
    /// Options whose value is a file that names the files to read.
    pub(super) lists: &'static [&'static str],
    /// With no other options than these it passes whole lines of its input on.
    pub(super) keeps: Option<&'static [&'static str]>,
    /// Options whose value is a file that is written.
    pub(super) writes: &'static [&'static str],
    /// Options whose value is a program or shell text that is run.
    pub(super) runs: &'static [&'static str],
    /// Options that make it read everything below.
    pub(super) deep: &'static [&'static str],
    /// Without operands it reads the working directory.
    pub(super) here: bool,
    /// It always reads everything below.
    pub(super) tree: bool,
}

/// Reads its operands, no option has a value.
pub(super) const PLAIN: Reader = Reader {
    grammar: Grammar::PLAIN,
    skip: 0,
    instead: &[],
    reads: &[],
    lists: &[],
    keeps: None,
    writes: &[],
    runs: &[],
    deep: &[],
    here: false,
    tree: false,
};

impl Reader {
    pub(super) fn read(&self, invocation: &Invocation<'_>, sink: &mut Sink) {
        let parsed = parse(invocation.args, &self.grammar);
        self.options(&parsed, invocation, sink);
        if asks_help(invocation.args) {
            return;
        }
        self.operands(&parsed, invocation, sink);
    }

    fn options(&self, parsed: &Parsed, invocation: &Invocation<'_>, sink: &mut Sink) {
        for path in parsed.values(self.reads) {
            read_path(path, false, sink);
        }
        for path in parsed.values(self.lists) {
            read_path(path, false, sink);
            named_in(path, sink);
        }
        for path in parsed.values(self.writes).into_iter().filter(|path| path.text != "-") {
            sink.write(path, WriteMode::Replace);
        }
        for program in parsed.values(self.runs) {
            sink.run(std::slice::from_ref(program), invocation.stdin);
        }
    }

    pub(super) fn operands(&self, parsed: &Parsed, invocation: &Invocation<'_>, sink: &mut Sink) {
        let skip = if parsed.has(self.instead) { 0 } else { self.skip };
        let tree = self.tree || (!self.deep.is_empty() && parsed.may_have(self.deep));
        let files = parsed.operands_from(skip);
        for path in files {
            read_path(path, tree, sink);
        }
        let kept = |keeps: &[&str]| parsed.options.iter().all(|(name, _)| keeps.contains(&name.as_str()) || is_number(name));
        if files.is_empty() && self.keeps.is_some_and(kept) {
            super::listing::passed_on(invocation, sink);
        }
        if files.is_empty() && self.here {
            read_path(&Word::literal(".", invocation.span), tree, sink);
        }
    }
}

/// `-20` for `-n 20`.
fn is_number(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Files that a list names are read.
fn named_in(list: &Word, sink: &mut Sink) {
    sink.deed(Deed::Read(Target::unknown(format!("files named in {}", list.text))), list.span);
}

/// Reads a path; `-` is standard input.
pub(super) fn read_path(path: &Word, tree: bool, sink: &mut Sink) {
    match (path.text.as_str(), tree) {
        ("-" | "", _) => {}
        (_, true) => sink.read_tree(path),
        (_, false) => sink.read(path),
    }
}
