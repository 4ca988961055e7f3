//! Output that is a list of file names, one a line: what `find`, `ls` or `grep -l` print and `xargs` takes. The names
//! are not known, only patterns they match; so the word's text stays unknown and its pattern holds one line each.

use super::destination::{escaped, inside};
use crate::invocation::{Invocation, Sink, Stdin, UNKNOWN, Word};

/// A list of names that match one of these words.
pub(super) fn of(words: &[Word]) -> Option<Word> {
    if words.is_empty() || words.iter().any(|word| !word.known() || word.text.contains('\n')) {
        return None;
    }
    let lines: Vec<String> = words.iter().map(|word| word.pattern.clone().unwrap_or_else(|| escaped(&word.text))).collect();
    Some(Word { text: UNKNOWN.to_string(), pattern: Some(lines.join("\n")), span: words.first().and_then(|word| word.span) })
}

/// Words for a directory and all that is below it, hidden or not.
pub(super) fn everything(root: &Word) -> Vec<Word> {
    vec![root.clone(), below(root, "**"), below(root, "**/.*/**")]
}

/// The pattern `rest` below a directory.
pub(super) fn below(root: &Word, rest: &str) -> Word {
    let base = root.pattern.clone().unwrap_or_else(|| escaped(&root.text));
    let slash = if base.ends_with('/') { "" } else { "/" };
    Word { text: inside(root, rest).text, pattern: Some(format!("{base}{slash}{rest}")), span: root.span }
}

/// The words that stand for the names in such a list.
pub(super) fn names(list: &Word) -> Option<Vec<Word>> {
    let pattern = list.pattern.as_ref().filter(|_| !list.known())?;
    let word = |line: &str| Word { text: line.to_owned(), pattern: Some(line.to_owned()), span: list.span };
    Some(pattern.split('\n').map(word).collect())
}

/// What a program prints that passes some of its input's lines on.
pub(super) fn passed_on(invocation: &Invocation<'_>, sink: &mut Sink) {
    if let Stdin::Text(list) = invocation.stdin
        && names(list).is_some()
    {
        sink.stdout = Some(list.clone());
    }
}
