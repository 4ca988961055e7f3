//! Python: which of its names and signs are understood.

use bailiwick_vocab::effect::Hint;

use super::{Gaps, Place, destroys, purpose};
use crate::code::calls;
use crate::code::lex::{Language, Token};
use crate::code::names::Names;
use crate::code::tables;

const PYTHON: Language = Language::Python;

/// Modules that a value must never be: from them everything can be reached.
const KEYS: &[&str] = &["os", "sys", "subprocess", "builtins", "shutil", "importlib", "ctypes", "posix", "nt", "pty", "types"];

pub(super) fn gaps(tokens: &[Token], names: &Names, is_read: &dyn Fn(usize) -> bool, gaps: &mut Gaps) {
    for module in &names.modules {
        imported(module, gaps);
    }
    for (at, token) in tokens.iter().enumerate() {
        let place = Place { tokens, at };
        match token {
            Token::Name(name) if !is_read(at) => self::name(name, place, names, gaps),
            Token::Name(name) => own_name(name, place, gaps),
            // `!ls` and `%run` of IPython.
            Token::Sign('!') if place.next(1) != Some(&Token::Sign('=')) => gaps.hinted(Hint::Runs),
            Token::Sign('%') if matches!(place.before(1), None | Some(Token::Sign('\n'))) => gaps.hinted(Hint::Runs),
            Token::Sign('.') | Token::Command(_) => gaps.plain(),
            Token::Sign(_) | Token::Text(_) | Token::Number(_) => {}
        }
    }
}

/// A module of the library says what it is for; of any other nobody here knows what it does.
fn imported(module: &str, gaps: &mut Gaps) {
    let first = module.split('.').next().unwrap_or(module);
    if !tables::is_module(PYTHON, first) {
        gaps.plain();
    }
    if module.starts_with('.') || module.is_empty() {
        gaps.plain();
    }
}

/// A name that the scan has read may still be made into something else: `open = …`, `def open(…)`.
fn own_name(name: &str, place: Place<'_>, gaps: &mut Gaps) {
    if place.assigned() && name.contains('.') && tables::is_module(PYTHON, name.split('.').next().unwrap_or_default()) {
        gaps.hinted(Hint::Dynamic);
    }
}

fn name(written: &str, place: Place<'_>, names: &Names, gaps: &mut Gaps) {
    if tables::is_keyword(PYTHON, written) || is_keyword_argument(written, place) {
        return;
    }
    if written.split('.').any(|part| tables::is_way_in(PYTHON, part)) && !place.follows_word(&["def"]) {
        return gaps.hinted(Hint::Dynamic);
    }
    if written.starts_with('.') {
        return member(written, place, gaps);
    }
    let name = names.canonical(written);
    if tables::is_harmless(PYTHON, &name) {
        return plain_use(&name, place, gaps);
    }
    let first = name.split('.').next().unwrap_or(&name);
    let longest = name.match_indices('.').map(|(end, _)| end).rfind(|end| harmless_prefix(&name, *end));
    if let Some(end) = longest {
        return member(name.get(end..).unwrap_or_default(), place, gaps);
    }
    if names.stands(written)
        || tables::is_module(PYTHON, first) && names.modules.iter().any(|module| module.split('.').next() == Some(first))
    {
        return of_module(&name, first, place, gaps);
    }
    if tables::is_global(PYTHON, first) {
        let hint = calls::act(PYTHON, &name).and_then(calls::hint);
        let alias = matches!(name.as_str(), "open" | "file").then_some(Hint::Writes);
        return match hint.or(alias) {
            Some(hint) => gaps.hinted(hint),
            None => gaps.plain(),
        };
    }
    if tables::is_module(PYTHON, first) {
        // Nobody has imported it: a name of the code's own, if not a mistake.
        if let Some((_, rest)) = name.split_once('.') {
            member(&format!(".{rest}"), place, gaps);
        }
        return;
    }
    if let Some((_, rest)) = name.split_once('.') {
        member(&format!(".{rest}"), place, gaps);
    }
}

fn harmless_prefix(name: &str, end: usize) -> bool {
    name.get(..end).is_some_and(|prefix| tables::is_harmless(PYTHON, prefix))
}

/// `f(key=value)`: a name of the callee's.
fn is_keyword_argument(name: &str, place: Place<'_>) -> bool {
    !name.contains('.')
        && place.assigned()
        && (place.follows('(') || place.follows(',') || (place.follows('\n') && place.before(2) == Some(&Token::Sign(','))))
}

/// A harmless name, not made into something else.
fn plain_use(name: &str, place: Place<'_>, gaps: &mut Gaps) {
    let replaced = place.assigned() && (name.contains('.') || tables::is_global(PYTHON, name));
    if replaced && name.contains('.') && !matches!(name, "sys.stdout" | "sys.stderr" | "sys.argv" | "sys.stdin") {
        return gaps.hinted(Hint::Dynamic);
    }
    // Where modules are looked for, and what started programs get.
    if name == "sys.path" && !matches!(place.next(1), Some(Token::Sign(')' | ',')) | None) {
        gaps.plain();
    }
    if name == "os.environ" && matches!(place.next(1), Some(Token::Sign('['))) && sets_item(place) {
        gaps.plain();
    }
    if name == "os.path" && !place.tokens.is_empty() {
        gaps.plain();
    }
}

/// `x[…] = …`.
fn sets_item(place: Place<'_>) -> bool {
    let rest = place.tokens.get(place.at + 1..).unwrap_or_default();
    let close = rest.iter().take(40).position(|token| *token == Token::Sign(']'));
    close.is_none_or(|close| matches!(rest.get(close + 1..), Some([Token::Sign('='), next, ..]) if *next != Token::Sign('=')))
}

/// Members after a value: any may be read, only known ones called.
fn member(path: &str, place: Place<'_>, gaps: &mut Gaps) {
    let last = path.rsplit('.').next().unwrap_or(path);
    let risky = calls::act(PYTHON, &format!("x.{last}"));
    if let Some(act) = risky {
        let text_method = last == "replace" && place.called();
        return match calls::hint(act) {
            Some(hint) => gaps.hinted(hint),
            None if text_method => {}
            None => gaps.hinted(Hint::Writes),
        };
    }
    let defined = defines(place.tokens, last);
    let path_method = matches!(last, "replace" | "copy") && place.called() && argument_count(place) == 1;
    if path_method {
        // `Path.replace` takes one, `str.replace` two; `dict.copy` takes none.
        return gaps.hinted(Hint::Deletes);
    }
    if place.called() && !tables::is_method(PYTHON, last) && !defined {
        if destroys(last) { gaps.hinted(Hint::Deletes) } else { gaps.plain() }
    }
}

fn argument_count(place: Place<'_>) -> usize {
    let inside = place.tokens.get(place.at + 2..).unwrap_or_default();
    let end = super::super::literal::closing(inside, '(', ')').unwrap_or(inside.len());
    super::super::literal::arguments(inside.get(..end).unwrap_or_default()).len()
}

fn defines(tokens: &[Token], name: &str) -> bool {
    tokens.windows(2).any(|pair| matches!(pair, [Token::Name(def), Token::Name(defined)] if def == "def" && defined == name))
}

/// A member of a module that is not known to be harmless, or a module as a value.
fn of_module(name: &str, first: &str, place: Place<'_>, gaps: &mut Gaps) {
    if matches!(name.rsplit('.').next(), Some("__version__" | "__file__" | "__path__" | "__doc__" | "__all__"))
        && !place.assigned()
    {
        return gaps.plain();
    }
    if place.called() && name.rsplit('.').next().is_some_and(destroys) {
        gaps.hinted(Hint::Deletes);
    }
    let bare = tables::is_module(PYTHON, name);
    if bare && KEYS.contains(&name) {
        return gaps.hinted(Hint::Dynamic);
    }
    if bare && tables::is_harmless_module(name) && !place.called() {
        return gaps.plain();
    }
    // Modules have what they import themselves as members.
    let inner = name.split('.').skip(1).any(|part| part.starts_with('_') || tables::is_module(PYTHON, part));
    if inner && !tables::is_module(PYTHON, name) && calls::act(PYTHON, name).is_none() && purpose(first).is_none() {
        return gaps.hinted(Hint::Dynamic);
    }
    let act = calls::act(PYTHON, name);
    match act.and_then(calls::hint).or_else(|| purpose(first)) {
        Some(hint) => gaps.hinted(hint),
        None if act.is_some() && !place.called() => gaps.hinted(Hint::Writes),
        None => gaps.plain(),
    }
}
