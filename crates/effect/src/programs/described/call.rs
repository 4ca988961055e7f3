//! What one invocation of a described program does: the row that fits its words, and the deeds of each act in it.

use bailiwick_vocab::effect::{Deed, OpaqueCause, QueryKind, Target, WriteMode};

use super::{Act, Described, Value};
use crate::args::Parsed;
use crate::invocation::{Inner, Invocation, Sink, Stdin, UNKNOWN, Word};
use crate::programs::{databases, families, interpreter, wrappers};
use crate::{sql, unfamiliar, url};

/// Languages whose files are looked at; a file of another is the project's code where it lies in the project.
const LOOKED_AT: &[&str] = &["python", "javascript", "perl", "ruby", "php", "lua", "awk", "sql", "shell"];

/// Files that what shows them runs no code of.
const PASSIVE: &[&str] = &["html", "htm", "pdf", "png", "jpg", "jpeg", "gif", "svg", "txt", "md", "csv", "log", "json", "xml"];

/// A program as it was called.
pub(super) struct Call<'a> {
    pub(super) described: &'a Described,
    pub(super) inv: &'a Invocation<'a>,
    pub(super) parsed: &'a Parsed,
}

impl Call<'_> {
    /// The row for the operands from `from` on: whether one was found, where its operands begin, what it does.
    pub(super) fn row(&self, from: usize) -> (bool, usize, &'static [Act]) {
        let operands = self.parsed.operands_from(from);
        if operands.is_empty() {
            let usual = if self.inv.args.is_empty() { &[] } else { self.described.otherwise };
            return (true, from, self.described.alone.unwrap_or(usual));
        }
        let rows = self.described.verbs.iter();
        let fits = rows
            .filter_map(|(phrases, acts)| Some((phrases.split(", ").filter_map(|phrase| begins(operands, phrase)).max()?, acts)));
        // `max_by_key` keeps the last of equals, and the first row counts.
        if let Some((words, acts)) = fits.rev().max_by_key(|(words, _)| *words) {
            return (true, from + words, acts);
        }
        (false, from, self.described.otherwise)
    }

    /// An option that the table does not know may take the word behind it, so that the verb stands one further on. Only
    /// what such a reading would destroy or run is said.
    pub(super) fn behind_an_option(&self, sink: &mut Sink) {
        let Some(place) = self.parsed.places.first().copied() else { return };
        let before = place.checked_sub(1).and_then(|at| self.inv.args.get(at));
        let open = before.is_some_and(|word| word.text.starts_with('-') && word.text != "--" && !word.text.contains('='));
        if !open || self.parsed.operands.len() < 2 {
            return;
        }
        let (found, depth, acts) = self.row(1);
        let heavy = |act: &&Act| {
            !matches!(
                act,
                Act::Nothing | Act::Ask | Act::Family | Act::Read(_) | Act::ReadTree(_) | Act::ReadOne(_) | Act::Convert(_)
            )
        };
        if found {
            return acts.iter().filter(heavy).for_each(|act| self.act(*act, depth, sink));
        }
        let second = self.parsed.operand(1).map_or("", |word| word.text.as_str());
        if acts.contains(&Act::Family) && families::destroys(second) {
            self.change(second, true, sink);
        }
    }

    /// A verb that no row names and that destroys in every client.
    pub(super) fn plain_verb(&self, sink: &mut Sink) {
        if self.parsed.operands.iter().take(3).any(|word| families::plainly_destroys(&word.text)) {
            self.change(&self.verb(), true, sink);
        }
    }

    /// What becomes of the values of options.
    pub(super) fn values(&self, sink: &mut Sink) {
        for (names, value) in self.described.options {
            let given = self.parsed.options.iter().filter(|(given, _)| self.described.is_named(given, names));
            given.filter_map(|(_, word)| word.as_ref()).for_each(|word| self.value(*value, word, sink));
        }
    }

    /// The same for words that are no options of the usual form.
    pub(super) fn raw(&self, sink: &mut Sink) {
        for (beginning, value) in self.described.raw {
            for (at, word) in self.inv.args.iter().enumerate() {
                let attached = word.after(beginning).filter(|_| beginning.ends_with(['=', ':']));
                let next = || self.inv.args.get(at + 1).filter(|_| word.text == *beginning).cloned();
                attached.or_else(next).into_iter().for_each(|word| self.value(*value, &word, sink));
            }
        }
    }

    /// Files that every program writes that has an option of that name, whether the table knows it or not.
    pub(super) fn logs(&self, sink: &mut Sink) {
        let known = |name: &str| self.described.options.iter().any(|(names, _)| names.split('|').any(|one| one == name));
        unfamiliar::logs(self.inv.args, known, sink);
    }

    fn value(&self, value: Value, word: &Word, sink: &mut Sink) {
        let file = word.text != "-" && !word.text.is_empty() && !word.text.contains("://");
        match value {
            Value::Read if file => sink.read(word),
            Value::ReadTree if file => sink.read_tree(&mounted(word)),
            Value::Read | Value::ReadTree => address(word, false, sink),
            Value::Write if file => sink.write(word, WriteMode::Replace),
            Value::WriteTree if file => sink.write_tree(word, WriteMode::Change),
            Value::DeleteTree if file => sink.delete_tree(word),
            Value::Write | Value::WriteTree | Value::DeleteTree => address(word, true, sink),
            Value::Shell => sink.shell(word),
            Value::Program => sink.run(&[named_program(word)], self.inv.stdin),
            Value::Code(language) => sink.code(language, word),
            Value::CodeFile(language) if LOOKED_AT.contains(&language) => {
                sink.inner.push(Inner::CodeFile { language, path: word.clone() });
            }
            Value::CodeFile(_) => {
                self.value(Value::Foreign, word, sink);
                interpreter::project_code(self.inv, sink);
            }
            Value::Script(language) => sink.opaque(OpaqueCause::Script, language, &[], word.span),
            Value::Foreign if word.text.starts_with(['/', '~', '-']) || word.text.starts_with("..") || !word.known() => {
                sink.opaque(OpaqueCause::Dynamic, self.inv.name, &[], word.span);
            }
            Value::Foreign => {}
            Value::Host => reach(word, sink),
            Value::Sql => {
                let kind = databases::statement(word, sink);
                self.query(kind, sink);
            }
            Value::SqlFile => {
                let kind = databases::script(word, sink);
                self.query(kind, sink);
            }
            Value::Secret => sink.deed(Deed::UseSecret { name: word.text.clone() }, word.span),
        }
    }

    pub(super) fn act(&self, act: Act, depth: usize, sink: &mut Sink) {
        let from = |at: usize| self.parsed.operands_from(depth + at);
        let one = |at: usize| self.parsed.operand(depth + at).map(std::slice::from_ref).unwrap_or_default();
        let owned = str::to_owned;
        let mut say = |deed: Deed| sink.deed(deed, self.inv.span);
        match act {
            Act::Nothing => {}
            Act::Ask => self.ask(false, sink),
            Act::Upload => sink.connect(self.host(), None, "https", None, true, self.inv.span),
            Act::Change => {
                self.change(&self.verb(), self.parsed.operands.iter().take(2).any(|word| families::destroys(&word.text)), sink)
            }
            Act::Destroy => self.change(&self.verb(), true, sink),
            Act::Family => self.family(sink),
            Act::Secret(name) => say(Deed::UseSecret { name: owned(name) }),
            Act::Configure(what) => say(Deed::Configure { what: owned(what) }),
            Act::Persist(how) => say(Deed::Persist { how: owned(how) }),
            Act::Escalate(how) => say(Deed::Escalate { how: owned(how) }),
            Act::Spawn(agent) => say(Deed::Spawn { agent: owned(agent) }),
            Act::Publish => say(Deed::Publish { registry: owned(self.host()), package: owned(".") }),
            Act::Send(channel) => say(Deed::Send { channel: owned(channel), recipient: owned(self.target()) }),
            Act::Signal(at) => {
                say(Deed::Signal { process: one(at).first().map_or_else(|| "*".to_owned(), |word| word.text.clone()) });
            }
            Act::Listen => sink.connect("localhost", None, "listen", None, true, self.inv.span),
            Act::Project => interpreter::project_code(self.inv, sink),
            Act::RemoteShell => self.remote_shell(sink),
            Act::Opaque(cause, language) => sink.opaque(cause, language, &[], self.inv.span),
            Act::Fetch => self.fetch(sink),
            Act::Package(language) => {
                self.fetch(sink);
                sink.opaque(OpaqueCause::Script, language, &[], self.inv.span);
            }
            Act::Sql(at) => self.query(statement(from(at)), sink),
            Act::SqlInput => self.sql_input(sink),
            Act::Reach(at) => self.each(Value::Host, one(at), sink),
            Act::Read(at) => self.each(Value::Read, from(at), sink),
            Act::ReadTree(at) => self.each(Value::ReadTree, from(at), sink),
            Act::Write(at) => self.each(Value::Write, from(at), sink),
            Act::Edit(at) | Act::WriteTree(at) => self.each(Value::WriteTree, from(at), sink),
            Act::DeleteTree(at) => self.each(Value::DeleteTree, from(at), sink),
            Act::Convert(at) => self.convert(from(at), sink),
            Act::Open(at) => from(at).iter().for_each(|word| self.open(word, sink)),
            Act::ReadOne(at) => self.each(Value::ReadTree, one(at), sink),
            Act::WriteOne(at) => self.each(Value::Write, one(at), sink),
            Act::WriteTreeOne(at) => self.each(Value::WriteTree, one(at), sink),
            Act::Run(at) => sink.run(self.argv(depth + at), self.inv.stdin),
            Act::RunBehind(at) => {
                let words = self.argv(depth + at);
                let behind = words.iter().position(|word| word.text == "--").and_then(|dashes| words.get(dashes + 1..));
                sink.run(behind.unwrap_or(words), self.inv.stdin);
            }
            Act::RunWith(program, at) => {
                let words = std::iter::once(self.here(program)).chain(self.argv(depth + at).iter().cloned());
                sink.run(&words.collect::<Vec<_>>(), self.inv.stdin);
            }
            Act::Shell(at) => wrappers::shell_line(from(at), self.inv, sink),
            Act::Texts(at) => self.each(Value::Shell, from(at), sink),
            Act::Code(language, at) => self.each(Value::Code(language), one(at), sink),
            Act::CodeFile(language, at) => self.each(Value::CodeFile(language), one(at), sink),
            Act::Input(language) => self.input(language, sink),
            Act::ReadAt(path) => sink.deed(Deed::Read(named(path).tree()), self.inv.span),
            Act::WriteAt(path) => sink.deed(Deed::Write { target: named(path), mode: WriteMode::Change }, self.inv.span),
            Act::ElseWrite(path) => {
                if !sink.effects.iter().any(|effect| matches!(effect.deed, Deed::Write { .. })) {
                    sink.write_tree(&self.here(path), WriteMode::Change);
                }
            }
            Act::WriteTreeAt(path) => {
                sink.deed(Deed::Write { target: named(path).tree(), mode: WriteMode::Change }, self.inv.span)
            }
            Act::DeleteTreeAt(path) => sink.deed(Deed::Delete(named(path).tree()), self.inv.span),
        }
    }

    /// What is left of a row where nothing is changed.
    pub(super) fn tried(&self, acts: &[Act], depth: usize, sink: &mut Sink) {
        let quiet = |act: &Act| {
            matches!(act, Act::Project | Act::Read(_) | Act::ReadTree(_) | Act::ReadOne(_) | Act::ReadAt(_) | Act::Fetch)
        };
        for act in acts.iter().filter(|act| quiet(act)) {
            self.act(*act, depth, sink);
        }
        for act in acts {
            if let Act::Edit(at) | Act::Convert(at) = act {
                self.act(Act::ReadTree(*at), depth, sink);
            }
        }
        self.ask(false, sink);
    }

    fn open(&self, word: &Word, sink: &mut Sink) {
        self.value(Value::Read, word, sink);
        let page = word.text.starts_with("https://") || word.text.starts_with("http://");
        let passive =
            word.text.rsplit_once('.').is_some_and(|(_, ending)| PASSIVE.contains(&ending.to_ascii_lowercase().as_str()));
        if !page && !passive && !word.text.ends_with(['/', '.']) {
            sink.opaque(OpaqueCause::Dynamic, "desktop", &[], word.span);
        }
    }

    fn each(&self, value: Value, words: &[Word], sink: &mut Sink) {
        words.iter().for_each(|word| self.value(value, word, sink));
    }

    /// The arguments from an operand on, as they stand.
    fn argv(&self, operand: usize) -> &[Word] {
        let dashes = |place: &usize| self.inv.args.get(*place).is_none_or(|word| word.text != "--");
        let place = self.parsed.places.get(operand..).unwrap_or_default().iter().copied().find(dashes);
        place.and_then(|place| self.inv.args.get(place..)).unwrap_or_default()
    }

    /// At a terminal nothing is read that stands in the call.
    fn input(&self, language: &'static str, sink: &mut Sink) {
        if *self.inv.stdin != Stdin::Inherited {
            interpreter::input(self.inv, language, sink);
        }
    }

    fn remote_shell(&self, sink: &mut Sink) {
        sink.connect(self.host(), None, "https", None, true, self.inv.span);
        sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], self.inv.span);
    }

    fn fetch(&self, sink: &mut Sink) {
        sink.connect(self.host(), None, "https", Some("GET"), false, self.inv.span);
    }

    fn sql_input(&self, sink: &mut Sink) {
        if !sink.effects.iter().any(|effect| matches!(effect.deed, Deed::Query { .. })) {
            let kind = databases::statement_from_input(self.inv, sink);
            self.query(kind, sink);
        }
    }

    fn query(&self, kind: QueryKind, sink: &mut Sink) {
        self.ask(kind != QueryKind::Read, sink);
        sink.deed(Deed::Query { database: self.target().to_owned(), kind }, self.inv.span);
    }

    /// The verb by its family.
    fn family(&self, sink: &mut Sink) {
        let words: Vec<&str> = self.parsed.operands.iter().take(3).map(|word| word.text.as_str()).collect();
        match families::of(&words) {
            families::Family::Asks => self.ask(false, sink),
            families::Family::Destroys => self.change(&words.join(" "), true, sink),
            families::Family::Changes => self.change(&words.join(" "), words.iter().any(|word| word.contains(UNKNOWN)), sink),
        }
    }

    fn ask(&self, upload: bool, sink: &mut Sink) {
        if !self.described.host.is_empty() {
            sink.connect(self.described.host, None, "https", None, upload, self.inv.span);
        }
    }

    fn change(&self, what: &str, destroys: bool, sink: &mut Sink) {
        // `sync --prune`, `push --delete`: an option may hold the verb.
        let destroys = destroys || self.parsed.options.iter().any(|(name, _)| name.len() > 2 && families::destroys(name));
        let deed = Deed::Deploy { target: self.target().to_owned(), what: what.to_owned(), destroys };
        sink.deed(deed, self.inv.span);
    }

    /// The sources are read, what stands last is written; one operand is read.
    fn convert(&self, words: &[Word], sink: &mut Sink) {
        let (sources, last) = match words.split_last() {
            Some((last, sources)) if !sources.is_empty() => (sources, Some(last)),
            Some(_) | None => (words, None),
        };
        self.each(Value::ReadTree, sources, sink);
        last.into_iter().for_each(|word| self.value(Value::Write, word, sink));
    }

    /// The verb's words, at most three.
    fn verb(&self) -> String {
        let words: Vec<&str> = self.parsed.operands.iter().take(2).map(|word| word.text.as_str()).collect();
        if words.is_empty() { self.inv.name.to_owned() } else { words.join(" ") }
    }

    fn target(&self) -> &str {
        if self.described.target.is_empty() { self.inv.name } else { self.described.target }
    }

    fn host(&self) -> &'static str {
        if self.described.host.is_empty() { "*" } else { self.described.host }
    }

    fn here(&self, path: &str) -> Word {
        Word::literal(path, self.inv.span)
    }
}

/// A path that the table names. In the home directory it says so by naming it twice, since a word of the call that begins
/// with `~` and was quoted lies elsewhere.
fn named(path: &str) -> Target {
    let given = path.starts_with("~/").then(|| path.to_owned());
    Target { given, ..Target::new(path) }
}

/// How many words the phrase has, where the operands begin with it.
fn begins(operands: &[Word], phrase: &str) -> Option<usize> {
    let mut given = operands.iter();
    let mut words = 0;
    for word in phrase.split(' ') {
        let text = given.next()?.text.as_str();
        if word != "*" && !word.split('|').any(|name| name == text) {
            return None;
        }
        words += 1;
    }
    Some(words)
}

/// What kind of statement the words are together.
fn statement(words: &[Word]) -> QueryKind {
    let known = words.iter().all(Word::known);
    let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    if text.is_empty() || !known { QueryKind::Unknown } else { sql::read(&text.join(" ")).kind }
}

/// The program of `name=program`.
fn named_program(word: &Word) -> Word {
    word.text.split_once('=').and_then(|(name, _)| word.after(&format!("{name}="))).unwrap_or_else(|| word.clone())
}

/// The directory here of `here:there`, as mounts are written; another word is itself.
fn mounted(word: &Word) -> Word {
    match word.text.split_once(':') {
        Some((here, there)) if there.starts_with('/') && !here.is_empty() => Word::literal(here, word.span),
        Some(_) | None => word.clone(),
    }
}

/// A host, with or without a scheme before it and a port behind it.
fn reach(word: &Word, sink: &mut Sink) {
    let full = if word.text.contains("://") { word.text.clone() } else { format!("tcp://{}", word.text) };
    let (host, scheme) = url::parse(&full).map_or_else(|| (String::new(), "tcp".to_owned()), |url| (url.host, url.scheme));
    sink.connect(&host, None, &scheme, None, true, word.span);
}

/// A word that is an address and no file.
fn address(word: &Word, upload: bool, sink: &mut Sink) {
    // A bucket is the service's own, which is asked anyway.
    let bucket = |at: usize| matches!(word.text.get(..at), Some("s3" | "gs" | "az" | "docker" | "oci" | "r2"));
    if let Some(at) = word.text.find("://").filter(|at| !bucket(*at)) {
        let host = url::parse(&word.text).map_or_else(String::new, |url| url.host);
        let scheme = word.text.get(..at).unwrap_or_default().to_ascii_lowercase();
        sink.connect(&host, None, &scheme, None, upload || !word.known(), word.span);
    }
}
