//! Rules about commands: conditions over a started program and its arguments.
//!
//! Loosely (for what is denied): by the program's name, wherever it lies, and with options before the first argument.
//! Strictly (for what is allowed): the program as it was named, and arguments that are the same words.

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::permission::{About, Line, Permission, Piece};

use super::text::{is, joined, list, plain, string};
use super::{Draft, Drafted, example};

const EXECUTE: &str = "action == Action::\"execute\"";

pub(super) fn drafts(permission: &Permission, lines: &[Line]) -> Drafted {
    let mut draft = Draft { actions: EXECUTE, ..Draft::default() };
    let allows = permission.verdict == Verdict::Allow;
    let options = !allows && skips_options(permission);
    for line in lines {
        draft.when.push(if allows { strict(line) } else { loose(line, options) });
        draft.examples.extend(samples(permission, line));
    }
    for (words, holds) in &permission.examples {
        draft.examples.extend(example(permission, "execute", words, "").map(|text| (text, *holds)));
    }
    draft.own = allows;
    draft.unless = exceptions(&permission.except);
    let widened = options && lines.iter().any(|line| first_word(line).is_some());
    let note = widened.then(|| "also with options before the first argument, and wherever the program lies".to_owned());
    Ok((vec![draft], note))
}

/// The strict conditions of commands among exceptions.
pub(super) fn exceptions(except: &[About]) -> Vec<String> {
    let lines = except.iter().filter_map(|about| if let About::Commands(lines) = about { Some(lines) } else { None });
    lines.flatten().map(strict).collect()
}

/// Whether no example of the author's says that options before the first argument make another command of it.
fn skips_options(permission: &Permission) -> bool {
    !permission.examples.iter().any(|(words, holds)| !holds && words.get(1).is_some_and(|word| word.starts_with('-')))
}

/// The first argument, where it is a word and no option: a subcommand.
fn first_word(line: &Line) -> Option<&str> {
    match line.arguments.first()?.0.as_slice() {
        [Piece::Text(text)] if !text.starts_with('-') => Some(text),
        _ => None,
    }
}

/// What may follow the program in the line.
fn tails(line: &Line, options: bool) -> Vec<Vec<Piece>> {
    let mut words = Vec::new();
    for word in &line.arguments {
        words = joined(&[&words, &plain(" "), &word.0]);
    }
    let mut tails = vec![words.clone()];
    if options && first_word(line).is_some() {
        tails.push(joined(&[&plain(" -"), &[Piece::Any], &words]));
    }
    if line.more {
        let more: Vec<Vec<Piece>> = tails.iter().map(|tail| joined(&[tail, &plain(" "), &[Piece::Any]])).collect();
        tails.extend(more);
    }
    tails
}

fn any(conditions: &[String]) -> String {
    if let [one] = conditions { one.clone() } else { format!("({})", conditions.join(" || ")) }
}

fn loose(line: &Line, options: bool) -> String {
    let lines = |program: &[Piece]| {
        let all: Vec<String> = tails(line, options).iter().map(|tail| is("resource.line", &joined(&[program, tail]))).collect();
        any(&all)
    };
    let anywhere = |name: &[Piece]| joined(&[&[Piece::Any], &plain("/"), name]);
    match line.program.plain() {
        Some(program) => {
            let name = program.rsplit('/').next().unwrap_or(program);
            let named = format!("resource.name == {}", string(name));
            if line.arguments.is_empty() && line.more {
                return format!("({named})");
            }
            let (bare, path) = (plain(name), anywhere(&plain(name)));
            format!("({named} && ({} || ({} && {})))", lines(&bare), is("resource.path", &path), lines(&path))
        }
        None => format!("({} || {})", lines(&line.program.0), lines(&anywhere(&line.program.0))),
    }
}

fn strict(line: &Line) -> String {
    let mut conditions = vec![is("resource.path", &line.program.0)];
    if !line.arguments.is_empty() || !line.more || line.program.plain().is_none() {
        let all: Vec<String> =
            tails(line, false).iter().map(|tail| is("resource.line", &joined(&[&line.program.0, tail]))).collect();
        conditions.push(any(&all));
    }
    // The line alone would take one argument `a b` for two.
    let words: Vec<&str> = line.arguments.iter().filter_map(|word| word.plain()).collect();
    if !words.is_empty() {
        conditions.push(format!("resource.arguments.containsAll({})", list(&words)));
    }
    format!("({})", conditions.join(" && "))
}

fn samples(permission: &Permission, line: &Line) -> Vec<(String, bool)> {
    let argv = |filler: &str| -> Vec<String> {
        std::iter::once(line.program.filled(filler)).chain(line.arguments.iter().map(|word| word.filled(filler))).collect()
    };
    let whole = argv("x");
    let mut more = whole.clone();
    more.push("x".to_owned());
    let bare = vec![whole.first().cloned().unwrap_or_default()];
    let other = vec!["/no/such/program".to_owned()];
    let open = line.program.plain().is_none();
    let all = [
        (Some(whole), true),
        (line.more.then_some(more), true),
        ((!line.arguments.is_empty()).then_some(bare), false),
        ((!open).then_some(other), false),
    ];
    all.into_iter().filter_map(|(words, holds)| Some((example(permission, "execute", &words?, "")?, holds))).collect()
}
