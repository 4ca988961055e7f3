//! What interpreters share: options up to the code, the script or the end, and what follows it. Knows no interpreter
//! of its own; the code itself is looked at by the walker.

use bailiwick_vocab::effect::OpaqueCause;

use crate::args::{self, Grammar};
use crate::invocation::{Inner, Invocation, Sink, Stdin, UNKNOWN, Word};

/// An interpreter's arguments, read up to the first that it does not take itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    /// Options in order.
    pub(super) options: Vec<(String, Option<Word>)>,
    /// The script and its arguments, or the code's.
    pub(super) rest: Vec<Word>,
}

impl Reading {
    /// The values of these options, in order.
    pub(super) fn values<'r>(&'r self, names: &'r [&str]) -> impl Iterator<Item = &'r Word> {
        self.options.iter().filter(|(given, _)| names.contains(&given.as_str())).filter_map(|(_, value)| value.as_ref())
    }

    /// Whether one of these options is given.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.options.iter().any(|(given, _)| names.contains(&given.as_str()))
    }

    /// Whether only the version or help is asked for.
    pub(super) fn asks_help(&self) -> bool {
        self.rest.is_empty()
            && !self.options.is_empty()
            && self.options.iter().all(|(name, _)| matches!(name.as_str(), "version" | "help" | "V" | "v" | "h"))
    }
}

/// Reads options; one of `ends` is the last of them.
pub(super) fn read(arguments: &[Word], grammar: &Grammar, ends: &[&str]) -> Reading {
    let mut reading = Reading::default();
    let mut at = 0;
    while let Some(word) = arguments.get(at) {
        if !word.text.starts_with('-') || word.text == "-" || word.text == "--" {
            at += usize::from(word.text == "--");
            break;
        }
        let pair = arguments.get(at..(at + 2).min(arguments.len())).unwrap_or_default();
        let alone = args::parse(arguments.get(at..=at).unwrap_or_default(), grammar);
        let both = args::parse(pair, grammar);
        // The option takes the next word where that changes its value.
        let took = alone.options.last().is_some_and(|(_, value)| value.is_none()) && takes(&both.options, alone.options.len());
        at += 1 + usize::from(took);
        let options = if took { both.options } else { alone.options };
        let ended = options.iter().any(|(name, _)| ends.contains(&name.as_str()));
        reading.options.extend(options);
        if ended {
            break;
        }
    }
    reading.rest = arguments.get(at..).unwrap_or_default().to_vec();
    reading
}

/// Whether the option at the end of the first word got a value once a second word was there.
fn takes(options: &[(String, Option<Word>)], count: usize) -> bool {
    count > 0 && options.get(count - 1).is_some_and(|(_, value)| value.is_some())
}

/// The script that stands first in `rest`, or what standard input holds.
pub(super) fn script_or_input(inv: &Invocation<'_>, language: &'static str, rest: &[Word], sink: &mut Sink) {
    match rest.first() {
        Some(script) if script.text != "-" && script.text != "/dev/stdin" => script_file(script, language, sink),
        Some(_) | None => input(inv, language, sink),
    }
}

fn script_file(script: &Word, language: &'static str, sink: &mut Sink) {
    if script.text.starts_with(UNKNOWN) {
        // It may be an option as well, and so code.
        sink.opaque(OpaqueCause::Dynamic, language, &[], script.span);
    }
    sink.inner.push(Inner::CodeFile { language, path: script.clone() });
}

/// Code that comes over standard input.
pub(super) fn input(inv: &Invocation<'_>, language: &'static str, sink: &mut Sink) {
    match inv.stdin {
        Stdin::Text(text) => sink.code(language, text),
        Stdin::File(path) => sink.inner.push(Inner::CodeFile { language, path: path.clone() }),
        Stdin::Inherited => {}
        Stdin::Pipe => sink.opaque(OpaqueCause::Dynamic, language, &[], inv.span),
    }
}

/// Code of the project that is worked on: a build script, tests, a configuration that is a program.
pub(super) fn project_code(inv: &Invocation<'_>, sink: &mut Sink) {
    sink.opaque(OpaqueCause::Script, "project", &[], inv.span);
}
