//! Texts that every shell refuses. In: a source and why it was not read. Out: whether bash, dash and zsh all stop there
//! with a syntax error, so that the command in which the error lies never runs.
//!
//! Only what is wrong in each of them counts: zsh takes `(` for a pattern, runs empty bodies and empty commands, leaves out
//! `do`, has `&|`, `>>|` and `repeat 2 { … }`, and reads `<1-9>` as numbers.

use super::Unread;

/// An opening that nothing closes: whatever follows is inside it, in every shell.
const OPEN: &[&str] =
    &["a single quote is not closed", "a double quote is not closed", "a backquote is not closed", "`${` is not closed"];

/// A compound command ends with the text.
const UNFINISHED: &[&str] = &[
    "`fi` was expected",
    "`done` was expected",
    "a loop's body is not closed",
    "`esac` was expected",
    "a substitution is not closed",
    "a group is not closed",
    "a subshell is not closed",
];

/// Whether no shell runs the command that the error lies in.
pub(crate) fn is_certain(source: &str, unread: &Unread) -> bool {
    let Unread::Syntax { at, what } = unread else { return false };
    let (before, rest) = source.split_at_checked(*at as usize).unwrap_or((source, ""));
    let operator = !(rest.starts_with('|') && before.ends_with(['>', '&']));
    match *what {
        "a word was expected" => operator && !rest.starts_with('(') && !has_number_range(source),
        "a command was expected" => operator && (rest.trim().is_empty() || rest.starts_with(['|', '&'])),
        "this reserved word closes nothing" | "this closes nothing" => !rest.starts_with('}'),
        what if OPEN.contains(&what) => true,
        what => UNFINISHED.contains(&what) && rest.trim().is_empty(),
    }
}

/// `<1-9>`, `<->`: a pattern in zsh.
fn has_number_range(source: &str) -> bool {
    source.split('<').skip(1).any(|after| {
        let end = after.find(|character: char| !character.is_ascii_digit() && character != '-').unwrap_or(after.len());
        let (range, rest) = after.split_at_checked(end).unwrap_or((after, ""));
        range.contains('-') && rest.starts_with('>')
    })
}

/// Takes the error out of a text that every shell refuses, so that what is left reads as it was meant: openings are closed,
/// placeholders (`<name>`) become words, operators and reserved words that belong to nothing become ends of lines. Never removes
/// the name of a command. False where it does not know how.
pub(crate) fn mend(source: &mut String, unread: &Unread) -> bool {
    let Unread::Syntax { at, what } = unread else { return false };
    let at = *at as usize;
    let ending = match *what {
        "a single quote is not closed" => "'",
        "a double quote is not closed" => "\"",
        "a backquote is not closed" => "`",
        "`${` is not closed" => "}",
        "a substitution is not closed" | "a subshell is not closed" => "\n)",
        "a group is not closed" => "\n}",
        "`fi` was expected" => "\nfi",
        "`done` was expected" | "a loop's body is not closed" => "\ndone",
        "`esac` was expected" => "\nesac",
        "a command was expected" if source.get(at..).is_some_and(|rest| rest.trim().is_empty()) => "\n:",
        "a word was expected" => return without_placeholders(source, at),
        _ => return without_token(source, at),
    };
    source.push_str(ending);
    true
}

/// `<name of it>` becomes `_name_of_it_` in the line of the error; where there is none, the redirection before `at` goes.
fn without_placeholders(source: &mut String, at: usize) -> bool {
    let start = source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let end = source.get(at..).and_then(|rest| rest.find('\n')).map_or(source.len(), |newline| at + newline);
    let Some((front, mut rest)) = source.get(..end).and_then(|text| text.split_at_checked(start)) else { return false };
    let mut mended = front.to_owned();
    while let Some((before, after)) = rest.split_once('<') {
        mended.push_str(before);
        rest = after;
        let name = after.split_once('>').map(|(name, _)| name).filter(|name| is_placeholder(name));
        let Some(name) = name else {
            mended.push('<');
            continue;
        };
        mended.push('_');
        mended.extend(name.chars().map(|character| if character.is_alphanumeric() { character } else { '_' }));
        mended.push('_');
        rest = after.get(name.len() + 1..).unwrap_or_default();
    }
    mended.push_str(rest);
    mended.push_str(source.get(end..).unwrap_or_default());
    if mended != *source {
        *source = mended;
        return true;
    }
    let bytes = source.as_bytes();
    let operator = bytes.get(..at).and_then(|before| before.iter().rposition(|byte| matches!(byte, b'<' | b'>')));
    operator.is_some_and(|operator| replace(source, operator, 1, ' '))
}

fn is_placeholder(name: &str) -> bool {
    let inner =
        |character: char| character.is_alphanumeric() || matches!(character, ' ' | '_' | '-' | '.' | '/' | '|' | ':' | ',');
    name.starts_with(|character: char| character.is_alphabetic()) && name.len() <= 60 && name.chars().all(inner)
}

/// The operator or reserved word at `at` becomes the end of a line: what follows is a command.
fn without_token(source: &mut String, at: usize) -> bool {
    let rest = source.get(at..).unwrap_or_default();
    let word = rest.find(|character: char| !character.is_ascii_lowercase()).unwrap_or(rest.len());
    let length =
        if word > 0 { word } else { rest.find(|character| !matches!(character, '|' | '&' | ';' | ')')).unwrap_or(rest.len()) };
    length > 0 && replace(source, at, length, '\n')
}

/// Puts `first` and blanks in the place of `length` bytes of ASCII.
fn replace(source: &mut String, at: usize, length: usize, first: char) -> bool {
    let ascii = source.get(at..at + length).is_some_and(str::is_ascii);
    if ascii {
        source.replace_range(at..at + length, &format!("{first}{}", " ".repeat(length - 1)));
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::is_certain;
    use crate::shell::{Limits, parse};

    fn refused(source: &str) -> bool {
        parse(source, &Limits::default()).is_err_and(|unread| is_certain(source, &unread))
    }

    #[test]
    fn what_is_wrong_in_every_shell_is_refused() {
        for source in [
            "less -S <filename>",
            "| jq .",
            "&& make",
            "a |",
            "echo 'x",
            "x \"",
            "elif true; then a",
            "fi",
            ";;",
            "for a in b; do",
            "a)",
        ] {
            assert!(refused(source), "{source}");
        }
    }

    #[test]
    fn what_zsh_would_run_is_not() {
        for source in [
            "rm <1-9>",
            "rm *(D)",
            "() { rm x }",
            "repeat 2 { rm x; }",
            "a &| rm x",
            "a >>| b",
            "a; ; rm x",
            "for a in b; rm $a",
            "if true; then fi; rm x",
            "{ } ; rm x",
            "while true; do done; rm x",
            "if [[ a ]] { rm x }",
        ] {
            assert!(!refused(source), "{source}");
        }
    }
}
