//! Programs that nobody has described: what their words suggest. In: an invocation. Out: files that an argument may
//! name are read, what stands behind an output option is written, addresses are reached, a word that is itself a known
//! program starts it, and a destructive verb destroys what the other words name.
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

/// Options whose value is code.
const CODE: &[&str] = &["--eval", "-eval", "--exec", "--run", "--command"];

/// Names of programs that are also what people call a sub-command, a file or a machine: they start something only after `--`.
/// What such a program would start in turn is found at its own word.
#[rustfmt::skip]
const ALSO_WORDS: &[&str] = &[
    "init", "at", "hostname", "host", "please", "security", "script", "test", "find", "install", "sort", "date", "link",
    "watch", "time", "who", "env", "start", "open", "code", "service", "screen", "top", "mail", "last", "split", "join",
    "cut", "more", "file", "type", "command", "batch", "ping", "which", "head", "tail", "diff", "patch", "history", "users",
    "groups", "id", "info", "man", "dir", "ls", "ps", "df", "du", "free", "kill", "less", "look", "make", "update", "exec",
    "eval", "source", "alias", "export", "read", "set", "unset", "wait", "import", "convert", "display", "compare", "tree",
    "format", "expand", "sync", "mount", "umount", "image", "login", "w", "ed", "ex", "npm", "pip", "docker", "helm",
    "terraform", "aws", "http", "https", "ftp",
];

/// Languages and shells: the last word may only choose one (`completion bash`).
const LANGUAGES: &[&str] =
    &["bash", "sh", "zsh", "fish", "python", "python3", "node", "ruby", "php", "perl", "lua", "go", "java", "swift"];

/// Tails followed of one invocation: `tool run stat rm x` may start any of the words that are programs.
const MAX_STARTED: usize = 4;

/// What the words suggest.
pub(crate) fn effects(invocation: &Invocation<'_>, sink: &mut Sink) {
    statement(invocation, sink);
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
            argument(word, sink);
        }
    }
    destroyed(invocation, sink);
}

/// Words that a statement of SQL begins with, and what stands behind each.
const STATEMENTS: &[(&str, &[&str])] = &[
    ("drop", &["table", "database", "schema", "view", "index", "user", "role"]),
    ("delete", &["from"]),
    ("truncate", &[]),
    ("grant", &["all", "select", "insert", "update", "delete", "usage"]),
    ("alter", &["table", "database", "user", "role", "system"]),
    ("revoke", &["all", "select", "insert", "update", "delete"]),
    ("update", &[]),
    ("insert", &["into"]),
];

/// SQL in the place of a command: for whoever hands these words to a database.
fn statement(invocation: &Invocation<'_>, sink: &mut Sink) {
    let second = invocation.args.first().map(|word| word.text.to_ascii_lowercase()).unwrap_or_default();
    let first = invocation.name.to_ascii_lowercase();
    let Some((_, behind)) = STATEMENTS.iter().find(|(word, _)| *word == first) else { return };
    if behind.contains(&second.as_str()) || (behind.is_empty() && first != invocation.name) {
        let words = invocation.args.iter().map(|word| word.text.as_str());
        let text: Vec<&str> = std::iter::once(invocation.name).chain(words).collect();
        let kind = crate::sql::read(&text.join(" ")).kind;
        sink.deed(Deed::Query { database: "*".to_owned(), kind }, invocation.span);
    }
}

/// Whether the word there is a program that the others are the arguments of.
fn starts(invocation: &Invocation<'_>, at: usize) -> bool {
    let Some(word) = invocation.args.get(at) else { return false };
    let name = word.text.as_str();
    if name.starts_with('-') || lookup(name).is_none() {
        return false;
    }
    let behind_dashes = at.checked_sub(1).and_then(|before| invocation.args.get(before)).is_some_and(|word| word.text == "--");
    let alone = at + 1 == invocation.args.len() && matches!(invocation.stdin, Stdin::Inherited);
    behind_dashes || !(ALSO_WORDS.contains(&name) || alone && LANGUAGES.contains(&name))
}

fn argument(word: &Word, sink: &mut Sink) {
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
    let command = value.text.split_whitespace().next().is_some_and(|first| first != value.text && lookup(first).is_some());
    if command {
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
