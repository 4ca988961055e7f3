//! Goes through the tokens of a code and says what its calls do, and which of them it has read to the end.

mod deeds;
mod programs;

use bailiwick_vocab::effect::{Deed, Hint, WriteMode};

use crate::url;

use super::Seen;
use super::calls::{self, Act};
use super::lex::{Language, Token};
use super::literal::{Constants, arguments, closing, value};
use super::names::{Names, is_import};

/// Arguments of one command that take no parentheses: up to the statement's end, at most this many tokens.
const MAX_BARE: usize = 200;

/// Keyword arguments of Python that change nothing of what a call touches.
const NEUTRAL: &[&str] = &[
    "encoding",
    "errors",
    "newline",
    "exist_ok",
    "parents",
    "ignore_errors",
    "buffering",
    "recursive",
    "missing_ok",
    "shell",
    "check",
    "capture_output",
    "text",
    "stdout",
    "stderr",
    "stdin",
    "universal_newlines",
    "timeout",
    "input",
    "dirs_exist_ok",
    "headers",
    "params",
    "topdown",
    "indent",
    "stream",
    "allow_redirects",
    "verify",
    "data",
    "json",
    "files",
    "auth",
    "cookies",
    "suffix",
    "prefix",
    "delete",
    "strict",
    "end",
    "sep",
    "flush",
    "file",
    "symlinks",
    "follow_symlinks",
    "compresslevel",
    "target_is_directory",
    "bufsize",
];

/// What the scan of a code gives.
pub(super) struct Scanned {
    /// What is seen.
    pub(super) seen: Seen,
    /// Names whose call was read to the end.
    pub(super) read: Vec<bool>,
}

/// Looks at every call.
pub(super) fn scan(language: Language, tokens: &[Token], names: &Names, constants: Constants) -> Scanned {
    let mut scanner = Scanner {
        language,
        seen: Seen::default(),
        constants,
        handled: vec![false; tokens.len()],
        read: vec![false; tokens.len()],
        complete: true,
        uploads: false,
        connects: false,
        lists: Vec::new(),
        reads_unknown: false,
        decodes: false,
        gap: false,
    };
    for at in 0..tokens.len() {
        scanner.token(at, tokens, names);
    }
    scanner.lists_read();
    scanner.seen.gap |= scanner.gap;
    scanner.seen.decodes = scanner.decodes;
    scanner.leftovers(tokens);
    Scanned { seen: scanner.seen, read: scanner.read }
}

struct Scanner {
    language: Language,
    seen: Seen,
    constants: Constants,
    /// Strings whose part is known.
    handled: Vec<bool>,
    /// Names whose call was read to the end.
    read: Vec<bool>,
    /// Whether the call that is looked at has been read to the end so far.
    complete: bool,
    uploads: bool,
    connects: bool,
    /// Effects that read a directory's names: where files of unknown names are read, those are meant.
    lists: Vec<usize>,
    reads_unknown: bool,
    decodes: bool,
    /// Whether something that is no call could not be read.
    gap: bool,
}

impl Scanner {
    fn token(&mut self, at: usize, tokens: &[Token], names: &Names) {
        self.complete = true;
        match tokens.get(at) {
            Some(Token::Command(command)) => self.shell(Some(command.clone())),
            // A name that only gets another one does nothing yet.
            Some(Token::Name(_)) if names.binding.contains(&at) => return,
            Some(Token::Name(name)) => {
                let name = names.canonical(name);
                return self.name(&name, at, tokens);
            }
            Some(Token::Sign('>')) if self.language == Language::Awk => self.awk_output(at, tokens),
            Some(Token::Sign('<')) if self.language == Language::Awk => self.awk_input(at, tokens),
            Some(Token::Sign('|')) if self.language == Language::Awk => self.awk_pipe(at, tokens),
            Some(Token::Text(_) | Token::Sign(_) | Token::Number(_)) | None => {}
        }
        self.gap |= !self.complete;
    }

    fn name(&mut self, name: &str, at: usize, tokens: &[Token]) {
        if name == "getattr" || name == "setattr" {
            return self.reflection(at, tokens);
        }
        if self.is_variable(at, tokens) {
            return;
        }
        let Some(act) = calls::act(self.language, name) else { return };
        if is_definition(at, tokens) {
            return;
        }
        let rest = tokens.get(at + 1..).unwrap_or_default();
        let bare_call = self.language.calls_without_parens()
            && !matches!(rest.first(), None | Some(Token::Sign('\n' | ';' | '=' | ')' | ',' | '}' | '.' | ']')));
        if let Some(Token::Sign('(')) = rest.first() {
            let inside = rest.get(1..).unwrap_or_default();
            match closing(inside, '(', ')') {
                Some(end) => self.called(act, at, at + 2, tokens.get(at + 2..at + 2 + end).unwrap_or_default(), tokens),
                None => self.hint(calls::hint(act).or(Some(Hint::Dynamic))),
            }
        } else if bare_call && !matches!(act, Act::Receiver(_)) {
            let end = rest
                .iter()
                .take(MAX_BARE)
                .position(|token| matches!(token, Token::Sign('\n' | ';' | '}')))
                .unwrap_or(rest.len().min(MAX_BARE));
            self.called(act, at, at + 1, rest.get(..end).unwrap_or_default(), tokens);
        } else if matches!(act, Act::Print) {
            self.mark(at);
        } else if !is_import(at, tokens) {
            // Named but not called here: it may be called under another name.
            self.hint(calls::hint(act));
        }
    }

    /// `$open` and `@open` are no functions.
    fn is_variable(&self, at: usize, tokens: &[Token]) -> bool {
        let sigil = matches!(at.checked_sub(1).and_then(|before| tokens.get(before)), Some(Token::Sign('$' | '@')));
        sigil && matches!(self.language, Language::Perl | Language::Php | Language::Ruby)
    }

    fn mark(&mut self, at: usize) {
        if let Some(read) = self.read.get_mut(at) {
            *read = true;
        }
    }

    fn hint(&mut self, hint: Option<Hint>) {
        self.complete = false;
        self.seen.hints.extend(hint);
    }

    /// `getattr(x, "name")` is plain; any other reflection builds a name while the code runs.
    fn reflection(&mut self, at: usize, tokens: &[Token]) {
        let inside = tokens.get(at + 2..).unwrap_or_default();
        let list = closing(inside, '(', ')').and_then(|end| inside.get(..end)).map(arguments).unwrap_or_default();
        let risky =
            |name: &str| matches!(name, "os" | "subprocess" | "builtins" | "__builtins__" | "sys" | "shutil" | "importlib");
        let plain = match list.as_slice() {
            [[Token::Name(receiver)], name, ..] => !risky(receiver) && value(name, &self.constants).is_some(),
            _ => false,
        };
        if !plain {
            self.hint(Some(Hint::Dynamic));
        }
    }

    /// One call; the name is marked where everything of it is known.
    fn called(&mut self, act: Act, at: usize, start: usize, inside: &[Token], tokens: &[Token]) {
        self.complete = true;
        let list = arguments(inside);
        if self.language == Language::Python && !matches!(act, Act::Print) && !fits(&list) {
            self.complete = false;
        }
        self.call(act, at, &list, tokens);
        if self.complete {
            self.mark(at);
        }
        // Strings of a call that is understood are no paths of their own.
        let plain = !matches!(act, Act::Receiver(_));
        for index in start..start + inside.len() {
            if let Some(handled) = self.handled.get_mut(index).filter(|_| plain) {
                *handled = true;
            }
        }
    }

    fn text(&self, list: &[&[Token]], index: usize) -> Option<String> {
        list.get(index).and_then(|tokens| value(tokens, &self.constants))
    }

    fn call(&mut self, act: Act, at: usize, list: &[&[Token]], tokens: &[Token]) {
        match act {
            Act::Open => self.open(list),
            Act::Read(index) => self.read(self.text(list, index), list.get(index).copied()),
            Act::List(index) => self.list(list, index),
            Act::Write(index) => self.write(self.text(list, index), WriteMode::Replace),
            Act::Change(index) => self.write(self.text(list, index), WriteMode::Change),
            Act::Metadata(index) => self.write(self.text(list, index), WriteMode::Metadata),
            Act::Temporary => self.temporary(list),
            Act::Delete(index) => {
                let many = !matches!(self.language, Language::Python | Language::JavaScript | Language::Lua);
                let last = if many { list.len().max(index + 1) } else { index + 1 };
                let paths: Vec<Option<String>> = (index..last).map(|index| self.text(list, index)).collect();
                paths.into_iter().for_each(|path| self.delete(path, false));
            }
            Act::DeleteTree(index) => self.delete(self.text(list, index), true),
            Act::Copy => {
                self.read(self.text(list, 0), list.first().copied());
                self.write(self.text(list, 1), WriteMode::Replace);
            }
            Act::Move => {
                self.delete(self.text(list, 0), true);
                self.write(self.text(list, 1), WriteMode::Replace);
            }
            Act::Receiver(method) => {
                let path = self.receiver(at, tokens);
                self.method(method, path, list);
            }
            Act::Connect(upload) => {
                let address = list.iter().find_map(|tokens| value(tokens, &self.constants));
                self.connect(list, address, upload);
            }
            Act::Download => {
                self.connect(list, self.text(list, 0), false);
                if list.len() > 1 {
                    self.write(self.text(list, 1), WriteMode::Replace);
                }
            }
            Act::Shell(index) => self.shell(self.text(list, index)),
            Act::Program => self.program(list),
            Act::Dynamic => self.hint(Some(Hint::Dynamic)),
            Act::Load(index) => self.load(self.text(list, index)),
            Act::Import => self.import(list),
            Act::Decode => self.decodes = true,
            Act::Print => {}
        }
    }

    /// The value that a method is called on: `Path("x")` before `.unlink`, or a constant's name.
    fn receiver(&self, at: usize, tokens: &[Token]) -> Option<String> {
        let Some(Token::Name(name)) = tokens.get(at) else { return None };
        if let Some((receiver, _)) = name.rsplit_once('.').filter(|(receiver, _)| !receiver.is_empty()) {
            return self.constants.get(receiver).cloned().flatten();
        }
        let mut depth = 0;
        for start in (at.saturating_sub(60)..at).rev() {
            match tokens.get(start) {
                Some(Token::Sign(')')) => depth += 1,
                Some(Token::Sign('(')) => depth -= 1,
                Some(Token::Name(name)) if depth == 0 && !name.starts_with('.') => {
                    return value(tokens.get(start..at)?, &self.constants);
                }
                Some(Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Name(_) | Token::Number(_)) | None => {}
            }
            if depth < 0 {
                return value(tokens.get(start + 1..at)?, &self.constants);
            }
        }
        None
    }

    /// Strings that no call took: addresses where something connects, and what looks like a file of the system or home.
    fn leftovers(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            let Token::Text(text) = token else { continue };
            let handled = self.handled.get(at).copied().unwrap_or(false);
            let address = Some(text).filter(|text| self.connects && text.contains("://")).and_then(|text| url::parse(text));
            if let Some(url) = address.filter(|url| url.scheme != "file") {
                let upload = self.uploads;
                self.effect(Deed::Connect {
                    host: url.host,
                    port: url.port,
                    scheme: url.scheme,
                    method: None,
                    upload,
                    path: None,
                    bytes: None,
                });
            }
            if !handled && looks_like_path(text) {
                self.unexplained(text);
            }
        }
    }
}

/// No argument but positional ones and those that change nothing.
fn fits(list: &[&[Token]]) -> bool {
    list.iter().all(|argument| match argument {
        [Token::Name(name), Token::Sign('='), next, ..] if *next != Token::Sign('=') => {
            NEUTRAL.contains(&name.as_str()) || name == "mode"
        }
        [Token::Sign('*'), ..] => false,
        _ => true,
    })
}

/// An absolute path or one below home, written as people write them.
pub(super) fn looks_like_path(text: &str) -> bool {
    let plain = |character: char| character.is_alphanumeric() || "/._-+@,~ ".contains(character);
    let rooted = (text.starts_with('/') && !text.starts_with("//")) || text.starts_with("~/");
    rooted && text.len() > 2 && text.len() < 512 && text.chars().all(plain)
}

fn is_keyword(tokens: &[Token]) -> bool {
    matches!(tokens, [Token::Name(_), Token::Sign('='), ..])
}

fn is_mode(tokens: &[Token]) -> bool {
    matches!(tokens, [Token::Name(name), Token::Sign('='), ..] if name == "mode")
}

/// `require foo`, where the name itself is written.
fn bare_word(list: &[&[Token]]) -> bool {
    matches!(list, [[Token::Name(_)], ..] | [])
}

/// `def open(…)`, `function exec(…)`: a definition, no call.
fn is_definition(at: usize, tokens: &[Token]) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    matches!(before, Some(Token::Name(name)) if matches!(name.as_str(), "def" | "function" | "sub" | "class"))
}
