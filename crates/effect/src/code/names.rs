//! Names of a code: what they were imported as, and the value they were given.

use std::collections::BTreeMap;

use super::lex::{Language, Token};
use super::literal::{Constants, value};

/// `from os import remove`, `import x`.
pub(super) fn is_import(at: usize, tokens: &[Token]) -> bool {
    let line = tokens.get(at.saturating_sub(30)..at).unwrap_or_default();
    let line = line.rsplit(|token| matches!(token, Token::Sign('\n' | ';'))).next().unwrap_or_default();
    line.iter().any(|token| matches!(token, Token::Name(name) if matches!(name.as_str(), "import" | "from" | "const" | "use" | "let" | "var")))
}

/// A name by what it was imported as.
pub(super) fn canonical(name: &str, imports: &BTreeMap<String, String>) -> String {
    let (first, rest) = match name.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (name, None),
    };
    match (imports.get(first), rest) {
        (Some(real), Some(rest)) => format!("{real}.{rest}"),
        (Some(real), None) => real.clone(),
        (None, _) => name.to_owned(),
    }
}

/// `import os as o`, `from os import remove as r`, `const {rmSync: r} = …`: names by what they stand for.
pub(super) fn imports(language: Language, tokens: &[Token]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    if language != Language::Python {
        return names;
    }
    let mut module: Option<String> = None;
    let mut importing = false;
    let mut previous: Option<String> = None;
    let mut renames = false;
    for token in tokens {
        match token {
            Token::Sign('\n' | ';') => (module, importing, previous, renames) = (None, false, None, false),
            Token::Name(name) if name == "import" => importing = true,
            Token::Name(name) if name == "as" && importing => renames = true,
            Token::Name(name) if importing => {
                let real = |name: &str| module.as_ref().map_or_else(|| name.to_owned(), |module| format!("{module}.{name}"));
                if std::mem::take(&mut renames) {
                    if let Some(original) = &previous {
                        names.insert(name.clone(), real(original));
                    }
                } else {
                    if module.is_some() {
                        names.insert(name.clone(), real(name));
                    }
                    previous = Some(name.clone());
                }
            }
            Token::Name(name) if previous.as_deref() == Some("from") => {
                module = Some(name.clone());
                previous = None;
            }
            Token::Name(name) => previous = Some(name.clone()),
            Token::Sign(_) | Token::Text(_) | Token::Command(_) => {}
        }
    }
    names
}

/// Names that are given a value once, at one place.
pub(super) fn constants(tokens: &[Token]) -> Constants {
    let mut constants = Constants::new();
    for (at, token) in tokens.iter().enumerate() {
        let (Token::Name(name), Some(Token::Sign('='))) = (token, tokens.get(at + 1)) else { continue };
        if matches!(tokens.get(at + 2), Some(Token::Sign('=' | '~' | '>'))) {
            continue;
        }
        let rest = tokens.get(at + 2..).unwrap_or_default();
        let mut depth = 0;
        let end = rest.iter().take(40).position(|token| match token {
            Token::Sign('(' | '[' | '{') => {
                depth += 1;
                false
            }
            Token::Sign(')' | ']' | '}' | ',') if depth == 0 => true,
            Token::Sign(')' | ']' | '}') => {
                depth -= 1;
                false
            }
            Token::Sign('\n' | ';') => depth == 0,
            Token::Sign(_) | Token::Name(_) | Token::Text(_) | Token::Command(_) => false,
        });
        let found = value(rest.get(..end.unwrap_or(rest.len().min(40))).unwrap_or_default(), &constants);
        let known = if constants.contains_key(name) { None } else { found };
        constants.insert(name.clone(), known);
    }
    constants
}
