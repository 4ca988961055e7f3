//! `${NAME%.txt}`, `${NAME##*/}`, `${NAMES[@]}` and their kin, where the value and the operator are both known.
//!
//! The tree keeps no operator, so it is read from the word's own text, and only where nothing there can be mistaken for
//! it: one `${`, no other substitution, no quotes and no backslashes in the operand.

use crate::glob::{glob_match, is_pattern};
use crate::invocation::Word;

/// Longest value that an operator is applied to: matching tries every place.
const MAX_BYTES: usize = 512;

/// What an operator gives.
pub(super) enum Given {
    /// These words (several for an array).
    Words(Vec<Word>),
    /// A number.
    Number,
}

/// The text between `NAME` and `}` of the only `${…}` in a word's text; a leading `#` where the length is asked.
pub(super) fn spelled<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let start = text.find("${")?;
    let inside = text.get(start + 2..)?;
    if inside.contains("${") || text.contains('`') || text.contains("$(") || text.contains("$[") {
        return None;
    }
    let inside = inside.get(..inside.find('}')?)?;
    if let Some(rest) = inside.strip_prefix('#').and_then(|rest| rest.strip_prefix(name)) {
        return matches!(rest, "" | "[@]" | "[*]").then_some("#");
    }
    let operator = inside.strip_prefix(name)?;
    let plain =
        !operator.contains(['\'', '"', '\\', '$', '~', '{']) && !operator.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    plain.then_some(operator)
}

/// Applies an operator to a value; `None` where the result is not known.
pub(super) fn apply(operator: &str, value: &[Word]) -> Option<Given> {
    match operator {
        "#" => return Some(Given::Number),
        "[@]" | "[*]" => return Some(Given::Words(value.to_vec())),
        _ => {}
    }
    if let Some(index) = operator.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let element = value.get(index.parse::<usize>().ok()?)?;
        return Some(Given::Words(vec![element.clone()]));
    }
    let word = value.first()?;
    if !word.known() || word.text.len() > MAX_BYTES {
        return None;
    }
    let result = match &word.pattern {
        Some(pattern) => on_pattern(operator, pattern)?,
        None => Word::literal(on_text(operator, &word.text)?, word.span),
    };
    Some(Given::Words(vec![result]))
}

fn on_text(operator: &str, text: &str) -> Option<String> {
    if let Some(pattern) = operator.strip_prefix("%%") {
        return Some(without_end(text, pattern, true));
    }
    if let Some(pattern) = operator.strip_prefix('%') {
        return Some(without_end(text, pattern, false));
    }
    if let Some(pattern) = operator.strip_prefix("##") {
        return Some(without_start(text, pattern, true));
    }
    if let Some(pattern) = operator.strip_prefix('#') {
        return Some(without_start(text, pattern, false));
    }
    if let Some(rest) = operator.strip_prefix("//") {
        let (pattern, new) = rest.split_once('/').unwrap_or((rest, ""));
        return is_plain(pattern).then(|| text.replace(pattern, new));
    }
    if let Some(rest) = operator.strip_prefix('/') {
        let (pattern, new) = rest.split_once('/').unwrap_or((rest, ""));
        return (is_plain(pattern) && !pattern.starts_with(['#', '%'])).then(|| text.replacen(pattern, new, 1));
    }
    match operator {
        "^^" => Some(text.to_uppercase()),
        ",," => Some(text.to_lowercase()),
        _ => part(operator, text),
    }
}

/// `:offset` and `:offset:length`, plain numbers only.
fn part(operator: &str, text: &str) -> Option<String> {
    let rest = operator.strip_prefix(':')?;
    let (offset, length) = rest.split_once(':').map_or((rest, None), |(offset, length)| (offset, Some(length)));
    let offset: usize = offset.trim().parse().ok()?;
    let length: usize = match length {
        Some(length) => length.trim().parse().ok()?,
        None => usize::MAX,
    };
    Some(text.chars().skip(offset).take(length).collect())
}

/// On a value that stands for names on the disk: the end, the directory or the last name taken off.
fn on_pattern(operator: &str, pattern: &str) -> Option<Word> {
    let result = match operator {
        "##*/" => pattern.rsplit('/').next().unwrap_or(pattern),
        "%/*" => pattern.rsplit_once('/').map(|(directory, _)| directory)?,
        operator => {
            let suffix = operator.strip_prefix("%%").or_else(|| operator.strip_prefix('%')).filter(|suffix| is_plain(suffix))?;
            pattern.strip_suffix(suffix)?
        }
    };
    // What is left may be no pattern any more, such as a directory.
    let pattern = is_pattern(result).then(|| result.to_owned());
    let text = if pattern.is_some() { result.to_owned() } else { crate::glob::unescaped(result) };
    Some(Word { text, pattern, span: None })
}

fn is_plain(pattern: &str) -> bool {
    !pattern.is_empty() && !pattern.contains(['*', '?', '[', '(', '&'])
}

fn without_end(text: &str, pattern: &str, longest: bool) -> String {
    let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if !longest {
        places.reverse();
    }
    let cut = places.into_iter().find(|at| text.get(*at..).is_some_and(|end| matches(pattern, end)));
    cut.and_then(|at| text.get(..at)).unwrap_or(text).to_owned()
}

fn without_start(text: &str, pattern: &str, longest: bool) -> String {
    let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if longest {
        places.reverse();
    }
    let cut = places.into_iter().find(|at| text.get(..*at).is_some_and(|start| matches(pattern, start)));
    cut.and_then(|at| text.get(at..)).unwrap_or(text).to_owned()
}

/// Matches where slashes and dots mean themselves only.
fn matches(pattern: &str, text: &str) -> bool {
    let flat = |text: &str| format!("/x{}", text.replace('/', "\u{1}"));
    glob_match(&flat(pattern), &flat(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(operator: &str, text: &str) -> Option<String> {
        match apply(operator, &[Word::literal(text, None)]) {
            Some(Given::Words(words)) => words.first().map(|word| word.text.clone()),
            Some(Given::Number) => Some("number".to_owned()),
            None => None,
        }
    }

    #[test]
    fn operators_do_as_in_bash() {
        for (operator, text, result) in [
            ("%.txt", "a.txt", "a"),
            ("%.*", "a.b.c", "a.b"),
            ("%%.*", "a.b.c", "a"),
            ("##*/", "/etc/x/y", "y"),
            ("#*/", "/etc/x", "etc/x"),
            ("%/*", "/etc/x", "/etc"),
            ("%.md", "a.txt", "a.txt"),
            ("//a/b", "aca", "bcb"),
            ("/a/b", "aca", "bca"),
            (":0:2", "rmdir", "rm"),
            (":1", "xrm", "rm"),
            (",,", "RM", "rm"),
        ] {
            assert_eq!(given(operator, text).as_deref(), Some(result), "{operator} {text}");
        }
        assert_eq!(given("@Q", "x"), None);
        assert_eq!(given(":-1", "x"), None);
    }

    #[test]
    fn an_operator_is_read_only_where_it_is_plain() {
        assert_eq!(spelled("\"${f%.txt}.md\"", "f"), Some("%.txt"));
        assert_eq!(spelled("${#f}", "f"), Some("#"));
        assert_eq!(spelled("${f%$x}", "f"), None);
        assert_eq!(spelled("${f%a}${f#a}", "f"), None);
        assert_eq!(spelled("${ff%a}", "f"), None);
        assert_eq!(spelled("${!f}", "f"), None);
    }
}
