//! Programs that a table describes: which options take values and what becomes of these, which verbs ask, change,
//! destroy, run or fetch. In: a [`Described`] and an invocation. Out: the deeds of the row that fits
//! (`call.rs`). A verb that no row names is judged by its family (`families.rs`): a program is never silent for a verb
//! that it was not told of.

mod call;

use bailiwick_vocab::effect::OpaqueCause;

use crate::args::{Grammar, Parsed, asks_help, parse_with};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::described::call::Call;

/// What one program's words mean. Lists are written as text, their parts apart by spaces, names of one thing by `|`.
#[derive(Clone, Copy)]
pub(super) struct Described {
    /// What a change is a change of: `kubernetes`, `vault` …
    pub(super) target: &'static str,
    /// The host that it asks; empty where it asks none.
    pub(super) host: &'static str,
    /// Options that take a value.
    pub(super) valued: &'static str,
    /// Options whose value only comes attached with `=`.
    pub(super) optional: &'static [&'static str],
    /// `-name` is one long option.
    pub(super) one_dash: bool,
    /// The first operand ends the options.
    pub(super) wrapper: bool,
    /// Options whose value is more than a word: the names, and what the value is.
    pub(super) options: &'static [(&'static str, Value)],
    /// Beginnings of words with a value behind them, or in the next word, where options do not follow the usual form.
    pub(super) raw: &'static [(&'static str, Value)],
    /// Options that do something by themselves.
    pub(super) flags: &'static [(&'static str, &'static [Act])],
    /// Options with which nothing is changed: files are read, the project's code may run, the service is asked.
    pub(super) dry: &'static str,
    /// Options with which nothing is done but to show something.
    pub(super) shows: &'static str,
    /// Verbs: one or more words, each with its alternatives, and several such phrases apart by commas; `*` is any word.
    /// The longest that fits counts, the first of equals.
    pub(super) verbs: &'static [(&'static str, &'static [Act])],
    /// What is done where no row fits.
    pub(super) otherwise: &'static [Act],
    /// What is done without any operand, where that differs; without any argument nothing is done else.
    pub(super) alone: Option<&'static [Act]>,
}

/// What the value of an option is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A file that is read.
    Read,
    /// A file or directory that is read with everything below.
    ReadTree,
    /// A file that is written.
    Write,
    /// A directory that is written in.
    WriteTree,
    /// A directory that is emptied first.
    DeleteTree,
    /// What is built is described there; elsewhere than in the project nobody knows it.
    Foreign,
    /// A host, or a URL, that everything goes to.
    Host,
    /// Text for a shell.
    Shell,
    /// A program that is started.
    Program,
    /// Code of a language.
    Code(&'static str),
    /// A file of code.
    CodeFile(&'static str),
    /// A file or name of code that nobody reads.
    Script(&'static str),
    /// SQL.
    Sql,
    /// A file of SQL.
    SqlFile,
    /// A secret by its name.
    Secret,
}

/// One thing that is done. Numbers are places among the operands after the verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Nothing beyond the start.
    Nothing,
    /// The service is asked; nothing, where there is none.
    Ask,
    /// Local data goes to the service.
    Upload,
    /// The verb changes something of the service.
    Change,
    /// The verb destroys something of the service.
    Destroy,
    /// The verb's family says.
    Family,
    /// A secret is shown or made.
    Secret(&'static str),
    /// The program, the system or an agent is set differently.
    Configure(&'static str),
    /// Something will run later.
    Persist(&'static str),
    /// More rights are taken.
    Escalate(&'static str),
    /// Another agent is started.
    Spawn(&'static str),
    /// What lies here is made public.
    Publish,
    /// A message goes out.
    Send(&'static str),
    /// A process is ended or signalled: the operand at, or any.
    Signal(usize),
    /// It waits for connections.
    Listen,
    /// The project's code runs.
    Project,
    /// Text runs on another machine.
    RemoteShell,
    /// What happens cannot be read.
    Opaque(OpaqueCause, &'static str),
    /// Something is fetched.
    Fetch,
    /// A package is fetched that brings its code.
    Package(&'static str),
    /// Data goes to the host that the operand there names.
    Reach(usize),
    /// The operands from there on are SQL.
    Sql(usize),
    /// SQL comes over standard input, where no option brings it.
    SqlInput,
    /// The operands from there on are files that are read.
    Read(usize),
    /// The same with everything below.
    ReadTree(usize),
    /// The operands from there on are files that are written.
    Write(usize),
    /// Files or directories that are changed.
    Edit(usize),
    /// Directories that are written in.
    WriteTree(usize),
    /// Directories that are removed.
    DeleteTree(usize),
    /// The operands but the last are read, the last is written.
    Convert(usize),
    /// Whatever handles the operands from there on, addresses or files, is started with them.
    Open(usize),
    /// The operand there is read.
    ReadOne(usize),
    /// The operand there, where it stands, is written.
    WriteOne(usize),
    /// The operand there, where it stands, is written with everything below.
    WriteTreeOne(usize),
    /// The argument vector from there on is started.
    Run(usize),
    /// The same, but what stands before `--` is not the program.
    RunBehind(usize),
    /// The same behind another program's name, which is started with it.
    RunWith(&'static str, usize),
    /// The operands from there on are text for a shell.
    Shell(usize),
    /// Each operand from there on is text for a shell.
    Texts(usize),
    /// The operand there is code.
    Code(&'static str, usize),
    /// The operand there is a file of code.
    CodeFile(&'static str, usize),
    /// Code comes over standard input, where it is not the terminal.
    Input(&'static str),
    /// This path is read with everything below.
    ReadAt(&'static str),
    /// This file is written.
    WriteAt(&'static str),
    /// This directory is written in, where no option says what is written.
    ElseWrite(&'static str),
    /// This directory is written in.
    WriteTreeAt(&'static str),
    /// This path goes away with everything below.
    DeleteTreeAt(&'static str),
}

impl Described {
    /// Takes no values, asks no host, judges verbs by their family.
    pub(super) const NEW: Described = Described {
        target: "",
        host: "",
        valued: "",
        optional: &[],
        one_dash: false,
        wrapper: false,
        options: &[],
        raw: &[],
        flags: &[],
        dry: "",
        shows: "",
        verbs: &[],
        otherwise: &[Act::Family],
        alone: None,
    };

    /// Says what an invocation does.
    pub(super) fn say(&self, inv: &Invocation<'_>, sink: &mut Sink) {
        if only_shows(inv.args) {
            return;
        }
        let parsed = self.parse(inv.args);
        let call = Call { described: self, inv, parsed: &parsed };
        let (row, depth, acts) = call.row(0);
        let starts = acts.iter().any(|act| matches!(act, Act::Run(_) | Act::RunBehind(_) | Act::RunWith(..) | Act::Shell(_)));
        if !starts && (shows_help(inv.args) || self.asks_briefly(inv.args)) {
            return;
        }
        call.values(sink);
        call.raw(sink);
        call.logs(sink);
        if self.given(&parsed, self.dry) {
            return call.tried(acts, depth, sink);
        }
        for (names, acts) in self.flags {
            if names.split('|').any(|name| self.flagged(inv.args, &parsed, name)) {
                acts.iter().for_each(|act| call.act(*act, depth, sink));
            }
        }
        if self.given(&parsed, self.shows) {
            return;
        }
        acts.iter().for_each(|act| call.act(*act, depth, sink));
        if !row && !acts.contains(&Act::Family) {
            call.plain_verb(sink);
        }
        if !row || acts.iter().all(|act| matches!(act, Act::Ask | Act::Nothing)) {
            call.behind_an_option(sink);
        }
    }

    /// `tool verb -h`, where `-h` is no option of the program's own.
    fn asks_briefly(&self, args: &[Word]) -> bool {
        let own = || {
            let options = self.options.iter().map(|(names, _)| *names).chain(self.flags.iter().map(|(names, _)| *names));
            let mut named = self
                .valued
                .split_whitespace()
                .chain(self.dry.split_whitespace())
                .chain(options.flat_map(|names| names.split('|')));
            named.any(|name| name == "h") || self.raw.iter().any(|(beginning, _)| beginning.starts_with("-h"))
        };
        let [verbs @ .., last] = args else { return false };
        last.text == "-h" && verbs.iter().all(is_bare) && !self.wrapper && !own()
    }

    fn given(&self, parsed: &Parsed, names: &str) -> bool {
        names.split_whitespace().any(|name| parsed.options.iter().any(|(given, _)| self.is_named(given, name)))
    }

    /// Whether a flag is given, or, for `name=value`, an option with that value. A long one counts wherever it stands: what
    /// an option that we do not know would take for its value is not known either.
    fn flagged(&self, args: &[Word], parsed: &Parsed, name: &str) -> bool {
        let Some((name, value)) = name.split_once('=') else {
            let anywhere = || args.iter().any(|word| word.text.strip_prefix("--") == Some(name));
            return parsed.options.iter().any(|(given, _)| self.is_named(given, name)) || (name.len() > 1 && anywhere());
        };
        parsed.options.iter().any(|(given, word)| {
            self.is_named(given, name) && word.as_ref().is_some_and(|word| word.text == value || !word.known())
        })
    }

    /// Whether an option is one of these. An abbreviation counts, but not of another option that has that very name.
    fn is_named(&self, given: &str, names: &str) -> bool {
        let own = |name: &str| name == given;
        let options = self.options.iter().map(|(names, _)| *names).chain(self.flags.iter().map(|(names, _)| *names));
        let elsewhere = || self.valued.split_whitespace().any(own) || options.flat_map(|names| names.split('|')).any(own);
        names.split('|').any(own)
            || (given.len() >= 3 && !self.one_dash && names.split('|').any(|name| name.starts_with(given)) && !elsewhere())
    }

    fn parse(&self, args: &[Word]) -> Parsed {
        let mut valued: Vec<&str> = self.valued.split_whitespace().collect();
        valued.extend(self.options.iter().flat_map(|(names, _)| names.split('|')));
        let grammar = Grammar {
            optional: self.optional,
            long_with_one_dash: self.one_dash,
            stop_at_operand: self.wrapper,
            ..Grammar::PLAIN
        };
        parse_with(args, &grammar, &valued)
    }
}

/// Whether only a description or a version is asked for.
fn only_shows(args: &[Word]) -> bool {
    let shows = |text: &str| matches!(text, "--help" | "--version" | "-help" | "-version" | "-h" | "-V" | "help" | "version");
    asks_help(args)
        || args.first().is_some_and(|word| word.text == "help")
        || matches!(args, [only] if shows(&only.text) || only.text == "-v")
}

/// `tool verb --help`. An option before it that takes values may have taken it for its value.
fn shows_help(args: &[Word]) -> bool {
    let before = args.split(|word| word.text == "--").next().unwrap_or_default();
    before
        .iter()
        .enumerate()
        .any(|(at, word)| word.text == "--help" && at.checked_sub(1).and_then(|at| before.get(at)).is_none_or(is_bare))
}

fn is_bare(word: &Word) -> bool {
    !word.text.starts_with('-') && word.known()
}
