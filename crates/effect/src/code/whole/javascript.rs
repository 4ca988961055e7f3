//! JavaScript: which of its names and signs are understood. Members may be picked by a computed name there, and every
//! value leads to the function constructor; so calls of what is computed, and of what may hold it, are not.

use std::collections::BTreeSet;

use bailiwick_vocab::effect::Hint;

use super::{Gaps, Place, destroys, purpose};
use crate::code::calls;
use crate::code::lex::{Language, Token};
use crate::code::literal::{arguments, closing};
use crate::code::names::{Names, in_brackets};
use crate::code::tables;

const JAVASCRIPT: Language = Language::JavaScript;

/// Modules whose name people give to values of their own.
const COMMON_NAMES: &[&str] = &[
    "url",
    "path",
    "events",
    "buffer",
    "constants",
    "test",
    "timers",
    "stream",
    "util",
    "domain",
    "name",
    "module",
    "self",
    "console",
];

pub(super) fn gaps(tokens: &[Token], names: &Names, is_read: &dyn Fn(usize) -> bool, gaps: &mut Gaps) {
    let functions = own_functions(tokens);
    let computed = computes_members(tokens);
    for (at, token) in tokens.iter().enumerate() {
        let place = Place { tokens, at };
        match token {
            Token::Name(name) => {
                if !is_read(at) {
                    self::name(name, place, names, &functions, gaps);
                }
                if place.called() && tables::takes_callback(name) && computed {
                    callbacks(place, &functions, names, gaps);
                }
            }
            // `x[y](…)`, `f()(…)`.
            Token::Sign(']') if place.called() => gaps.hinted(Hint::Dynamic),
            Token::Sign(')') if place.called() && computed => gaps.hinted(Hint::Dynamic),
            // A tagged template calls its tag.
            Token::Text(_) if computed && tags(place) => gaps.hinted(Hint::Dynamic),
            Token::Text(text) if tables::is_way_in(JAVASCRIPT, text) => gaps.hinted(Hint::Dynamic),
            Token::Sign('@') | Token::Command(_) => gaps.plain(),
            Token::Sign(_) | Token::Text(_) | Token::Number(_) => {}
        }
    }
}

fn tags(place: Place<'_>) -> bool {
    match place.before(1) {
        Some(Token::Sign(')' | ']')) => true,
        Some(Token::Name(name)) => !tables::is_keyword(JAVASCRIPT, name),
        Some(Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Number(_)) | None => false,
    }
}

fn name(written: &str, place: Place<'_>, names: &Names, functions: &BTreeSet<&str>, gaps: &mut Gaps) {
    if tables::is_keyword(JAVASCRIPT, written) {
        // `import(…)` of what is not known.
        if written == "import" && place.called() {
            gaps.hinted(Hint::Dynamic);
        }
        return;
    }
    if written.split('.').any(|part| tables::is_way_in(JAVASCRIPT, part)) {
        return gaps.hinted(Hint::Dynamic);
    }
    let name = names.canonical(written);
    if tables::is_harmless(JAVASCRIPT, &name) && !is_harmless_module(&name) {
        if place.assigned() && name.contains('.') && name != "process.exitCode" {
            gaps.hinted(Hint::Dynamic);
        }
        return;
    }
    if written.starts_with('.') {
        return member(written, place, functions, gaps);
    }
    // A key of an object in braces.
    if place.next(1) == Some(&Token::Sign(':'))
        && (place.follows('{') || place.follows(',') || place.follows('\n'))
        && !tables::is_global(JAVASCRIPT, &name)
    {
        return;
    }
    let first = name.split('.').next().unwrap_or(&name);
    let longest = name
        .match_indices('.')
        .map(|(end, _)| end)
        .rfind(|end| name.get(..*end).is_some_and(|prefix| tables::is_harmless(JAVASCRIPT, prefix)));
    if let Some(end) = longest.filter(|_| !is_harmless_module(first) || name.matches('.').count() > 1) {
        return member(name.get(end..).unwrap_or_default(), place, functions, gaps);
    }
    let common = COMMON_NAMES.contains(&first) && !names.stands(written) && declares(place.tokens, first);
    if tables::is_global(JAVASCRIPT, first) && !common {
        return of_language(&name, first, place, gaps);
    }
    match name.split_once('.') {
        Some((_, rest)) => member(&format!(".{rest}"), place, functions, gaps),
        None if place.called() && !functions.contains(name.as_str()) => called_value(&name, gaps),
        None => {}
    }
}

/// `assert` is a function and a module.
fn is_harmless_module(name: &str) -> bool {
    tables::is_module(JAVASCRIPT, name) && name != "assert"
}

fn called_value(name: &str, gaps: &mut Gaps) {
    match calls::act(JAVASCRIPT, name).and_then(calls::hint) {
        Some(hint) => gaps.hinted(hint),
        None => gaps.plain(),
    }
}

/// Something of the language or its modules that is not known to be harmless.
fn of_language(name: &str, first: &str, place: Place<'_>, gaps: &mut Gaps) {
    let act = calls::act(JAVASCRIPT, name);
    if let Some(hint) = act.and_then(calls::hint).or_else(|| purpose(first)) {
        return gaps.hinted(hint);
    }
    match first {
        "require" | "import" if place.called() && name == first => gaps.plain(),
        "require" | "eval" | "Function" | "Reflect" | "Proxy" | "WebAssembly" | "globalThis" | "global" | "process"
        | "arguments" | "with" => {
            gaps.hinted(Hint::Dynamic);
        }
        "fs" => gaps.hinted(Hint::Writes),
        _ => gaps.plain(),
    }
}

fn member(path: &str, place: Place<'_>, functions: &BTreeSet<&str>, gaps: &mut Gaps) {
    let last = path.rsplit('.').next().unwrap_or(path);
    if let Some(hint) = calls::act(JAVASCRIPT, &format!("x.{last}")).and_then(calls::hint) {
        return gaps.hinted(hint);
    }
    if calls::act(JAVASCRIPT, &format!("x.{last}")).is_some() {
        return gaps.plain();
    }
    if place.called() && !tables::is_method(JAVASCRIPT, last) && !functions.contains(last) {
        if destroys(last) { gaps.hinted(Hint::Deletes) } else { gaps.plain() }
    }
}

/// Names that only functions are given to: `function f`, `f = (x) =>`, `f = function`, methods in braces.
fn own_functions(tokens: &[Token]) -> BTreeSet<&str> {
    let mut functions = BTreeSet::new();
    let mut others = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Name(name) = token else { continue };
        let place = Place { tokens, at };
        let generator = place.follows('*') && matches!(place.before(2), Some(Token::Name(word)) if word == "function");
        let given = place.assigned() && is_function(tokens.get(at + 2..).unwrap_or_default());
        if place.follows_word(&["function", "class"]) || generator || given {
            functions.insert(name.as_str());
        } else if place.assigned() || place.follows_word(&["as", "catch"]) {
            others.insert(name.as_str());
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        // Parameters of functions, and targets taken apart, hold what they are given.
        let arrow = *token == Token::Sign('=') && tokens.get(at + 1) == Some(&Token::Sign('>'));
        let apart = *token == Token::Sign('=')
            && matches!(at.checked_sub(1).and_then(|before| tokens.get(before)), Some(Token::Sign('}' | ']')));
        if arrow || apart {
            let before = tokens.get(at.saturating_sub(40)..at).unwrap_or_default();
            others.extend(parameters(before));
        }
        if matches!(token, Token::Name(word) if word == "function") {
            let inside = tokens.iter().skip(at + 1).skip_while(|token| **token != Token::Sign('('));
            others.extend(inside.take(60).take_while(|token| **token != Token::Sign('{')).filter_map(name_of));
        }
    }
    functions.difference(&others).copied().collect()
}

fn is_function(rest: &[Token]) -> bool {
    let rest =
        if matches!(rest.first(), Some(Token::Name(word)) if word == "async") { rest.get(1..).unwrap_or_default() } else { rest };
    match rest {
        [Token::Name(word), ..] if word == "function" || word == "class" => true,
        [Token::Name(_), Token::Sign('='), Token::Sign('>'), ..] => true,
        [Token::Sign('('), inside @ ..] => {
            let end = closing(inside, '(', ')').unwrap_or(inside.len());
            matches!(inside.get(end + 1..), Some([Token::Sign('='), Token::Sign('>'), ..]))
        }
        _ => false,
    }
}

/// The names right before an arrow or an `=`: one name, or those in the brackets that close there.
fn parameters(before: &[Token]) -> Vec<&str> {
    if let Some(Token::Name(name)) = before.last() {
        return vec![name.as_str()];
    }
    in_brackets(before)
}

fn name_of(token: &Token) -> Option<&str> {
    if let Token::Name(name) = token { Some(name.as_str()) } else { None }
}

fn declares(tokens: &[Token], name: &str) -> bool {
    tokens.windows(2).any(|pair| {
        matches!(pair, [Token::Name(word), Token::Name(declared)] if matches!(word.as_str(), "const" | "let" | "var") && declared == name)
    })
}

/// Whether a member is picked by something else than a number or a plain name.
fn computes_members(tokens: &[Token]) -> bool {
    tokens.iter().enumerate().any(|(at, token)| {
        if *token != Token::Sign('[') {
            return false;
        }
        let place = Place { tokens, at };
        let after_value = match place.before(1) {
            Some(Token::Name(name)) => !tables::is_keyword(JAVASCRIPT, name),
            Some(Token::Sign(')' | ']' | '}' | '.') | Token::Text(_)) => true,
            Some(Token::Sign(_) | Token::Command(_) | Token::Number(_)) | None => false,
        };
        let inside = tokens.get(at + 1..).unwrap_or_default();
        let end = closing(inside, '[', ']').unwrap_or(inside.len());
        let key = matches!(inside.get(end + 1), Some(Token::Sign(':' | '(')));
        let plain =
            matches!(inside.get(..end), Some([Token::Number(_)] | [Token::Sign('-'), Token::Number(_)] | [Token::Text(_)]));
        (after_value || key) && !plain
    })
}

/// What is called in turn must be a function that stands in the code.
fn callbacks(place: Place<'_>, functions: &BTreeSet<&str>, names: &Names, gaps: &mut Gaps) {
    let Some(Token::Name(taker)) = place.tokens.get(place.at) else { return };
    let inside = place.tokens.get(place.at + 2..).unwrap_or_default();
    let end = closing(inside, '(', ')').unwrap_or(inside.len());
    let position = match taker.rsplit('.').next().unwrap_or(taker) {
        "replace" | "replaceAll" | "on" | "once" | "from" | "parse" | "stringify" | "groupBy" | "throws" => 1,
        _ => 0,
    };
    let list = arguments(inside.get(..end).unwrap_or_default());
    let last = list.len().min(position + 2);
    for argument in list.get(position..last).unwrap_or_default() {
        let fine = match argument {
            [Token::Text(_) | Token::Number(_)] | [] => true,
            [Token::Name(name)] => {
                functions.contains(name.as_str())
                    || tables::is_harmless(JAVASCRIPT, &names.canonical(name))
                    || tables::is_keyword(JAVASCRIPT, name)
            }
            list => is_function(list),
        };
        // The start value of `reduce`, the delay of a timer.
        let value = matches!(argument, [Token::Sign('{' | '['), ..]) || matches!(argument, [Token::Sign('-'), Token::Number(_)]);
        if !fine && !value {
            gaps.hinted(Hint::Dynamic);
        }
    }
}
