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
    let note = widened.then(|| {
        "also with options before the first argument or its letters in another order, and wherever the program lies".to_owned()
    });
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

/// The first argument, where it is a whole word: a subcommand or an option.
fn first_word(line: &Line) -> Option<&str> {
    line.arguments.first()?.plain()
}

/// A cluster of single letters, `-rf`, in its other orders, and as options of their own.
fn clusters(word: &str) -> Vec<String> {
    const MOST_LETTERS: usize = 3;
    let letters: Vec<char> = word.strip_prefix('-').unwrap_or_default().chars().collect();
    if letters.len() > MOST_LETTERS || !letters.iter().all(char::is_ascii_alphabetic) {
        return vec![word.to_owned()];
    }
    let mut orders: Vec<Vec<char>> = vec![Vec::new()];
    for letter in letters {
        let places = |order: &Vec<char>| (0..=order.len()).map(|at| (order.clone(), at)).collect::<Vec<_>>();
        let inserted = |(mut order, at): (Vec<char>, usize)| {
            order.insert(at, letter);
            order
        };
        orders = orders.iter().flat_map(places).map(inserted).collect();
    }
    if orders.len() == 1 {
        return vec![word.to_owned()];
    }
    let apart = |order: &Vec<char>| order.iter().map(|letter| format!("-{letter}")).collect::<Vec<_>>().join(" ");
    let together = |order: &Vec<char>| format!("-{}", order.iter().collect::<String>());
    orders.iter().map(together).chain(orders.iter().map(apart)).collect()
}

/// What may follow the program in the line.
fn tails(line: &Line, options: bool) -> Vec<Vec<Piece>> {
    let rest = line.arguments.iter().skip(1).map(|word| &word.0);
    let rest = rest.fold(Vec::new(), |all, word| joined(&[&all, &plain(" "), word]));
    let mut tails = Vec::new();
    match (line.arguments.first(), first_word(line).filter(|_| options)) {
        (None, _) => tails.push(Vec::new()),
        (Some(first), None) => tails.push(joined(&[&plain(" "), &first.0, &rest])),
        (Some(_), Some(word)) => {
            for word in clusters(word) {
                tails.push(joined(&[&plain(&format!(" {word}")), &rest]));
                tails.push(joined(&[&plain(" -"), &[Piece::Any], &plain(&format!(" {word}")), &rest]));
            }
        }
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
