//! Programs that only print words they are given: echo, printf, seq, basename, dirname. What they print is known where
//! their arguments are, so what reads the pipe is known too.

use super::Program;
use crate::invocation::{Invocation, Sink, UNKNOWN, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["echo", "gecho"], effects: echo },
    Program { names: &["printf", "gprintf"], effects: printf },
    Program { names: &["basename", "gbasename"], effects: |invocation, sink| part(invocation, sink, after_slash) },
    Program { names: &["dirname", "gdirname"], effects: |invocation, sink| part(invocation, sink, before_slash) },
];

fn says(text: String, invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.stdout = Some(Word::literal(text, invocation.span));
}

/// Whether a word stands for itself: one with active glob characters may become others.
fn plain(words: &[Word]) -> bool {
    words.iter().all(|word| word.pattern.is_none())
}

fn echo(invocation: &Invocation<'_>, sink: &mut Sink) {
    let flag = |word: &&Word| {
        word.text.len() > 1 && word.text.starts_with('-') && word.text.chars().skip(1).all(|letter| "neE".contains(letter))
    };
    let flags: Vec<&Word> = invocation.args.iter().take_while(flag).collect();
    let words = invocation.args.get(flags.len()..).unwrap_or(&[]);
    if !plain(words) {
        return;
    }
    let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let mut text = text.join(" ");
    // zsh and dash read backslashes without being told to; what they make of them is not known.
    if text.contains('\\') {
        let escapes = flags.iter().any(|word| word.text.contains('e'));
        text = if escapes { unescaped(&text) } else { text.replace('\\', &UNKNOWN.to_string()) };
    }
    if !flags.iter().any(|word| word.text.contains('n')) {
        text.push('\n');
    }
    says(text, invocation, sink);
}

/// The escapes that every printf and `echo -e` knows; any other makes the text unknown.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        out.push(match letters.next() {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('\\') => '\\',
            Some('"') => '"',
            Some(_) | None => UNKNOWN,
        });
    }
    out
}

/// `%s`, `%d` and `%%` are filled in; other directives are not known.
fn printf(invocation: &Invocation<'_>, sink: &mut Sink) {
    let args = match invocation.args {
        [dashes, rest @ ..] if dashes.text == "--" => rest,
        [option, ..] if option.text.starts_with("-v") => return,
        args => args,
    };
    let Some((format, values)) = args.split_first() else { return };
    if !plain(args) || !format.known() {
        return;
    }
    let mut out = String::new();
    let mut rest = values;
    // The format is used again while there are values.
    for _ in 0..=values.len().min(256) {
        let before = rest.len();
        fill(&format.text, &mut rest, &mut out);
        if rest.is_empty() || rest.len() == before {
            break;
        }
    }
    if !rest.is_empty() && rest.len() != values.len() {
        out.push(UNKNOWN);
    }
    says(out, invocation, sink);
}

fn fill(format: &str, values: &mut &[Word], out: &mut String) {
    let mut pieces = format.split('%');
    out.push_str(&unescaped(pieces.next().unwrap_or("")));
    let mut literal = false;
    for piece in pieces {
        if literal {
            // The second of two percent signs.
            literal = false;
            out.push_str(&unescaped(piece));
            continue;
        }
        let Some(directive) = piece.chars().next() else {
            out.push('%');
            literal = true;
            continue;
        };
        match (directive, values.split_first()) {
            ('s' | 'd' | 'i', Some((value, after))) => {
                out.push_str(&value.text);
                *values = after;
            }
            ('s', None) => {}
            (_, Some((_, after))) => {
                out.push(UNKNOWN);
                *values = after;
            }
            (_, None) => out.push(UNKNOWN),
        }
        out.push_str(&unescaped(piece.get(directive.len_utf8()..).unwrap_or("")));
    }
}

fn part(invocation: &Invocation<'_>, sink: &mut Sink, cut: fn(&str) -> &str) {
    if let [only] = invocation.args
        && only.known()
        && only.pattern.is_none()
        && !only.text.starts_with('-')
    {
        says(format!("{}\n", cut(&only.text)), invocation, sink);
    }
}

fn after_slash(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { path.get(..1).unwrap_or("") } else { trimmed.rsplit('/').next().unwrap_or("") }
}

fn before_slash(path: &str) -> &str {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/",
        Some((parent, _)) => parent,
        None => ".",
    }
}
