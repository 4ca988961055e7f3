//! The case pages of programs: one argument vector a case in, what the program's function put into its sink out.
//!
//! The input fence `argv` holds words split at spaces; single quotes keep spaces together; a lone `?` is a word that
//! is not known, `?` inside `{}` (`a{?}b`) a stretch that is not known, `glob:*.c` a pattern. `NAME=value` words before
//! the program are its environment; a last word `<text` is known input, `<glob:*.c` a list
//! of names, a lone `<` a pipe.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;
use std::path::Path;

use bailiwick_casebook::Case;
use bailiwick_effect::invocation::{Inner, Invocation, Sink, Stdin, UNKNOWN, Word};
use bailiwick_effect::programs::lookup;
use bailiwick_vocab::effect::{Deed, Reversibility, Target};

#[test]
fn programs() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/programs");
    let ran = bailiwick_casebook::run(&cases, &check);
    assert!(ran.is_ok(), "{}", ran.unwrap_err());
}

/// Words that programs of all kinds have a meaning for.
const WORDS: &[&str] = &[
    "-",
    "--",
    "-x",
    "-rf",
    "-o",
    "-c",
    "-e",
    "-I{}",
    "--output=x",
    "--exec",
    "-C",
    "-i",
    "{}",
    ";",
    "+",
    "|",
    ":::",
    "=",
    "a=b",
    "install",
    "run",
    "exec",
    "push",
    "config",
    "a",
    "/",
    "..",
    "~/.ssh",
    "x:y",
    "ext::sh",
    "s/[/",
    "%s%",
    "\\",
    "",
    "é",
    "-é",
    "\u{FFFC}",
    "-\u{FFFC}",
    "--\u{FFFC}=x",
    "<(",
    "http://h/p",
    "@f",
    "-1",
    "if=",
    "of=/dev/x",
    "!",
    "@",
];

proptest::proptest! {
    #[test]
    fn no_program_panics(picks in proptest::collection::vec(0..WORDS.len(), 0..6), glob in 0..6_usize, input in 0..3_usize) {
        let args: Vec<Word> = picks.iter().enumerate().map(|(at, pick)| {
            let text = WORDS.get(*pick).copied().unwrap_or("");
            Word { text: text.to_owned(), pattern: (at == glob).then(|| text.to_owned()), span: None }
        }).collect();
        let stdin = [Stdin::Inherited, Stdin::Pipe, Stdin::Text(Word::literal("rm x\n", None))];
        for program in bailiwick_effect::programs::all() {
            for name in program.names {
                let written = Word::literal(*name, None);
                let stdin = stdin.get(input).unwrap_or(&Stdin::Pipe);
                let invocation = Invocation { name, program: &written, args: &args, env: &[], stdin, span: None };
                (program.effects)(&invocation, &mut Sink::default());
            }
        }
    }
}

#[test]
fn asking_for_help_does_nothing_anywhere() {
    let help = [Word::literal("--help", None)];
    let mut wrong = Vec::new();
    for program in bailiwick_effect::programs::all() {
        for name in program.names.iter().filter(|name| !KNOW_NO_HELP.contains(name)) {
            let written = Word::literal(*name, None);
            let stdin = Stdin::Inherited;
            let mut sink = Sink::default();
            (program.effects)(
                &Invocation { name, program: &written, args: &help, env: &[], stdin: &stdin, span: None },
                &mut sink,
            );
            if !sink.effects.is_empty() || !sink.inner.is_empty() {
                wrong.push(format!("{name}: {}", show(&sink).replace('\n', "; ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// For these `--help` is a word like any other, or a mistake.
const KNOW_NO_HELP: &[&str] = &[
    "ftp",
    "lftp",
    "tftp",
    "ssh-keygen",
    "ssh-add",
    "security",
    "osascript",
    "setx",
    "reg",
    "wmic",
    "schtasks",
    "net",
    "sc",
    "bcdedit",
    "vssadmin",
    "diskpart",
];

fn check(case: &Case) -> String {
    case.input("argv").lines().map(check_line).collect::<Vec<_>>().join("\n")
}

fn check_line(line: &str) -> String {
    let mut words = split(line);
    let mut env = Vec::new();
    while words.first().is_some_and(|word| is_assignment(&word.text)) {
        let word = words.remove(0);
        let name = word.text.split('=').next().unwrap_or("").to_owned();
        let value = word.after(&format!("{name}=")).unwrap();
        env.insert(0, (name, value));
    }
    let stdin = match words.last() {
        Some(word) if word.text == "<" => Stdin::Pipe,
        Some(word) if word.text.starts_with("<glob:") => {
            let pattern = word.text.trim_start_matches("<glob:").to_owned();
            Stdin::Text(Word { text: UNKNOWN.to_string(), pattern: Some(pattern), span: None })
        }
        Some(word) if word.text.starts_with('<') => Stdin::Text(word.after("<").unwrap()),
        _ => Stdin::Inherited,
    };
    if stdin != Stdin::Inherited {
        words.pop();
    }
    let Some((program, args)) = words.split_first() else { return "no program".to_owned() };
    let name = program.text.rsplit('/').next().unwrap_or("");
    let Some(found) = lookup(name) else { return format!("{name}: not in the table") };
    let mut sink = Sink::default();
    (found.effects)(&Invocation { name, program, args, env: &env, stdin: &stdin, span: None }, &mut sink);
    let shown = show(&sink);
    if shown.is_empty() { "nothing\n".to_owned() } else { shown }
}

fn is_assignment(text: &str) -> bool {
    let name = text.split('=').next().unwrap_or("");
    name.len() < text.len() && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

fn split(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut text = String::new();
    let (mut quoted, mut started) = (false, false);
    for letter in line.chars().chain([' ']) {
        match letter {
            '\'' => (quoted, started) = (!quoted, true),
            ' ' if !quoted && (started || !text.is_empty()) => {
                words.push(word(&text));
                text.clear();
                started = false;
            }
            ' ' if !quoted => {}
            other => text.push(other),
        }
    }
    words
}

fn word(text: &str) -> Word {
    let text = text.replace("{?}", &UNKNOWN.to_string()).replace("\\n", "\n");
    if text == "?" {
        return Word::literal(UNKNOWN, None);
    }
    match text.strip_prefix("glob:") {
        Some(pattern) => Word { text: pattern.to_owned(), pattern: Some(pattern.to_owned()), span: None },
        None => Word::literal(text, None),
    }
}

/// The sink, an effect a line.
fn show(sink: &Sink) -> String {
    let mut out = String::new();
    for effect in &sink.effects {
        let usual = effect.deed.usual_reversibility() == effect.reversible;
        let note = if usual { "" } else { reversibility(effect.reversible) };
        let _ = writeln!(out, "{}{note}", deed(&effect.deed));
    }
    for inner in &sink.inner {
        let _ = writeln!(out, "inner {}", show_inner(inner));
    }
    if let Some(word) = &sink.stdout {
        let _ = writeln!(out, "stdout {}", plain(word));
    }
    if let Some(word) = &sink.chdir {
        let _ = writeln!(out, "chdir {}", plain(word));
    }
    out
}

fn reversibility(reversible: Reversibility) -> &'static str {
    match reversible {
        Reversibility::Reversible => " (reversible)",
        Reversibility::Compensable => " (compensable)",
        Reversibility::Irreversible => " (irreversible)",
    }
}

fn deed(deed: &Deed) -> String {
    let act = deed.act();
    match deed {
        Deed::Read(at) | Deed::Delete(at) => format!("{act} {}", target(at)),
        Deed::Write { target: at, mode } => format!("{act} {} {}", target(at), format!("{mode:?}").to_lowercase()),
        Deed::Execute { argv, .. } => format!("{act} {}", argv.join(" ")),
        Deed::Connect { host, port, scheme, method, upload, .. } => {
            let port = port.map_or(String::new(), |port| format!(":{port}"));
            let method = method.as_deref().map_or(String::new(), |method| format!(" {method}"));
            format!("{act} {scheme} {host}{port}{method}{}", if *upload { " upload" } else { "" })
        }
        Deed::Push { remote, host, refs, force } => {
            let host = host.as_deref().map_or(String::new(), |host| format!(" host={host}"));
            format!("{act} {} [{}]{host}{}", visible(remote), visible(&refs.join(" ")), if *force { " force" } else { "" })
        }
        Deed::Publish { registry, package } => format!("{act} {registry} {}", visible(package)),
        Deed::Send { channel, recipient } => format!("{act} {channel} {}", visible(recipient)),
        Deed::Query { database, kind } => format!("{act} {} {}", visible(database), format!("{kind:?}").to_lowercase()),
        Deed::Deploy { target, what, destroys } => {
            format!("{act} {target}: {}{}", visible(what), if *destroys { " destroys" } else { "" })
        }
        Deed::Pay { recipient, amount } => format!("{act} {recipient} {amount}"),
        Deed::UseSecret { name } => format!("{act} {}", visible(name)),
        Deed::Spawn { agent } => format!("{act} {agent}"),
        Deed::Signal { process } => format!("{act} {}", visible(process)),
        Deed::Escalate { how } | Deed::Persist { how } => format!("{act} {}", visible(how)),
        Deed::Configure { what } => format!("{act} {}", visible(what)),
        Deed::Call { server, tool, knowledge } => format!("{act} {server} {tool} {knowledge:?}"),
        Deed::Opaque { cause, language, hints } => {
            let hints: String = hints.iter().map(|hint| format!(" {}", format!("{hint:?}").to_lowercase())).collect();
            format!("{act} {cause:?} {language}{hints}").trim_end().to_owned()
        }
    }
}

fn target(target: &Target) -> String {
    let tree = if target.tree { " tree" } else { "" };
    let known = if target.known { "" } else { " unknown" };
    format!("{}{}{tree}{known}", if target.glob { "glob:" } else { "" }, visible(&target.path))
}

fn show_inner(inner: &Inner) -> String {
    match inner {
        Inner::Argv { words, stdin, cwd, env } => {
            let env: String = env.iter().map(|(name, value)| format!(" env {name}={}", plain(value))).collect();
            let cwd = cwd.as_ref().map_or(String::new(), |cwd| format!(" in {}", plain(cwd)));
            let stdin = if *stdin == Stdin::Inherited { String::new() } else { format!(" < {}", show_stdin(stdin)) };
            format!("argv{} {}{stdin}", cwd + &env, all(words)).trim_end().to_owned()
        }
        Inner::Shell { code, args } => format!("shell {:?} {}", plain(code), all(args)).trim_end().to_owned(),
        Inner::ShellFile { path, args } => format!("shell-file {} {}", plain(path), all(args)).trim_end().to_owned(),
        Inner::Code { language, code, args } => format!("code {language} {:?} {}", plain(code), all(args)).trim_end().to_owned(),
        Inner::GitCommand { words } => format!("git-command {}", words.iter().map(plain).collect::<Vec<_>>().join(" ")),
        Inner::PackageScript(asked) => {
            let cwd = asked.directory.as_ref().map_or(String::new(), |cwd| format!(" in {}", plain(cwd)));
            let absent = if asked.must_be { "" } else { " or else project" };
            format!("package-script{cwd} {} {}", plain(&asked.name), all(&asked.args)).trim_end().to_owned() + absent
        }
        Inner::CodeFile { language, path } => format!("code-file {language} {}", plain(path)),
    }
}

fn show_stdin(stdin: &Stdin) -> String {
    match stdin {
        Stdin::Inherited => "inherited".to_owned(),
        Stdin::Text(word) => format!("text {:?}", plain(word)),
        Stdin::File(word) => format!("file {}", plain(word)),
        Stdin::Pipe => "pipe".to_owned(),
    }
}

fn all(words: &[Word]) -> String {
    words.iter().map(|word| format!("[{}]", plain(word))).collect::<Vec<_>>().join(" ")
}

fn plain(word: &Word) -> String {
    visible(word.pattern.as_ref().unwrap_or(&word.text))
}

fn visible(text: &str) -> String {
    text.replace(UNKNOWN, "{?}").replace('\n', "\\n")
}
