//! Tokens as read in, the same with every member that is named in a roundabout way named plainly: `require("fs")["rm" +
//! "Sync"]`, `__import__("os").system`, `getattr(os, "sys" + "tem")`.

use super::lex::{Language, Token};
use super::literal::{Constants, arguments, closing, value};
use super::tables;

/// Names the members.
pub(super) fn rewritten(language: Language, tokens: Vec<Token>, constants: &Constants) -> Vec<Token> {
    if !matches!(language, Language::Python | Language::JavaScript) {
        return tokens;
    }
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = tokens.get(at + 1..).unwrap_or_default();
        let (new, used) = match token {
            Token::Name(name) => named(language, name, rest, constants),
            Token::Sign('[') if language == Language::JavaScript && ends_value(&out) => member(rest, constants),
            Token::Sign('?')
                if language == Language::JavaScript
                    && matches!(rest, [Token::Sign('.'), Token::Sign('['), ..])
                    && ends_value(&out) =>
            {
                let (new, used) = member(rest.get(2..).unwrap_or_default(), constants);
                (new, if used > 0 { used + 2 } else { 0 })
            }
            Token::Text(_) | Token::Command(_) | Token::Number(_) | Token::Sign(_) => (None, 0),
        };
        push(&mut out, new.unwrap_or_else(|| token.clone()));
        at += used + 1;
    }
    out
}

fn ends_value(out: &[Token]) -> bool {
    match out.last() {
        Some(Token::Name(name)) => !tables::is_keyword(Language::JavaScript, name),
        Some(Token::Sign(')' | ']' | '}') | Token::Text(_)) => true,
        Some(Token::Sign(_) | Token::Command(_) | Token::Number(_)) | None => false,
    }
}

/// A member goes to the name before it, also where that stands in brackets of its own: `(await import("fs")).rmSync`.
fn push(out: &mut Vec<Token>, token: Token) {
    let Token::Name(member) = &token else { return out.push(token) };
    if !member.starts_with('.') {
        return out.push(token);
    }
    while let [.., Token::Sign('('), Token::Name(_), Token::Sign(')')]
    | [.., Token::Sign('('), Token::Name(_), Token::Name(_), Token::Sign(')')] = out.as_slice()
    {
        let called = |at: usize| matches!(out.get(at), Some(Token::Name(name)) if name != "await" && !tables::is_keyword(Language::JavaScript, name));
        let open = out.iter().rposition(|token| *token == Token::Sign('(')).unwrap_or(0);
        let awaited = matches!(out.get(open + 1), Some(Token::Name(name)) if name == "await");
        if (open > 0 && called(open - 1)) || (out.len() - open == 4 && !awaited) {
            break;
        }
        out.pop();
        let name = out.pop();
        out.truncate(open);
        out.extend(name);
    }
    match out.last_mut() {
        Some(Token::Name(name)) if !tables::is_keyword(Language::JavaScript, name) => name.push_str(member),
        _ => out.push(token),
    }
}

/// The plain name of a roundabout one, and how many more tokens it took.
fn named(language: Language, name: &str, rest: &[Token], constants: &Constants) -> (Option<Token>, usize) {
    let [Token::Sign('('), inside @ ..] = rest else { return (None, 0) };
    let Some(end) = closing(inside, '(', ')') else { return (None, 0) };
    let list = arguments(inside.get(..end).unwrap_or_default());
    let loaded = match language {
        Language::JavaScript => tables::loads_module(name),
        Language::Python => matches!(name, "__import__" | "importlib.import_module" | "importlib.__import__"),
        Language::Perl | Language::Ruby | Language::Php | Language::Awk | Language::Lua => false,
    };
    let text = |index: usize| list.get(index).and_then(|tokens| value(tokens, constants));
    let plain = if loaded {
        text(0).and_then(|module| tables::module_name(language, &module))
    } else if language == Language::Python && name == "getattr" && list.len() >= 2 {
        match list.first() {
            Some([Token::Name(receiver)]) => text(1).filter(|name| is_identifier(name)).map(|name| format!("{receiver}.{name}")),
            Some([..]) | None => None,
        }
    } else {
        None
    };
    match plain {
        Some(plain) => (Some(Token::Name(plain)), end + 2),
        None => (None, 0),
    }
}

/// `["name"]` after a value.
fn member(inside: &[Token], constants: &Constants) -> (Option<Token>, usize) {
    let Some(end) = closing(inside, '[', ']') else { return (None, 0) };
    match inside.get(..end).and_then(|key| value(key, constants)).filter(|key| is_identifier(key)) {
        Some(key) => (Some(Token::Name(format!(".{key}"))), end + 1),
        None => (None, 0),
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
