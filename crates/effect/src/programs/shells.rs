//! Shells as programs: `sh -c text`, `bash file`, text on standard input.

use bailiwick_vocab::effect::{Hint, OpaqueCause};

use super::Program;
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Inner, Invocation, Sink, Stdin, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["sh", "bash", "zsh", "dash", "ksh", "mksh", "ash", "rbash", "yash", "posh"], effects: shell },
    Program { names: &["fish"], effects: |invocation, sink| other("fish", &["c", "command"], invocation, sink) },
    Program { names: &["csh", "tcsh"], effects: |invocation, sink| other("csh", &["c"], invocation, sink) },
    Program { names: &["nu"], effects: |invocation, sink| other("nushell", &["c", "commands"], invocation, sink) },
    Program {
        names: &["elvish", "xonsh", "oil", "osh", "ysh", "rc"],
        effects: |invocation, sink| other("shell", &["c"], invocation, sink),
    },
    Program { names: &["pwsh", "powershell"], effects: powershell },
    Program { names: &["cmd"], effects: command_interpreter },
];

const SHELL: Grammar = Grammar::wrapper(&["o", "O", "rcfile", "init-file", "emulate"]);

fn shell(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    // `bash +e file`: a plus turns an option off; `+o name` and `+O name` take a word.
    let args = without_plus(invocation.args);
    let parsed = parse(&args, &SHELL);
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], invocation.span);
    }
    for path in parsed.values(&["rcfile", "init-file"]) {
        sink.inner.push(Inner::ShellFile { path: path.clone(), args: Vec::new() });
    }
    let checks = parsed.has(&["n", "noexec"]);
    let Some((first, rest)) = parsed.operands.split_first() else { return input(invocation, sink) };
    if parsed.has(&["c"]) {
        if !checks {
            sink.inner.push(Inner::Shell { code: first.clone(), args: rest.to_vec() });
        }
    } else if parsed.has(&["s"]) {
        input(invocation, sink);
    } else {
        file(first, rest, checks, invocation, sink);
    }
}

fn without_plus(args: &[Word]) -> Vec<Word> {
    let mut kept = Vec::new();
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let plus = word.text.len() > 1 && word.text.starts_with('+');
        if plus && kept.iter().all(|word: &Word| word.text.starts_with('-')) {
            if word.text.ends_with(['o', 'O']) {
                words.next();
            }
        } else {
            kept.push(word.clone());
        }
    }
    kept
}

fn file(path: &Word, args: &[Word], checks: bool, invocation: &Invocation<'_>, sink: &mut Sink) {
    if matches!(path.text.as_str(), "-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0") {
        return input(invocation, sink);
    }
    sink.read(path);
    if !checks {
        sink.inner.push(Inner::ShellFile { path: path.clone(), args: args.to_vec() });
    }
}

/// A shell that reads its commands from standard input.
/// A shell reads commands. What the call itself does not bring, somebody types, and that is judged when it is typed.
fn input(invocation: &Invocation<'_>, sink: &mut Sink) {
    match invocation.stdin {
        Stdin::Inherited => {}
        Stdin::Text(text) => sink.inner.push(Inner::Shell { code: text.clone(), args: Vec::new() }),
        Stdin::File(path) => sink.inner.push(Inner::ShellFile { path: path.clone(), args: Vec::new() }),
        Stdin::Pipe => sink.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], invocation.span),
    }
}

/// A shell whose language is not the POSIX one.
fn other(language: &'static str, code_options: &[&str], invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) || matches!(invocation.args, [only] if only.text == "-v") {
        return;
    }
    let parsed = parse(invocation.args, &Grammar::wrapper(&["c", "command", "commands", "C", "init-command", "D", "o"]));
    let codes = parsed.values(code_options);
    match (codes.is_empty(), parsed.operand(0)) {
        (false, _) => codes.into_iter().for_each(|code| sink.code(language, code)),
        (true, Some(path)) => sink.inner.push(Inner::CodeFile { language, path: path.clone() }),
        (true, None) => code_input(language, invocation, sink),
    }
}

fn code_input(language: &'static str, invocation: &Invocation<'_>, sink: &mut Sink) {
    match invocation.stdin {
        Stdin::Text(text) => sink.code(language, text),
        Stdin::File(path) => sink.inner.push(Inner::CodeFile { language, path: path.clone() }),
        Stdin::Inherited => {}
        Stdin::Pipe => sink.opaque(OpaqueCause::Dynamic, language, &[Hint::Runs], invocation.span),
    }
}

/// PowerShell takes any unambiguous beginning of `-Command`, `-File` and `-EncodedCommand`, in any case.
fn powershell(invocation: &Invocation<'_>, sink: &mut Sink) {
    let name = |word: &Word| word.text.trim_start_matches(['-', '/']).to_ascii_lowercase();
    let is = |word: &Word, full: &str| {
        let given = name(word);
        word.text.starts_with(['-', '/']) && !given.is_empty() && full.starts_with(&given)
    };
    if matches!(invocation.args, [only] if is(only, "version") || is(only, "help")) {
        return;
    }
    let at = invocation.args.iter().position(|word| is(word, "command") || is(word, "file") || is(word, "encodedcommand"));
    let Some((at, option)) = at.and_then(|at| Some((at, invocation.args.get(at)?))) else {
        let first = invocation.args.iter().find(|word| !word.text.starts_with('-'));
        return match first {
            Some(first) if first.text.ends_with(".ps1") => {
                sink.inner.push(Inner::CodeFile { language: "powershell", path: first.clone() });
            }
            Some(first) => sink.code("powershell", first),
            None => code_input("powershell", invocation, sink),
        };
    };
    let rest = invocation.args.get(at + 1..).unwrap_or(&[]);
    match rest.split_first() {
        Some((path, _)) if is(option, "file") => sink.inner.push(Inner::CodeFile { language: "powershell", path: path.clone() }),
        Some(_) if is(option, "command") => {
            let code: Vec<&str> = rest.iter().map(|word| word.text.as_str()).collect();
            let code = code.join(" ");
            let code = code.trim().strip_prefix("& ").filter(|code| code.starts_with('{')).map_or(code.clone(), str::to_owned);
            sink.code("powershell", &Word::literal(code, invocation.span));
        }
        Some((code, _)) => match encoded(&code.text) {
            Some(text) => sink.code("powershell", &Word::literal(text, code.span)),
            None => sink.opaque(OpaqueCause::InlineCode, "powershell", &[Hint::Dynamic], invocation.span),
        },
        None => sink.opaque(OpaqueCause::InlineCode, "powershell", &[Hint::Dynamic], invocation.span),
    }
}

/// What `-EncodedCommand` holds: base64 of UTF-16, where it is plain text.
fn encoded(text: &str) -> Option<String> {
    let bytes = crate::code::base64_bytes(text).filter(|bytes| !bytes.is_empty() && bytes.len() % 2 == 0)?;
    let units: Vec<u16> =
        bytes.chunks_exact(2).map(|pair| pair.iter().rev().fold(0, |all, byte| (all << 8) | u16::from(*byte))).collect();
    let text = String::from_utf16(&units).ok()?;
    // Another encoding read as UTF-16 is letters of far countries: then what runs is not known.
    text.is_ascii().then_some(text)
}

/// `cmd /c text`, `cmd /k text`: what follows is one command.
fn command_interpreter(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) || matches!(invocation.args, [only] if only.text == "/?") {
        return;
    }
    let flag = |word: &Word| matches!(word.text.to_ascii_lowercase().as_str(), "/c" | "/k" | "-c" | "/r");
    match invocation.args.iter().position(flag) {
        Some(at) => {
            let rest = invocation.args.get(at + 1..).unwrap_or_default();
            let text = rest.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
            sink.code("batch", &Word::literal(text, invocation.span));
        }
        None if invocation.args.is_empty() => code_input("batch", invocation, sink),
        None => sink.opaque(OpaqueCause::Language, "batch", &[Hint::Runs], invocation.span),
    }
}
