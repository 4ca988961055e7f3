//! Programs that run text or other programs in a terminal, a loop or a jail of their own: watch, hyperfine, script, tmux,
//! screen, direnv, firejail, bwrap.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use super::Program;
use super::wrappers::{shell_line, start};
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Inner, Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["watch", "hyperfine"], effects: watch },
    Program { names: &["script"], effects: script },
    Program { names: &["logsave"], effects: logsave },
    Program { names: &["tmux", "screen", "byobu"], effects: terminal },
    Program { names: &["direnv"], effects: direnv },
    Program { names: &["firejail", "bwrap", "proot"], effects: jail },
];

/// watch joins its words into text for a shell, unless `-x`; hyperfine's words are texts.
fn watch(invocation: &Invocation<'_>, sink: &mut Sink) {
    let hyperfine = invocation.name == "hyperfine";
    let grammar = if hyperfine {
        Grammar { valued: &HYPERFINE, ..Grammar::PLAIN }
    } else {
        Grammar { optional: &["d", "differences"], ..Grammar::wrapper(&["n", "interval", "q", "equexit", "s", "shotsdir"]) }
    };
    let parsed = parse(invocation.args, &grammar);
    for path in parsed.values(&["export-json", "export-csv", "export-markdown", "export-asciidoc", "export-orgmode"]) {
        sink.write(path, WriteMode::Replace);
    }
    if hyperfine {
        let hooks = parsed.values(&["p", "prepare", "c", "cleanup", "s", "setup", "conclude"]);
        return hooks.into_iter().chain(&parsed.operands).for_each(|text| sink.shell(text));
    }
    if parsed.has(&["x", "exec"]) {
        return start(&parsed.operands, None, Vec::new(), invocation, sink);
    }
    shell_line(&parsed.operands, invocation, sink);
}

const HYPERFINE: [&str; 25] = [
    "w",
    "warmup",
    "r",
    "runs",
    "m",
    "min-runs",
    "M",
    "max-runs",
    "p",
    "prepare",
    "c",
    "cleanup",
    "s",
    "setup",
    "S",
    "shell",
    "L",
    "P",
    "export-json",
    "export-csv",
    "export-markdown",
    "export-asciidoc",
    "export-orgmode",
    "conclude",
    "C",
];

/// script writes a transcript; `-c text` (or, on macOS, words after the file) runs.
fn script(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let grammar = Grammar {
        optional: &["timing", "t"],
        ..Grammar::valued(&["c", "command", "E", "I", "O", "B", "T", "o", "m", "log-in", "log-out", "log-io", "log-timing", "F"])
    };
    let parsed = parse(invocation.args, &Grammar { stop_at_operand: false, ..grammar });
    let usual = Word::literal("typescript", invocation.span);
    let logs = parsed.values(&["I", "O", "B", "T", "log-in", "log-out", "log-io", "log-timing"]);
    for path in parsed.operand(0).or(Some(&usual).filter(|_| logs.is_empty())).into_iter().chain(logs.iter().copied()) {
        if path.text != "/dev/null" {
            sink.write(path, WriteMode::Replace);
        }
    }
    if let Some(code) = parsed.value(&["c", "command"]) {
        return sink.shell(code);
    }
    let after = invocation.args.iter().position(|word| Some(word) == parsed.operand(0));
    let words = after.and_then(|at| invocation.args.get(at + 1..)).unwrap_or(&[]);
    match words {
        [] => sink.opaque(OpaqueCause::Dynamic, "shell", &[], invocation.span),
        words => start(words, None, Vec::new(), invocation, sink),
    }
}

/// `logsave [-asv] FILE COMMAND …` keeps what a command prints; `-` stands for its own input.
fn logsave(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::wrapper(&[]));
    let Some((log, command)) = parsed.operands.split_first() else { return };
    sink.write(log, WriteMode::Change);
    if command.first().is_some_and(|word| word.text != "-") {
        start(command, None, Vec::new(), invocation, sink);
    }
}

/// tmux and screen run text in a terminal of its own, or type it into one.
fn terminal(invocation: &Invocation<'_>, sink: &mut Sink) {
    const LOOKS: &[&str] = &[
        "ls",
        "list-sessions",
        "list-windows",
        "list-panes",
        "capture-pane",
        "has-session",
        "has",
        "display-message",
        "info",
        "kill-session",
        "kill-server",
        "show-options",
        "-V",
        "-ls",
        "-list",
        "-v",
        "--version",
    ];
    socket(invocation, sink);
    let verb = invocation.args.first().map_or("", |word| word.text.as_str());
    if LOOKS.contains(&verb) {
        return;
    }
    let types = invocation.args.iter().any(|word| matches!(word.text.as_str(), "send-keys" | "send" | "stuff"));
    if invocation.name == "screen" && !types {
        let parsed = parse(invocation.args, &Grammar::wrapper(&["S", "c", "e", "h", "p", "s", "t", "T", "r", "x", "d"]));
        // `-dm` takes no value there.
        let words = invocation.args.iter().position(|word| word.text == "-dm" || word.text == "-dmS");
        let words = words.map(|at| at + 1 + usize::from(invocation.args.get(at).is_some_and(|word| word.text == "-dmS")));
        let words = words.and_then(|at| invocation.args.get(at..)).unwrap_or(&parsed.operands);
        let words = if words.first().is_some_and(|word| word.text == "-S") { words.get(2..).unwrap_or(&[]) } else { words };
        return start(words, None, Vec::new(), invocation, sink);
    }
    let grammar = Grammar::valued(&["s", "t", "n", "c", "x", "y", "F", "e", "L", "S", "f", "l", "p"]);
    let parsed = parse(invocation.args, &grammar);
    let last = parsed.operands_from(1);
    for text in last.iter().filter(|text| !matches!(text.text.as_str(), "Enter" | "C-m" | "C-c" | ";")) {
        sink.shell(text);
    }
}

/// `tmux -S PATH`: a server that whoever may open the path can type into.
fn socket(invocation: &Invocation<'_>, sink: &mut Sink) {
    if invocation.name != "tmux" {
        return;
    }
    let at = invocation.args.iter().position(|word| word.text.starts_with("-S"));
    let attached =
        at.and_then(|at| invocation.args.get(at)).and_then(|word| word.after("-S")).filter(|word| !word.text.is_empty());
    if let Some(path) = attached.or_else(|| at.and_then(|at| invocation.args.get(at + 1)).cloned()) {
        sink.write(&path, WriteMode::Change);
        let lock = Word { text: format!("{}.lock", path.text), pattern: None, span: path.span };
        sink.write(&lock, WriteMode::Change);
    }
}

/// `direnv exec DIR program …` runs the directory's `.envrc` first; `direnv allow` lets it run from now on.
fn direnv(invocation: &Invocation<'_>, sink: &mut Sink) {
    match invocation.args {
        [verb, directory, words @ ..] if verb.text == "exec" => {
            sink.inner.push(Inner::ShellFile { path: super::destination::inside(directory, ".envrc"), args: Vec::new() });
            start(words, None, Vec::new(), invocation, sink);
        }
        [verb, ..] if matches!(verb.text.as_str(), "allow" | "permit" | "grant" | "edit") => {
            sink.deed(Deed::Persist { how: "direnv".to_owned() }, invocation.span);
        }
        _ => {}
    }
}

/// Jails take many options with one to three words; the first word that is a program cannot be told from a value, so
/// what follows `--` is started, and else what runs is not known.
fn jail(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let dashes = invocation.args.iter().position(|word| word.text == "--");
    match dashes.and_then(|at| invocation.args.get(at + 1..)) {
        Some(words) => start(words, None, Vec::new(), invocation, sink),
        None => {
            sink.opaque(OpaqueCause::Dynamic, "shell", &[], invocation.span);
        }
    }
}
