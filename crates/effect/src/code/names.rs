//! Names of a code: what they stand for (imports, other names for functions and modules), and the value they were given.
//!
//! A name that stands for two things, or takes the place of one of the language's own, spoils the reading: which of them
//! is meant is decided while the code runs.

use std::collections::{BTreeMap, BTreeSet};

use super::calls;
use super::lex::{Language, Token};
use super::literal::{Constants, value};
use super::tables;

/// What names stand for.
#[derive(Default)]
pub(super) struct Names {
    /// A name by what it really is.
    real: BTreeMap<String, String>,
    /// Tokens that only bind names.
    pub(super) binding: BTreeSet<usize>,
    /// Modules that are loaded.
    pub(super) modules: BTreeSet<String>,
    /// Whether a name stands for more than one thing.
    pub(super) spoiled: bool,
}

impl Names {
    /// The names of a code.
    pub(super) fn of(language: Language, tokens: &[Token]) -> Names {
        let mut names = Names::default();
        match language {
            Language::Python => {
                names.python_imports(tokens);
                names.aliases(language, tokens);
            }
            Language::JavaScript => {
                names.javascript_imports(tokens);
                names.destructured(tokens);
                names.aliases(language, tokens);
            }
            Language::Lua => names.aliases(language, tokens),
            Language::Perl | Language::Ruby | Language::Php | Language::Awk => {}
        }
        names
    }

    /// A name by what it stands for.
    pub(super) fn canonical(&self, name: &str) -> String {
        let (first, rest) = match name.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (name, None),
        };
        match (self.real.get(first), rest) {
            (Some(real), Some(rest)) => format!("{real}.{rest}"),
            (Some(real), None) => real.clone(),
            (None, _) => name.to_owned(),
        }
    }

    /// Whether the name was made to stand for something.
    pub(super) fn stands(&self, name: &str) -> bool {
        self.real.contains_key(name.split('.').next().unwrap_or(name))
    }

    fn bind(&mut self, language: Language, name: &str, real: String) {
        let own = tables::is_global(language, name) && *name != real;
        let twice = self.real.get(name).is_some_and(|other| *other != real);
        self.spoiled |= own || twice;
        self.real.insert(name.to_owned(), real);
    }

    /// `import a.b as c, d`, `from a import (b as c, d)`.
    fn python_imports(&mut self, tokens: &[Token]) {
        let mut at = 0;
        while at < tokens.len() {
            let statement =
                matches!(at.checked_sub(1).and_then(|before| tokens.get(before)), None | Some(Token::Sign('\n' | ';' | ':')));
            match tokens.get(at) {
                Some(Token::Name(word)) if statement && word == "import" => at = self.plain_import(at + 1, tokens),
                Some(Token::Name(word)) if statement && word == "from" => at = self.import_from(at + 1, tokens),
                Some(_) | None => at += 1,
            }
        }
    }

    fn plain_import(&mut self, start: usize, tokens: &[Token]) -> usize {
        let mut at = start;
        self.binding.insert(start - 1);
        while let Some(Token::Name(module)) = tokens.get(at) {
            self.binding.insert(at);
            self.modules.insert(module.clone());
            match (tokens.get(at + 1), tokens.get(at + 2)) {
                (Some(Token::Name(word)), Some(Token::Name(local))) if word == "as" => {
                    self.binding.extend([at + 1, at + 2]);
                    self.bind(Language::Python, local, module.clone());
                    at += 3;
                }
                _ => {
                    let first = module.split('.').next().unwrap_or(module).to_owned();
                    self.bind(Language::Python, &first.clone(), first);
                    at += 1;
                }
            }
            if tokens.get(at) != Some(&Token::Sign(',')) {
                break;
            }
            at += 1;
        }
        at
    }

    fn import_from(&mut self, start: usize, tokens: &[Token]) -> usize {
        let (Some(Token::Name(module)), Some(Token::Name(word))) = (tokens.get(start), tokens.get(start + 1)) else {
            return start;
        };
        if word != "import" {
            return start;
        }
        self.binding.extend([start - 1, start, start + 1]);
        self.modules.insert(module.clone());
        let mut at = start + 2;
        let bracket = tokens.get(at) == Some(&Token::Sign('('));
        at += usize::from(bracket);
        loop {
            match tokens.get(at) {
                Some(Token::Sign('\n')) if bracket => at += 1,
                Some(Token::Sign(',')) => at += 1,
                Some(Token::Sign('\\')) if tokens.get(at + 1) == Some(&Token::Sign('\n')) => at += 2,
                Some(Token::Name(member)) => {
                    self.binding.insert(at);
                    let real = format!("{module}.{member}");
                    if let (Some(Token::Name(word)), Some(Token::Name(local))) = (tokens.get(at + 1), tokens.get(at + 2))
                        && word == "as"
                    {
                        self.binding.extend([at + 1, at + 2]);
                        self.bind(Language::Python, local, real);
                        at += 3;
                    } else {
                        self.bind(Language::Python, member, real);
                        at += 1;
                    }
                }
                Some(Token::Sign('*')) => {
                    self.spoiled = true;
                    return at + 1;
                }
                Some(_) | None => return at,
            }
        }
    }

    /// `import x, {a as b} from "m"`, `import * as x from "m"`.
    fn javascript_imports(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            if *token != Token::Name("import".to_owned()) || matches!(tokens.get(at + 1), Some(Token::Sign('('))) {
                continue;
            }
            let rest = tokens.get(at + 1..).unwrap_or_default();
            let Some(length) = rest.iter().take(80).position(|token| matches!(token, Token::Text(_))) else { continue };
            let Some(Token::Text(module)) = rest.get(length) else { continue };
            let Some(module) = tables::module_name(Language::JavaScript, module) else { continue };
            self.binding.extend(at..=at + 1 + length);
            self.import_names(rest.get(..length).unwrap_or_default(), &module);
        }
    }

    fn import_names(&mut self, list: &[Token], module: &str) {
        let mut inside = false;
        let mut at = 0;
        while let Some(token) = list.get(at) {
            let renamed = match (list.get(at + 1), list.get(at + 2)) {
                (Some(Token::Name(word)), Some(Token::Name(local))) if word == "as" => Some(local),
                _ => None,
            };
            match token {
                Token::Sign('{') => inside = true,
                Token::Sign('}') => inside = false,
                Token::Sign('*') | Token::Name(_) if renamed.is_some() => {
                    let member = if let Token::Name(name) = token { format!("{module}.{name}") } else { module.to_owned() };
                    if let Some(local) = renamed {
                        self.bind(Language::JavaScript, local, member.trim_end_matches(".default").to_owned());
                    }
                    at += 2;
                }
                Token::Name(name) if name != "from" && name != "type" => {
                    let real = if inside { format!("{module}.{name}") } else { module.to_owned() };
                    self.bind(Language::JavaScript, name, real);
                }
                Token::Name(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) | Token::Sign(_) => {}
            }
            at += 1;
        }
    }

    /// `const {a, b: c} = fs`.
    fn destructured(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            let declares = matches!(token, Token::Name(name) if matches!(name.as_str(), "const" | "let" | "var"));
            let [Token::Sign('{'), rest @ ..] = tokens.get(at + 1..).unwrap_or_default() else { continue };
            let Some(end) = rest.iter().take(120).position(|token| *token == Token::Sign('}')).filter(|_| declares) else {
                continue;
            };
            let after = rest.get(end + 1..).unwrap_or_default();
            let (skip, module) = match after {
                [Token::Sign('='), Token::Name(await_), Token::Name(module), ..] if await_ == "await" => (3, module),
                [Token::Sign('='), Token::Name(module), ..] => (2, module),
                _ => continue,
            };
            let real = self.canonical(module);
            if !tables::is_module(Language::JavaScript, &real) || !ends(after.get(skip)) {
                continue;
            }
            let plain = self.members(rest.get(..end).unwrap_or_default(), &real);
            if plain {
                self.binding.extend(at..at + 3 + end + skip);
            }
        }
    }

    fn members(&mut self, list: &[Token], module: &str) -> bool {
        let mut plain = true;
        for item in list.split(|token| *token == Token::Sign(',')) {
            let item: Vec<&Token> = item.iter().filter(|token| **token != Token::Sign('\n')).collect();
            match item.as_slice() {
                [] => {}
                [Token::Name(name)] => self.bind(Language::JavaScript, name, format!("{module}.{name}")),
                [Token::Name(member) | Token::Text(member), Token::Sign(':'), Token::Name(local)] => {
                    self.bind(Language::JavaScript, local, format!("{module}.{member}"));
                }
                _ => plain = false,
            }
        }
        plain
    }

    /// `f = open`, `const r = fs.rmSync`: a function or module under another name.
    fn aliases(&mut self, language: Language, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            let (Token::Name(local), Some(Token::Sign('='))) = (token, tokens.get(at + 1)) else { continue };
            let awaited = matches!(tokens.get(at + 2), Some(Token::Name(word)) if word == "await");
            let value = at + 2 + usize::from(awaited);
            let Some(Token::Name(real)) = tokens.get(value).filter(|_| ends(tokens.get(value + 1))) else { continue };
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            let statement = match before {
                None | Some(Token::Sign('\n' | ';' | ':' | '{' | ',')) => true,
                Some(Token::Name(word)) => matches!(word.as_str(), "const" | "let" | "var" | "local"),
                Some(_) => false,
            };
            let real = self.canonical(real);
            let known = tables::is_module(language, &real)
                || (calls::act(language, &real).is_some() && (tables::is_global(language, &real) || real.contains('.')));
            if statement && known && !local.contains('.') {
                self.bind(language, local, real);
                self.binding.extend([at, value]);
            }
        }
    }
}

fn ends(token: Option<&Token>) -> bool {
    matches!(token, None | Some(Token::Sign('\n' | ';' | ',' | ')')))
}

/// `from os import remove`, `import x`.
pub(super) fn is_import(at: usize, tokens: &[Token]) -> bool {
    let line = tokens.get(at.saturating_sub(30)..at).unwrap_or_default();
    let line = line.rsplit(|token| matches!(token, Token::Sign('\n' | ';'))).next().unwrap_or_default();
    line.iter().any(|token| matches!(token, Token::Name(name) if matches!(name.as_str(), "import" | "from" | "const" | "use" | "let" | "var")))
}

/// Names that are given a value once, at one place, and bound in no other way. `given` comes first: what the command
/// line and the environment hold.
pub(super) fn constants(tokens: &[Token], given: &Constants) -> Constants {
    let bound = otherwise_bound(tokens);
    let mut constants = given.clone();
    let mut seen = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let (Token::Name(name), Some(Token::Sign('='))) = (token, tokens.get(at + 1)) else { continue };
        if matches!(tokens.get(at + 2), Some(Token::Sign('=' | '~' | '>'))) || given.contains_key(name) {
            continue;
        }
        let rest = tokens.get(at + 2..).unwrap_or_default();
        let found = value(rest.get(..expression_end(rest)).unwrap_or_default(), &constants);
        let once = seen.insert(name.clone()) && !bound.contains(name.as_str()) && !name.contains('.');
        let known = if once { found } else { None };
        constants.insert(name.clone(), known);
    }
    constants
}

fn expression_end(rest: &[Token]) -> usize {
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
        Token::Name(name) => depth == 0 && matches!(name.as_str(), "if" | "or" | "and" | "unless" | "for" | "while"),
        Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => false,
    });
    end.unwrap_or(rest.len().min(40))
}

/// Names bound by something else than one plain `=`: parameters, loops, `as`, `+=`, lists of targets, `++`.
fn otherwise_bound(tokens: &[Token]) -> BTreeSet<&str> {
    let mut bound = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Name(word) => match word.as_str() {
                "for" | "foreach" => {
                    let rest = tokens.get(at + 1..).unwrap_or_default();
                    let stop = |token: &Token| matches!(token, Token::Name(name) if name == "in" || name == "of");
                    bound.extend(rest.iter().take(40).take_while(|token| !stop(token)).filter_map(name_of));
                }
                "def" | "function" | "lambda" | "sub" | "fn" | "catch" => {
                    bound.extend(tokens.iter().skip(at + 1).take(60).take_while(|token| !opens_body(token)).filter_map(name_of));
                }
                "as" | "global" | "nonlocal" | "read" | "getline" | "chomp" | "chop" => {
                    bound.extend(tokens.iter().skip(at + 1).take(4).filter_map(name_of));
                }
                _ => {
                    let sign = tokens.get(at + 1);
                    let doubled = matches!((sign, tokens.get(at + 2)), (Some(Token::Sign(a)), Some(Token::Sign(b))) if a == b && "+-<".contains(*a));
                    let assigned = matches!(sign, Some(Token::Sign(sign)) if "+-*/%|&^.:?~<".contains(*sign))
                        && tokens.get(at + 2) == Some(&Token::Sign('='));
                    let power = matches!(tokens.get(at + 1..at + 4), Some([Token::Sign(_), Token::Sign(_), Token::Sign('=')]));
                    if doubled || assigned || power {
                        bound.insert(word.as_str());
                    }
                }
            },
            // `a, b = …`; the parameters of an arrow; `|x|` of a block.
            Token::Sign('=') => bound.extend(targets_before(at, tokens)),
            Token::Sign('|') => bound
                .extend(tokens.iter().skip(at + 1).take(8).take_while(|token| **token != Token::Sign('|')).filter_map(name_of)),
            Token::Text(_) | Token::Command(_) | Token::Number(_) | Token::Sign(_) => {}
        }
    }
    bound
}

fn opens_body(token: &Token) -> bool {
    matches!(token, Token::Sign(':' | '{' | '\n'))
}

fn name_of(token: &Token) -> Option<&str> {
    if let Token::Name(name) = token { Some(name.as_str()) } else { None }
}

/// Names in a list of targets before `=`, or in the parameters before `=>`.
fn targets_before(at: usize, tokens: &[Token]) -> Vec<&str> {
    let before = tokens.get(at.saturating_sub(40)..at).unwrap_or_default();
    if tokens.get(at + 1) == Some(&Token::Sign('>')) {
        let statement = before.rsplit(|token| matches!(token, Token::Sign('\n' | ';'))).next().unwrap_or_default();
        return statement.iter().filter_map(name_of).collect();
    }
    if matches!(before.last(), Some(Token::Sign(')' | ']' | '}'))) {
        return in_brackets(before);
    }
    let part = |token: &&Token| matches!(token, Token::Name(_) | Token::Sign(',' | '*' | '$' | '@'));
    let list: Vec<&str> = before.iter().rev().take_while(part).filter_map(name_of).collect();
    let commas = before.iter().rev().take_while(part).any(|token| *token == Token::Sign(','));
    if commas { list } else { Vec::new() }
}

/// Names in the brackets that close at the end.
pub(super) fn in_brackets(before: &[Token]) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for token in before.iter().rev() {
        match token {
            Token::Sign(')' | ']' | '}') => depth += 1,
            Token::Sign('(' | '[' | '{') => depth = depth.saturating_sub(1),
            Token::Name(name) => found.push(name.as_str()),
            Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}
