//! Expressions whose value stands in the code: strings, strings put together, paths joined, the home directory.

use std::collections::BTreeMap;

use crate::invocation::UNKNOWN;

use super::lex::Token;

/// Brackets inside brackets that are looked into.
const MAX_DEPTH: usize = 8;
/// Tokens of one call's arguments; a call with more is not followed.
const MAX_SPAN: usize = 600;

/// Functions that give back their argument, or join their arguments, as a path.
const PATHS: &[&str] = &[
    "Path",
    "PosixPath",
    "PurePath",
    "pathlib.Path",
    "pathlib.PosixPath",
    "os.path.expanduser",
    "os.path.abspath",
    "os.path.realpath",
    "os.path.join",
    "os.path.normpath",
    "os.fspath",
    "expanduser",
    "str",
    "path.join",
    "path.resolve",
    "path.normalize",
    "File.expand_path",
    "File.join",
    "Pathname",
    "Pathname.new",
    "new",
    "URL",
    "String",
    "join",
    "realpath",
];
/// Expressions that mean the home directory.
const HOMES: &[&str] =
    &["os.homedir", "homedir", "Path.home", "pathlib.Path.home", "process.env.HOME", "Dir.home", "os.userInfo"];

/// Variables that were given a known value once.
pub(super) type Constants = BTreeMap<String, Option<String>>;

/// The value of an expression, where it stands in the code.
pub(super) fn value(tokens: &[Token], constants: &Constants) -> Option<String> {
    value_at(tokens, constants, 0)
}

fn value_at(tokens: &[Token], constants: &Constants, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH || tokens.len() > MAX_SPAN {
        return None;
    }
    let tokens = without_keyword(trimmed(tokens));
    let (mut text, rest) = atom(tokens, constants, depth)?;
    let mut rest = without_plain_methods(rest);
    if let [Token::Name(method), Token::Sign('('), Token::Sign('['), inside @ ..] = rest
        && method == ".join"
    {
        let end = closing(inside, '[', ']')?;
        let parts: Option<Vec<String>> =
            arguments(inside.get(..end)?).iter().map(|part| value_at(part, constants, depth + 1)).collect();
        text = parts?.join(&text);
        rest = inside.get(end + 2..)?;
    }
    while let Some((Token::Sign(sign), after)) = rest.split_first() {
        let (more, left) = atom(trimmed(after), constants, depth)?;
        match sign {
            '+' | '.' => text.push_str(&more),
            '/' => text = joined(&text, &more),
            _ => return None,
        }
        rest = without_plain_methods(left);
    }
    (rest.is_empty() && !text.contains(UNKNOWN)).then_some(text)
}

/// Functions that put texts together or look them up: `chr(47)`, `"/".join([…])`, `os.getenv("X")`, base64.
fn worked_out(name: &str, arguments: &[&[Token]], constants: &Constants, depth: usize) -> Option<String> {
    let text = |index: usize| value_at(arguments.get(index)?, constants, depth + 1);
    match name {
        "chr" | "String.fromCharCode" => {
            let letter = |argument: &&[Token]| match argument {
                [Token::Number(number)] => number.parse::<u32>().ok().and_then(char::from_u32),
                _ => None,
            };
            arguments.iter().map(letter).collect()
        }
        "os.getenv" | "os.environ.get" | "getenv" | "ENV.fetch" => {
            let key = text(0)?;
            if key == "HOME" { Some("~".to_owned()) } else { constants.get(&format!("os.environ.{key}"))?.clone() }
        }
        "base64.b64decode" | "b64decode" | "atob" | "base64_decode" | "Base64.decode64" | "decode_base64" => {
            super::base64_text(&text(0)?)
        }
        _ => None,
    }
}

/// What is known of a text of which a part is not: its strings, with marks between them.
pub(super) fn fragments(tokens: &[Token], constants: &Constants) -> String {
    let mut shown = String::new();
    for token in tokens.iter().take(60) {
        let known = match token {
            Token::Text(text) => Some(text.clone()),
            Token::Name(name) => constants.get(name).cloned().flatten(),
            Token::Command(_) | Token::Number(_) | Token::Sign(_) => None,
        };
        match known {
            Some(text) => shown.push_str(&text),
            None if !shown.ends_with(UNKNOWN) => shown.push(UNKNOWN),
            None => {}
        }
    }
    if shown.is_empty() || !shown.contains(UNKNOWN) {
        shown.push(UNKNOWN);
    }
    shown
}

/// `name=value` of a call.
fn without_keyword(tokens: &[Token]) -> &[Token] {
    match tokens {
        [Token::Name(_), Token::Sign('='), rest @ ..] if !rest.is_empty() => trimmed(rest),
        other => other,
    }
}

fn atom<'a>(tokens: &'a [Token], constants: &Constants, depth: usize) -> Option<(String, &'a [Token])> {
    match tokens {
        [Token::Text(text), rest @ ..] => {
            // Strings that stand side by side are one.
            let (mut all, mut rest) = (text.clone(), rest);
            while let Some((Token::Text(more), after)) = rest.split_first() {
                all.push_str(more);
                rest = after;
            }
            Some((all, rest))
        }
        [Token::Name(name), Token::Sign('('), rest @ ..] => {
            let end = closing(rest, '(', ')')?;
            let arguments = arguments(rest.get(..end)?);
            let rest = rest.get(end + 1..)?;
            let rest = without_plain_methods(rest);
            if HOMES.contains(&name.as_str()) {
                return Some(("~".to_owned(), rest));
            }
            if let Some(text) = worked_out(name, &arguments, constants, depth) {
                return Some((text, rest));
            }
            if !PATHS.contains(&name.as_str()) {
                return None;
            }
            let parts: Option<Vec<String>> = arguments.iter().map(|argument| value_at(argument, constants, depth + 1)).collect();
            let path =
                parts?.iter().fold(String::new(), |all, part| if all.is_empty() { part.clone() } else { joined(&all, part) });
            Some((path, rest))
        }
        [Token::Name(name), Token::Sign('['), Token::Text(key), Token::Sign(']'), rest @ ..]
            if key == "HOME" && matches!(name.as_str(), "os.environ" | "environ" | "ENV" | "process.env") =>
        {
            Some(("~".to_owned(), rest))
        }
        // `sys.argv[1]`, `ARGV[0]`: what the command line gives.
        [Token::Name(name), Token::Sign('['), Token::Number(index), Token::Sign(']'), rest @ ..] => {
            Some((constants.get(&format!("{name}[{index}]"))?.clone()?, rest))
        }
        [Token::Name(name), Token::Sign('['), Token::Text(key), Token::Sign(']'), rest @ ..] => {
            Some((constants.get(&format!("{name}.{key}"))?.clone()?, rest))
        }
        [Token::Name(name), rest @ ..] if HOMES.contains(&name.as_str()) => Some(("~".to_owned(), rest)),
        [Token::Name(name), rest @ ..] => Some((constants.get(name)?.clone()?, rest)),
        [Token::Sign('$'), Token::Name(name), rest @ ..] => Some((constants.get(name)?.clone()?, rest)),
        [Token::Sign('('), rest @ ..] => {
            let end = closing(rest, '(', ')')?;
            Some((value_at(rest.get(..end)?, constants, depth + 1)?, rest.get(end + 1..)?))
        }
        [Token::Sign(_) | Token::Command(_) | Token::Number(_), ..] | [] => None,
    }
}

/// `.expanduser()`, `.resolve()` after a path leave it as it is.
fn without_plain_methods(mut tokens: &[Token]) -> &[Token] {
    while let [Token::Name(name), Token::Sign('('), Token::Sign(')'), rest @ ..] = tokens {
        if !matches!(name.as_str(), ".expanduser" | ".resolve" | ".absolute" | ".toString" | ".decode" | ".to_s" | ".as_posix") {
            break;
        }
        tokens = rest;
    }
    tokens
}

fn joined(one: &str, other: &str) -> String {
    if other.starts_with('/') { other.to_owned() } else { format!("{}/{other}", one.trim_end_matches('/')) }
}

fn trimmed(tokens: &[Token]) -> &[Token] {
    let mut tokens = tokens;
    while let [Token::Sign('\n'), rest @ ..] | [rest @ .., Token::Sign('\n')] = tokens {
        tokens = rest;
    }
    tokens
}

/// Where the bracket closes that was opened just before.
pub(super) fn closing(tokens: &[Token], open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    for (at, token) in tokens.iter().take(MAX_SPAN).enumerate() {
        match token {
            Token::Sign(sign) if *sign == open => depth += 1,
            Token::Sign(sign) if *sign == close && depth == 0 => return Some(at),
            Token::Sign(sign) if *sign == close => depth -= 1,
            Token::Sign(_) | Token::Name(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => {}
        }
    }
    None
}

/// The expressions between commas that no bracket holds.
pub(super) fn arguments(tokens: &[Token]) -> Vec<&[Token]> {
    let mut all = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => depth -= 1,
            Token::Sign(',') if depth == 0 => {
                all.extend(tokens.get(start..at));
                start = at + 1;
            }
            Token::Sign(_) | Token::Name(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => {}
        }
    }
    let last = trimmed(tokens.get(start..).unwrap_or_default());
    if !last.is_empty() {
        all.push(last);
    }
    all
}
