//! Perl, Ruby, PHP, awk and Lua: which of their names and signs are understood. Only their plain words are; functions of
//! the code's own, objects and references to functions are gaps.

use std::collections::BTreeSet;

use bailiwick_vocab::effect::Hint;

use super::{Gaps, Place, purpose};
use crate::code::calls;
use crate::code::lex::{Language, Token};
use crate::code::names::Names;
use crate::code::tables;

type IsRead<'a> = &'a dyn Fn(usize) -> bool;

/// A name that is not known, or a dangerous one that is not called as far as can be read.
fn unknown(language: Language, name: &str, gaps: &mut Gaps) {
    let first = name.split('.').next().unwrap_or(name);
    match calls::act(language, name).and_then(calls::hint).or_else(|| purpose(&first.to_ascii_lowercase())) {
        Some(hint) => gaps.hinted(hint),
        None => gaps.plain(),
    }
}

pub(super) fn perl(tokens: &[Token], is_read: IsRead<'_>, gaps: &mut Gaps) {
    for (at, token) in tokens.iter().enumerate() {
        let place = Place { tokens, at };
        match token {
            Token::Name(name) if place.follows('$') || place.follows('@') || (place.follows('%') && !value_before(place)) => {
                perl_variable(name, place, gaps);
            }
            Token::Name(name) if !is_read(at) && !is_perl_key(place) => perl_word(name, place, gaps),
            // `&f`, `&$f`, `$f->()`, `*f`.
            Token::Sign('&') if place.next(1) != Some(&Token::Sign('&')) && !place.follows('&') => gaps.hinted(Hint::Dynamic),
            Token::Sign('*') if !value_before(place) && !place.follows('*') => gaps.plain(),
            Token::Sign('>') if place.follows('-') && place.called() => gaps.hinted(Hint::Dynamic),
            Token::Sign('>') if place.follows('-') && matches!(place.next(1), Some(Token::Sign('$'))) => {
                gaps.hinted(Hint::Dynamic)
            }
            Token::Sign('<') if !value_before(place) && !place.follows('<') => perl_angle(place, gaps),
            Token::Name(_) | Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => {}
        }
    }
}

fn value_before(place: Place<'_>) -> bool {
    match place.before(1) {
        Some(Token::Text(_) | Token::Number(_) | Token::Command(_) | Token::Sign(')' | ']' | '}')) => true,
        Some(Token::Name(name)) => matches!(place.before(2), Some(Token::Sign('$' | '@' | '%'))) || name == "_",
        Some(Token::Sign(_)) | None => false,
    }
}

/// Where modules are looked for, handlers of signals and errors, and the files that `<>` opens (a name may be a command).
fn perl_variable(name: &str, place: Place<'_>, gaps: &mut Gaps) {
    let arguments = name == "ARGV" && !(place.follows('$') && place.next(1) == Some(&Token::Sign('[')));
    let changed = place.assigned()
        || matches!(place.before(2), Some(Token::Name(word)) if matches!(word.as_str(), "push" | "unshift" | "splice" | "local"))
        || matches!(place.before(2), Some(Token::Sign('(')))
            && matches!(place.before(3), Some(Token::Name(word)) if matches!(word.as_str(), "push" | "unshift" | "splice"));
    if matches!(name, "INC" | "SIG") || (arguments && changed) {
        gaps.hinted(Hint::Dynamic);
    } else if name == "ENV" && sets_item(place) || name.contains('.') {
        gaps.plain();
    }
}

/// `$ENV{X} = …`.
fn sets_item(place: Place<'_>) -> bool {
    let rest = place.tokens.get(place.at + 1..).unwrap_or_default();
    let close = rest.iter().take(40).position(|token| matches!(token, Token::Sign('}' | ']')));
    close.is_some_and(
        |close| matches!(rest.get(close + 1..), Some([Token::Sign('='), next, ..]) if !matches!(next, Token::Sign('=' | '~'))),
    )
}

/// `{key}`, `key =>`.
fn is_perl_key(place: Place<'_>) -> bool {
    let braces = place.follows('{') && place.next(1) == Some(&Token::Sign('}'));
    let subscript = braces && matches!(place.before(2), Some(Token::Name(_) | Token::Sign('>' | '}' | ']' | '$')));
    subscript || matches!((place.next(1), place.next(2)), (Some(Token::Sign('=')), Some(Token::Sign('>'))))
}

fn perl_word(name: &str, place: Place<'_>, gaps: &mut Gaps) {
    let file_test = place.follows('-') && name.len() == 1 && "efdrwxszlpSbcugktTBAMCoROWX".contains(name);
    let handle = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit()) && !name.is_empty();
    let block = matches!(name, "do" | "sub" | "eval") && place.next(1) == Some(&Token::Sign('{'));
    // `sort by_name @x` and `x->y` reach functions by a name.
    if block || file_test || (handle && !place.called() && !perl_arrow(place)) {
        return;
    }
    if !tables::is_harmless(Language::Perl, name) || perl_arrow(place) {
        unknown(Language::Perl, name, gaps);
    }
}

fn perl_arrow(place: Place<'_>) -> bool {
    matches!((place.next(1), place.next(2)), (Some(Token::Sign('-')), Some(Token::Sign('>'))))
}

/// `<STDIN>`, `<$file>`, `<>`; anything else between the signs is a list of files, or a comparison.
fn perl_angle(place: Place<'_>, gaps: &mut Gaps) {
    let plain = matches!(
        (place.next(1), place.next(2), place.next(3)),
        (Some(Token::Sign('>')), _, _)
            | (Some(Token::Name(_)), Some(Token::Sign('>')), _)
            | (Some(Token::Sign('$')), Some(Token::Name(_)), Some(Token::Sign('>')))
    );
    if !plain {
        gaps.plain();
    }
}

/// Functions that every object of Ruby has, and what runs code that is not there yet.
const RUBY_OWN: &[&str] = &[
    "binding",
    "method",
    "send",
    "public_send",
    "__send__",
    "instance_variable_get",
    "instance_variable_set",
    "trap",
    "test",
    "select",
    "autoload",
    "at_exit",
    "caller",
    "global_variables",
    "local_variables",
    "set_trace_func",
    "trace_var",
    "syscall",
    "fork",
    "open",
    "exec",
    "system",
    "spawn",
    "eval",
    "instance_eval",
    "instance_exec",
    "class_eval",
    "define_method",
    "require",
    "require_relative",
    "load",
    "putc",
    "warn",
    "catch",
    "throw",
    "callcc",
    "untrace_var",
    "display",
    "extend",
    "singleton_class",
    "methods",
    "object_id",
    "itself",
];

pub(super) fn ruby(tokens: &[Token], is_read: IsRead<'_>, gaps: &mut Gaps) {
    let bound = ruby_names(tokens);
    for (at, token) in tokens.iter().enumerate() {
        let place = Place { tokens, at };
        match token {
            Token::Name(name) if place.follows('$') => {
                if matches!(name.as_str(), "LOAD_PATH" | "LOADED_FEATURES") {
                    gaps.plain();
                }
            }
            // `&:name` calls it; any other symbol is a value, but `inject` and its kin call theirs.
            Token::Name(name) if place.follows(':') && !matches!(place.before(2), Some(Token::Sign('?'))) => {
                if !name
                    .split('.')
                    .all(|part| tables::is_method(Language::Ruby, part) || tables::is_harmless(Language::Ruby, part))
                {
                    gaps.plain();
                }
            }
            Token::Name(name) if !is_read(at) && !is_ruby_key(place) => ruby_name(name, place, &bound, gaps),
            Token::Sign('&') if matches!(place.next(1), Some(Token::Name(_))) && !place.follows('&') => gaps.plain(),
            // `f.(x)`.
            Token::Sign('.') if place.called() => gaps.plain(),
            Token::Name(_) | Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => {}
        }
    }
}

/// `{key: value}`, `key: value`.
fn is_ruby_key(place: Place<'_>) -> bool {
    place.next(1) == Some(&Token::Sign(':'))
        && place.next(2) != Some(&Token::Sign(':'))
        && !place.follows('?')
        && (place.follows('{') || place.follows(',') || place.follows('('))
}

fn ruby_name(name: &str, place: Place<'_>, bound: &BTreeSet<&str>, gaps: &mut Gaps) {
    if place.follows_word(&["def", "class", "module"]) {
        return;
    }
    let first = name.split('.').next().unwrap_or(name);
    let longest = name
        .match_indices('.')
        .map(|(end, _)| end)
        .chain([name.len()])
        .rfind(|end| *end > 0 && name.get(..*end).is_some_and(|prefix| tables::is_harmless(Language::Ruby, prefix)));
    // Members that constants of the language have are theirs alone: what is not in the table is not known.
    let constant = first.starts_with(|first: char| first.is_ascii_uppercase())
        && !matches!(first, "ARGV" | "STDIN" | "STDOUT" | "ARGF" | "STDERR");
    let own = bound.contains(first) && !RUBY_OWN.contains(&first) && calls::act(Language::Ruby, first).is_none();
    let rest = match longest {
        Some(end) if !constant || end > first.len() => name.get(end..),
        Some(end) if end == name.len() && !place.called() => Some(""),
        Some(_) => None,
        None if first.is_empty() || own => name.get(first.len()..),
        None => None,
    };
    let method = |part: &str| part.is_empty() || tables::is_method(Language::Ruby, part);
    let fine = rest.is_some_and(|rest| rest.split('.').all(method));
    let last = name.rsplit('.').next().unwrap_or(name);
    let names_function = matches!(last, "inject" | "reduce") && !ruby_inject(place);
    if !fine || names_function {
        unknown(Language::Ruby, name, gaps);
    }
}

/// `inject(:+)`, `inject(0) { … }`.
fn ruby_inject(place: Place<'_>) -> bool {
    match place.next(1) {
        Some(Token::Sign('(')) => {
            let inside = place.tokens.get(place.at + 2..).unwrap_or_default();
            let list = inside.iter().take_while(|token| **token != Token::Sign(')'));
            list.into_iter().all(|token| matches!(token, Token::Sign(':' | '+' | '*' | '-' | '&' | '|' | ',') | Token::Number(_)))
        }
        Some(Token::Sign('{')) => true,
        Some(Token::Name(name)) => name == "do",
        Some(_) | None => false,
    }
}

/// Names that the code binds: `x =`, `|x|`, `for x in`, `def f(x)`, `rescue => e`.
fn ruby_names(tokens: &[Token]) -> BTreeSet<&str> {
    let mut bound = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let place = Place { tokens, at };
        match token {
            Token::Name(name) => {
                let shortened = matches!((place.next(1), place.next(2)), (Some(Token::Sign(sign)), Some(Token::Sign('='))) if "+-*/|&".contains(*sign))
                    || matches!(
                        (place.next(1), place.next(2), place.next(3)),
                        (Some(Token::Sign('|')), Some(Token::Sign('|')), Some(Token::Sign('=')))
                    );
                if place.assigned()
                    || shortened
                    || place.follows_word(&["def", "for"])
                    || (place.follows('>') && matches!(place.before(2), Some(Token::Sign('='))))
                {
                    bound.insert(name.as_str());
                }
                if name == "def" {
                    let line = tokens.iter().skip(at + 1).take(30).take_while(|token| !matches!(token, Token::Sign('\n' | ';')));
                    bound.extend(line.filter_map(|token| if let Token::Name(name) = token { Some(name.as_str()) } else { None }));
                }
            }
            Token::Sign('|') => {
                let list = tokens.iter().skip(at + 1).take(16).take_while(|token| **token != Token::Sign('|'));
                let names: Vec<&str> =
                    list.filter_map(|token| if let Token::Name(name) = token { Some(name.as_str()) } else { None }).collect();
                let opens = matches!(place.before(1), Some(Token::Sign('{'))) || place.follows_word(&["do"]);
                bound.extend(names.into_iter().filter(|_| opens));
            }
            // `a, b = …`
            Token::Sign('=') if place.next(1) != Some(&Token::Sign('=')) => {
                let before = tokens.get(at.saturating_sub(12)..at).unwrap_or_default();
                let statement =
                    before.rsplit(|token| matches!(token, Token::Sign('\n' | ';' | '{' | '|'))).next().unwrap_or_default();
                if statement.iter().all(|token| matches!(token, Token::Name(_) | Token::Sign(','))) {
                    bound.extend(
                        statement
                            .iter()
                            .filter_map(|token| if let Token::Name(name) = token { Some(name.as_str()) } else { None }),
                    );
                }
            }
            Token::Text(_) | Token::Command(_) | Token::Number(_) | Token::Sign(_) => {}
        }
    }
    bound
}

/// Functions of PHP that call what a text names.
const PHP_CALLERS: &[&str] = &[
    "array_map",
    "array_filter",
    "usort",
    "uasort",
    "uksort",
    "array_walk",
    "array_reduce",
    "preg_replace_callback",
    "iterator_apply",
    "register_shutdown_function",
    "ob_start",
    "set_error_handler",
    "spl_autoload_register",
    "forward_static_call",
];

pub(super) fn php(tokens: &[Token], is_read: IsRead<'_>, gaps: &mut Gaps) {
    for (at, token) in tokens.iter().enumerate() {
        let place = Place { tokens, at };
        match token {
            Token::Name(name) if place.follows('$') => {
                // `$f()` and `$x->m()` call what a value names.
                if place.called() {
                    gaps.hinted(Hint::Dynamic);
                } else if name == "GLOBALS" {
                    gaps.plain();
                }
            }
            // A function of the code's own under that name.
            Token::Name(_) if is_read(at) && place.follows_word(&["function"]) => gaps.plain(),
            Token::Name(_) if is_read(at) => {}
            Token::Name(name) if PHP_CALLERS.contains(&name.as_str()) => {
                let direct =
                    matches!(place.next(2), Some(Token::Name(word)) if matches!(word.as_str(), "fn" | "function" | "static"));
                let named = matches!((place.next(2), place.next(3)), (Some(Token::Text(function)), Some(Token::Sign(','))) if tables::is_harmless(Language::Php, function));
                if name != "array_map" {
                    gaps.plain();
                } else if !direct && !named {
                    gaps.hinted(Hint::Dynamic);
                }
            }
            Token::Name(name) => {
                let tag = name == "php" && place.follows('?');
                if !tag && (!tables::is_harmless(Language::Php, name) || name == "new") {
                    unknown(Language::Php, name, gaps);
                }
            }
            Token::Sign('$') if matches!(place.next(1), Some(Token::Sign('$' | '{'))) => gaps.hinted(Hint::Dynamic),
            Token::Sign(')' | ']' | '}') | Token::Text(_) if place.called() => gaps.hinted(Hint::Dynamic),
            Token::Sign('\\' | '@') => gaps.plain(),
            Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => {}
        }
    }
}

pub(super) fn awk(tokens: &[Token], is_read: IsRead<'_>, gaps: &mut Gaps) {
    for (at, token) in tokens.iter().enumerate() {
        let place = Place { tokens, at };
        match token {
            Token::Name(name) if is_read(at) || is_awk_word(name) => {}
            // The files to be read can be changed.
            Token::Name(name) if matches!(name.as_str(), "ARGV" | "ARGC" | "ARGIND") => gaps.plain(),
            Token::Name(name) if calls::act(Language::Awk, name).is_some() => unknown(Language::Awk, name, gaps),
            Token::Name(name) if place.called() => {
                let defined = tokens.windows(2).any(|pair| matches!(pair, [Token::Name(word), Token::Name(defined)] if word.starts_with("func") && defined == name));
                if !defined {
                    gaps.plain();
                }
            }
            Token::Sign('@') => gaps.hinted(Hint::Dynamic),
            Token::Name(_) | Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => {}
        }
    }
}

fn is_awk_word(name: &str) -> bool {
    tables::is_harmless(Language::Awk, name)
        || matches!(
            name,
            "if" | "else"
                | "while"
                | "for"
                | "do"
                | "in"
                | "function"
                | "func"
                | "return"
                | "BEGIN"
                | "END"
                | "switch"
                | "case"
                | "default"
                | "break"
                | "continue"
        )
}

pub(super) fn lua(tokens: &[Token], names: &Names, is_read: IsRead<'_>, gaps: &mut Gaps) {
    for (at, token) in tokens.iter().enumerate() {
        let place = Place { tokens, at };
        let Token::Name(written) = token else { continue };
        if is_read(at) || tables::is_harmless(Language::Lua, written) {
            // A harmless name may be given another function.
            if place.assigned() && tables::is_global(Language::Lua, written) {
                gaps.plain();
            }
            continue;
        }
        let name = names.canonical(written);
        let first = name.split('.').next().unwrap_or(&name);
        let method = place.follows(':') && place.called();
        if method && !tables::is_method(Language::Lua, written) {
            gaps.plain();
        } else if !method
            && (tables::is_global(Language::Lua, first) || names.stands(written))
            && !tables::is_harmless(Language::Lua, &name)
        {
            match name.as_str() {
                "_G" | "_ENV" | "load" | "loadstring" | "debug" | "package" => gaps.hinted(Hint::Dynamic),
                "io" | "os" => gaps.hinted(Hint::Dynamic),
                _ => unknown(Language::Lua, &name, gaps),
            }
        }
    }
}
