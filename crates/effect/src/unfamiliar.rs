//! Programs that nobody has described: what their words suggest. In: an invocation. Out: files that an argument may
//! name are read, what stands behind an output option is written, addresses are reached, a known program
//! that stands where a command stands is started, and a destructive verb destroys what the other words name.
//!
//! A guess on the wide side, so that an unknown program is not silence; the table says it exactly, a program at a time.

use bailiwick_vocab::effect::{Deed, Hint, OpaqueCause, WriteMode};

use crate::invocation::{Invocation, Sink, Stdin, Word};
use crate::programs::lookup;
use crate::url;

/// Words that destroy what the others name, in the ways that command-line clients spell them.
const DESTRUCTIVE: &[&str] = &[
    "delete",
    "del",
    "rm",
    "rb",
    "remove",
    "purge",
    "trash",
    "destroy",
    "drop",
    "wipe",
    "shred",
    "erase",
    "prune",
    "truncate",
    "terminate",
    "revoke",
    "reset",
    "forget",
    "unpublish",
    "unregister",
    "uninstall",
    "undeploy",
    "deletefile",
    "cleanup",
];

/// Options whose value is a file to be written.
const OUTPUT: &[&str] = &["-o", "--output", "--out", "--outfile", "--output-file", "--dest", "--destination"];

/// Options whose value is a file that is written, by whatever program: records of what it did, and its process's number.
const LOGS: &[&str] = &[
    "logfile",
    "log-file",
    "log_file",
    "log-filename",
    "logpath",
    "log-path",
    "pidfile",
    "pid-file",
    "pid_file",
    "trace-file",
    "report-file",
];

/// Options whose value is code.
const CODE: &[&str] = &["--eval", "-eval", "--exec", "--run", "--command"];

/// Verbs behind which a command stands: in `tool run --fast rm -rf x` everything after `run` may be one.
const RUNS: &[&str] =
    &["run", "exec", "execute", "start", "launch", "spawn", "eval", "invoke", "sh", "shell", "cmd", "command", "wrap"];

/// Parts of the names of programs that start what their words name: `runas`, `gosu`, `envrun`, `timeit`, `nocache-exec`.
const WRAPPERS: &[&str] = &[
    "run",
    "exec",
    "sudo",
    "wrap",
    "launch",
    "start",
    "spawn",
    "nice",
    "limit",
    "jail",
    "sandbox",
    "chroot",
    "retry",
    "repeat",
    "loop",
    "watch",
    "trace",
    "prof",
    "perf",
    "bench",
    "time",
    "measure",
    "monitor",
    "daemon",
    "detach",
    "background",
    "env",
];

/// Languages and shells: the last word may only choose one (`completion bash`).
const LANGUAGES: &[&str] =
    &["bash", "sh", "zsh", "fish", "python", "python3", "node", "ruby", "php", "perl", "lua", "go", "java", "swift"];

/// Tails followed of one invocation: `tool run stat rm x` may start any of the words that are programs.
const MAX_STARTED: usize = 4;

/// What the words suggest.
pub(crate) fn effects(invocation: &Invocation<'_>, sink: &mut Sink) {
    statement(invocation, sink);
    logs(invocation.args, |_| false, sink);
    let mut words = invocation.args.iter().enumerate();
    while let Some((at, word)) = words.next() {
        if OUTPUT.contains(&word.text.as_str()) {
            if let Some((_, file)) = words.next() {
                sink.write(file, WriteMode::Replace);
            }
        } else if CODE.contains(&word.text.as_str()) {
            sink.opaque(OpaqueCause::InlineCode, invocation.name, &[Hint::Dynamic], word.span);
            words.next();
        } else if starts(invocation, at) {
            if sink.inner.len() < MAX_STARTED {
                sink.run(invocation.args.get(at..).unwrap_or_default(), invocation.stdin);
            }
        } else {
            let before = invocation.args.get(..at).unwrap_or_default();
            argument(word, is_told_to_run(invocation.name, before), sink);
        }
    }
    destroyed(invocation, sink);
}

/// Files of records that options name, but for options that are `known` to be something.
pub(crate) fn logs(args: &[Word], known: impl Fn(&str) -> bool, sink: &mut Sink) {
    for (at, word) in args.iter().enumerate() {
        let Some(option) = word.text.strip_prefix("--").or_else(|| word.text.strip_prefix('-')) else { continue };
        let name = option.split('=').next().unwrap_or_default();
        if !LOGS.contains(&name) || known(name) {
            continue;
        }
        let attached = word.text.find('=').and_then(|end| word.after(word.text.get(..=end)?));
        let next = || args.get(at + 1).filter(|next| !next.text.starts_with('-')).cloned();
        attached.or_else(next).into_iter().for_each(|file| sink.write(&file, WriteMode::Change));
    }
}

/// Words that a statement of SQL begins with, and what stands behind each.
const STATEMENTS: &[(&str, &[&str])] = &[
    ("drop", &["table", "database", "schema", "view", "index", "user", "role"]),
    ("delete", &["from"]),
    ("truncate", &["table"]),
    ("grant", &["all", "select", "insert", "update", "delete", "usage"]),
    ("alter", &["table", "database", "user", "role", "system"]),
    ("revoke", &["all", "select", "insert", "update", "delete"]),
    ("update", &[]),
    ("insert", &["into"]),
];

/// SQL in the place of a command: for whoever hands these words to a database.
pub(crate) fn statement(invocation: &Invocation<'_>, sink: &mut Sink) {
    let second = invocation.args.first().map(|word| word.text.to_ascii_lowercase()).unwrap_or_default();
    let first = invocation.name.to_ascii_lowercase();
    let Some((_, behind)) = STATEMENTS.iter().find(|(word, _)| *word == first) else { return };
    if behind.contains(&second.as_str()) || (matches!(first.as_str(), "truncate" | "update") && first != invocation.name) {
        let words = invocation.args.iter().map(|word| word.text.as_str());
        let text: Vec<&str> = std::iter::once(invocation.name).chain(words).collect();
        let kind = crate::sql::read(&text.join(" ")).kind;
        sink.deed(Deed::Query { database: "*".to_owned(), kind }, invocation.span);
    }
}

/// Whether the word there is a program that the others are the arguments of. With thousands of names a word alone shows
/// nothing: it counts behind a verb that runs something, as a path, and where the unknown program's own name says that it
/// starts others. That an unknown program is started is said in any case.
fn starts(invocation: &Invocation<'_>, at: usize) -> bool {
    let Some(word) = invocation.args.get(at) else { return false };
    let name = word.text.as_str();
    let base = name.rsplit('/').next().unwrap_or_default();
    if name.starts_with('-') || lookup(base).is_none() {
        return false;
    }
    if base.len() < name.len() {
        return is_program_path(name);
    }
    let alone = at + 1 == invocation.args.len() && matches!(invocation.stdin, Stdin::Inherited);
    let before = invocation.args.get(..at).unwrap_or_default();
    let behind_dashes = before.last().is_some_and(|word| word.text == "--");
    behind_dashes || (is_told_to_run(invocation.name, before) && !(alone && LANGUAGES.contains(&name)))
}

/// `/usr/bin/rm`, `~/.local/bin/tool`.
fn is_program_path(path: &str) -> bool {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    matches!(directory.rsplit('/').next(), Some("bin" | "sbin" | ".bin"))
}

/// Whether what comes next may be a command: behind a verb that runs something, or as the first operands of a program whose
/// name says that it starts others, and of whatever that starts in turn.
fn is_told_to_run(program: &str, before: &[Word]) -> bool {
    let verb = |word: &Word| RUNS.contains(&word.text.as_str());
    let program = program.to_ascii_lowercase();
    let wrapper = WRAPPERS.iter().any(|part| program.contains(part));
    // Between a wrapper and its command stand options with their values, and one word more: a user, a time, a name.
    let plain = before.iter().enumerate().filter(|(at, word)| {
        let value = at.checked_sub(1).and_then(|at| before.get(at)).is_some_and(|word| word.text.starts_with('-'));
        !(word.text.starts_with('-') || value || word.text.contains('=') || lookup(&word.text).is_some())
    });
    before.iter().any(verb) || (wrapper && plain.count() < 2)
}

/// Whether a text of several words is a command: it begins with a known program, and stands where a command stands or has
/// what prose has not: options, paths, the shell's signs.
fn is_command(text: &str, told: bool) -> bool {
    let mut words = text.split_whitespace();
    let known = words.next().is_some_and(|first| first != text && lookup(first.rsplit('/').next().unwrap_or_default()).is_some());
    let shaped = |word: &str| {
        word.starts_with('-') && word.len() > 1 || word.contains('/') || word.contains(['|', ';', '&', '>', '<', '$', '`'])
    };
    known && (told || words.any(shaped))
}

fn argument(word: &Word, told: bool, sink: &mut Sink) {
    let (option, value) = match word.text.split_once('=') {
        Some((option, _)) => (option, word.after(&format!("{option}=")).unwrap_or_else(|| word.clone())),
        None => ("", word.clone()),
    };
    if OUTPUT.contains(&option) {
        return sink.write(&value, WriteMode::Replace);
    }
    let value = value.after("@").unwrap_or(value);
    let value = value.after("file@").unwrap_or(value);
    if let Some(at) = value.text.find("://") {
        let host = url::parse(&value.text).map_or_else(|| "*".to_owned(), |url| url.host);
        let scheme = value.text.get(..at).unwrap_or_default().to_ascii_lowercase();
        return sink.connect(&host, None, &scheme, None, !value.known(), word.span);
    }
    if is_command(&value.text, told) {
        sink.shell(&value);
    } else if names_a_file(&value) {
        sink.read(&value);
    }
}

/// Whether a word looks like a path: it has a slash or a dot, or the name of a key.
fn names_a_file(word: &Word) -> bool {
    let text = &word.text;
    !text.starts_with('-') && !text.contains(char::is_whitespace) && (text.contains(['/', '.']) || text.starts_with("id_"))
}

/// A destructive verb among the words: files go, and what is no file is something of a service.
fn destroyed(invocation: &Invocation<'_>, sink: &mut Sink) {
    let verb = |word: &Word| {
        let known = |part: &str| DESTRUCTIVE.contains(&part.to_ascii_lowercase().as_str());
        let option = word.text.starts_with('-');
        // `--remove-unused-imports` says how, not what.
        if option && word.text.contains("unused") {
            return false;
        }
        !word.text.contains('/') && !word.text.contains(char::is_whitespace) && word.text.split(['-', '_', ':']).any(known)
    };
    let Some(said) = invocation.args.iter().find(|word| verb(word)) else { return };
    let file = |word: &&Word| word.text.contains('/') && names_a_file(word) && !word.text.contains("://");
    let mut files = invocation.args.iter().filter(file).peekable();
    if files.peek().is_some() {
        return files.for_each(|word| sink.delete_tree(word));
    }
    let what = said.text.trim_start_matches('-').to_owned();
    sink.deed(Deed::Deploy { target: invocation.name.to_owned(), what, destroys: true }, invocation.span);
}
