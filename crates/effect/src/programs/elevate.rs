//! Programs that run others with more rights: sudo, doas, su, runuser, pkexec, sg.

use bailiwick_vocab::effect::{Deed, Hint, OpaqueCause, WriteMode};

use super::Program;
use super::wrappers::{assignments, shell_line, start};
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Inner, Invocation, Sink, Stdin, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["sudo", "sudoedit"], effects: sudo },
    Program { names: &["doas", "pkexec", "run0", "gsudo", "please"], effects: doas },
    Program { names: &["su", "runuser"], effects: su },
    Program { names: &["sg", "newgrp"], effects: sg },
];

const SUDO: Grammar = Grammar {
    optional: &["preserve-env"],
    ..Grammar::wrapper(&[
        "u",
        "user",
        "g",
        "group",
        "h",
        "host",
        "p",
        "prompt",
        "C",
        "close-from",
        "D",
        "chdir",
        "R",
        "chroot",
        "T",
        "command-timeout",
        "r",
        "role",
        "t",
        "type",
        "U",
        "other-user",
        "a",
        "c",
    ])
};

fn escalate(how: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Escalate { how: how.to_owned() }, invocation.span);
}

fn sudo(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &SUDO);
    let only_asks =
        parsed.operands.is_empty() && parsed.has(&["V", "version", "help", "k", "reset-timestamp", "K", "remove-timestamp"]);
    if asks_help(invocation.args) || only_asks {
        return;
    }
    escalate("sudo", invocation, sink);
    if invocation.name == "sudoedit" || parsed.has(&["e", "edit"]) {
        return parsed.operands.iter().for_each(|path| sink.write(path, WriteMode::Change));
    }
    if parsed.has(&["l", "list", "v", "validate"]) {
        return;
    }
    let (env, words) = assignments(&parsed.operands);
    let shell = parsed.has(&["s", "shell", "i", "login"]);
    match (shell, words) {
        (true, []) => interactive(invocation, sink),
        (true, words) => shell_line(words, invocation, sink),
        (false, words) => start(words, parsed.value(&["D", "chdir"]), env, invocation, sink),
    }
    uncertain(&parsed, invocation, sink);
}

fn uncertain(parsed: &Parsed, invocation: &Invocation<'_>, sink: &mut Sink) {
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], invocation.span);
    }
}

/// A shell without a command reads standard input.
fn interactive(invocation: &Invocation<'_>, sink: &mut Sink) {
    match invocation.stdin {
        Stdin::Text(text) => sink.shell(text),
        Stdin::File(path) => sink.inner.push(Inner::ShellFile { path: path.clone(), args: Vec::new() }),
        Stdin::Inherited => {}
        Stdin::Pipe => sink.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], invocation.span),
    }
}

fn doas(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let parsed = parse(invocation.args, &Grammar::wrapper(&["u", "user", "C", "a", "g", "D", "chdir", "unit", "setenv"]));
    escalate(invocation.name, invocation, sink);
    if let Some(file) = parsed.value(&["C"]) {
        return sink.read(file);
    }
    let (env, words) = assignments(&parsed.operands);
    match words {
        [] => interactive(invocation, sink),
        words => start(words, parsed.value(&["D", "chdir"]), env, invocation, sink),
    }
    uncertain(&parsed, invocation, sink);
}

/// `su [-] [user] [-c text]`; `runuser -u user program …`.
fn su(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    escalate(invocation.name, invocation, sink);
    let valued: &'static [&'static str] = &[
        "c",
        "command",
        "session-command",
        "g",
        "group",
        "G",
        "supp-group",
        "s",
        "shell",
        "u",
        "user",
        "w",
        "whitelist-environment",
    ];
    let parsed = parse(invocation.args, &Grammar::valued(valued));
    if let Some(shell) = parsed.value(&["s", "shell"]) {
        sink.run(std::slice::from_ref(shell), invocation.stdin);
    }
    if parsed.has(&["u", "user"]) {
        let direct = parse(invocation.args, &Grammar::wrapper(valued));
        return start(&direct.operands, None, Vec::new(), invocation, sink);
    }
    let codes = parsed.values(&["c", "command", "session-command"]);
    let texts: Vec<&Word> = codes.into_iter().collect();
    if texts.is_empty() {
        return interactive(invocation, sink);
    }
    texts.into_iter().for_each(|text| sink.shell(text));
    uncertain(&parsed, invocation, sink);
}

/// `sg group -c text`, `sg group text`.
fn sg(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    escalate(invocation.name, invocation, sink);
    match invocation.args {
        [_, flag, code, ..] if flag.text == "-c" => sink.shell(code),
        [_, code] if invocation.name == "sg" => sink.shell(code),
        [..] => interactive(invocation, sink),
    }
}
