//! Strings with code in them: a body in; its text, with unknown stretches, and the code out.

use crate::invocation::UNKNOWN;

use super::Language;

/// How many signs open code in a string that stands here; nought where none does.
pub(super) fn opens(language: Language, rest: &str) -> usize {
    match language {
        Language::Python => usize::from(rest.starts_with('{') && !rest.starts_with("{{")),
        Language::JavaScript => 2 * usize::from(rest.starts_with("${")),
        Language::Ruby => 2 * usize::from(rest.starts_with("#{")),
        Language::Perl => 2 * usize::from(rest.starts_with("${") || rest.starts_with("@{")),
        Language::Php => 2 * usize::from(rest.starts_with("${")) + usize::from(rest.starts_with("{$")),
        Language::Awk | Language::Lua => 0,
    }
}

/// A string's text with unknown stretches, the code in it, and whether all of that code was found.
pub(super) fn interpolated(language: Language, body: &str) -> (String, Vec<String>, bool) {
    let mut text = String::new();
    let mut inside = Vec::new();
    let mut whole = true;
    let mut rest = body;
    while let Some(first) = rest.chars().next() {
        let opened = opens(language, rest);
        if opened > 0 {
            let code = rest.get(opened..).unwrap_or_default();
            let end = closing_brace(code);
            whole &= end.is_some();
            let end = end.unwrap_or(code.len());
            let code_in = code.get(..end).unwrap_or_default();
            if language == Language::Python {
                formatted(code_in, &mut inside)
            } else {
                inside.push(code_in.to_owned())
            }
            text.push(UNKNOWN);
            rest = code.get((end + 1).min(code.len())..).unwrap_or_default();
            continue;
        }
        let variable = matches!(language, Language::Perl | Language::Php) && matches!(first, '$' | '@')
            || language == Language::Ruby && rest.starts_with("#$");
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        if variable && after.starts_with(|next: char| next.is_alphabetic() || "_$&!0123456789".contains(next)) {
            text.push(UNKNOWN);
            let end = after.find(|c: char| !c.is_alphanumeric() && !"_$&!".contains(c)).unwrap_or(after.len());
            rest = after.get(end..).unwrap_or_default();
            // `$x[ code ]`, `$x{ code }`, `$x->[ code ]`: what stands there is code as well.
            let indexed = rest.strip_prefix("->").unwrap_or(rest);
            if language != Language::Ruby && indexed.starts_with(['[', '{']) {
                inside.push(indexed.split([']', '}']).next().unwrap_or_default().trim_start_matches(['[', '{']).to_owned());
            }
            continue;
        }
        text.push(first);
        rest = after;
        let doubled = language == Language::Python && first == '{';
        if let Some(next) = rest.chars().next().filter(|_| first == '\\' || doubled) {
            text.extend(Some(next).filter(|_| !doubled));
            rest = rest.get(next.len_utf8()..).unwrap_or_default();
        }
    }
    (text, inside, whole)
}

/// `expression!r:format`: the expression, and what stands in braces in the format.
fn formatted(code: &str, inside: &mut Vec<String>) {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, character) in code.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ':') if depth == 0 => {
                inside.push(code.get(..at).unwrap_or_default().to_owned());
                let format = code.get(at + 1..).unwrap_or_default();
                inside.extend(format.split('{').skip(1).map(|part| part.trim_end_matches('}').to_owned()));
                return;
            }
            (None, '!') if depth == 0 && is_conversion(code.get(at..).unwrap_or_default()) => {
                inside.push(code.get(..at).unwrap_or_default().to_owned());
                let format = code.get(at + 2..).unwrap_or_default();
                inside.extend(format.split('{').skip(1).map(|part| part.trim_end_matches('}').to_owned()));
                return;
            }
            (None, _) => {}
        }
    }
    inside.push(code.trim_end_matches('=').to_owned());
}

fn is_conversion(rest: &str) -> bool {
    ["!r", "!s", "!a"].iter().any(|mark| rest.strip_prefix(mark).is_some_and(|after| after.is_empty() || after.starts_with(':')))
}

/// Where the brace closes that was opened just before; quotes inside are stepped over.
pub(super) fn closing_brace(code: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in code.char_indices() {
        match (quote, character) {
            _ if escaped => escaped = false,
            (_, '\\') => escaped = true,
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, '{') => depth += 1,
            (None, '}') if depth == 0 => return Some(at),
            (None, '}') => depth -= 1,
            (None, _) => {}
        }
    }
    None
}

/// Backslash escapes taken out; an escape by number is worked out where it is plain, and not known where it is not.
pub(super) fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some('\n') | None => {}
            Some(kind @ ('x' | 'u')) => {
                let digits = if kind == 'x' { 2 } else { 4 };
                let mut code = String::new();
                while code.len() < digits && characters.peek().is_some_and(char::is_ascii_hexdigit) {
                    code.extend(characters.next());
                }
                let value = u32::from_str_radix(&code, 16).ok().filter(|_| code.len() == digits);
                plain.push(value.and_then(char::from_u32).unwrap_or(UNKNOWN));
            }
            Some('U' | 'N' | '0'..='7') => plain.push(UNKNOWN),
            Some(other) => plain.push(other),
        }
    }
    plain
}
