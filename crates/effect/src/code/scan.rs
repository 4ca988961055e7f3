//! Goes through the tokens of a code and says what its calls do.

use std::collections::BTreeMap;

use bailiwick_vocab::effect::{Deed, Effect, Hint, Target, WriteMode};

use crate::invocation::UNKNOWN;
use crate::url;

use super::Seen;
use super::calls::{self, Act, Method};
use super::lex::{Language, Token};
use super::literal::{Constants, arguments, closing, value};
use super::names::{canonical, constants, imports, is_import};

/// Arguments of one command that take no parentheses: up to the statement's end, at most this many tokens.
const MAX_BARE: usize = 200;

/// Looks at every call.
pub(super) fn scan(language: Language, tokens: &[Token]) -> Seen {
    let imports = imports(language, tokens);
    let constants = constants(tokens);
    let mut scanner = Scanner {
        language,
        seen: Seen::default(),
        constants,
        handled: vec![false; tokens.len()],
        uploads: false,
        connects: false,
    };
    for at in 0..tokens.len() {
        scanner.token(at, tokens, &imports);
    }
    scanner.leftovers(tokens);
    scanner.seen
}

struct Scanner {
    language: Language,
    seen: Seen,
    constants: Constants,
    /// Strings whose part is known.
    handled: Vec<bool>,
    uploads: bool,
    connects: bool,
}

impl Scanner {
    fn token(&mut self, at: usize, tokens: &[Token], imports: &BTreeMap<String, String>) {
        match tokens.get(at) {
            Some(Token::Command(command)) => self.shell(Some(command.clone())),
            Some(Token::Name(name)) => {
                let name = canonical(name, imports);
                self.name(&name, at, tokens);
            }
            Some(Token::Sign('>')) if self.language == Language::Awk => self.awk_output(at, tokens),
            Some(Token::Sign('|')) if self.language == Language::Awk => self.awk_pipe(at, tokens),
            Some(Token::Text(_) | Token::Sign(_)) | None => {}
        }
    }

    fn name(&mut self, name: &str, at: usize, tokens: &[Token]) {
        if matches!(
            name.rsplit('.').next(),
            Some("__subclasses__" | "__globals__" | "__class__" | "__bases__" | "__mro__" | "__dict__")
        ) {
            self.seen.hints.insert(Hint::Dynamic);
        }
        if name == "getattr" || name == "setattr" {
            return self.reflection(at, tokens);
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
                Some(end) => self.call(act, at, at + 2, tokens.get(at + 2..at + 2 + end).unwrap_or_default(), tokens),
                None => self.hint(calls::hint(act).or(Some(Hint::Dynamic))),
            }
        } else if bare_call && !matches!(act, Act::Receiver(_)) {
            let end = rest
                .iter()
                .take(MAX_BARE)
                .position(|token| matches!(token, Token::Sign('\n' | ';' | '}')))
                .unwrap_or(rest.len().min(MAX_BARE));
            self.call(act, at, at + 1, rest.get(..end).unwrap_or_default(), tokens);
        } else if !is_import(at, tokens) {
            // Named but not called here: it may be called under another name.
            self.hint(calls::hint(act));
        }
    }

    fn hint(&mut self, hint: Option<Hint>) {
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

    fn call(&mut self, act: Act, at: usize, start: usize, inside: &[Token], tokens: &[Token]) {
        let list = arguments(inside);
        let text = |index: usize| list.get(index).and_then(|tokens| value(tokens, &self.constants));
        match act {
            Act::Open => self.open(&list),
            Act::Read(index) => {
                let path = text(index);
                self.read(path);
            }
            Act::Write(index) => {
                let path = text(index);
                self.write(path, WriteMode::Replace);
            }
            Act::Change(index) => {
                let path = text(index);
                self.write(path, WriteMode::Change);
            }
            Act::Metadata(index) => {
                let path = text(index);
                self.write(path, WriteMode::Metadata);
            }
            Act::Delete(index) => {
                let paths: Vec<Option<String>> = (index..list.len().max(index + 1)).map(text).collect();
                paths.into_iter().for_each(|path| self.delete(path, false));
            }
            Act::DeleteTree(index) => {
                let path = text(index);
                self.delete(path, true);
            }
            Act::Copy => {
                let (from, to) = (text(0), text(1));
                self.read(from);
                self.write(to, WriteMode::Replace);
            }
            Act::Move => {
                let (from, to) = (text(0), text(1));
                self.delete(from, true);
                self.write(to, WriteMode::Replace);
            }
            Act::Receiver(method) => {
                let path = self.receiver(at, tokens);
                let to = text(0);
                self.method(method, path, to);
            }
            Act::Connect(upload) => {
                let address = list.iter().find_map(|tokens| value(tokens, &self.constants));
                self.connect(&list, address, upload);
            }
            Act::Download => {
                let (address, to) = (text(0), text(1));
                self.connect(&list, address, false);
                if list.len() > 1 {
                    self.write(to, WriteMode::Replace);
                }
            }
            Act::Shell(index) => {
                let command = text(index);
                self.shell(command);
            }
            Act::Program => self.program(&list),
            Act::Dynamic => self.hint(Some(Hint::Dynamic)),
            Act::Import => {
                if text(0).is_none() && !bare_word(&list) {
                    self.hint(Some(Hint::Dynamic));
                }
            }
            Act::Print => {}
        }
        // Strings of a call that is understood are no paths of their own.
        let plain = !matches!(act, Act::Receiver(_));
        for index in start..start + inside.len() {
            if let Some(handled) = self.handled.get_mut(index).filter(|_| plain) {
                *handled = true;
            }
        }
    }

    /// `open(path, mode)`; Perl names the handle first, and may have the mode in the path.
    fn open(&mut self, list: &[&[Token]]) {
        let mut texts = list.iter().map(|tokens| value(tokens, &self.constants));
        if self.language == Language::Perl {
            return self.perl_open(list);
        }
        let path = texts.next().flatten();
        let mode = list.iter().skip(1).find(|tokens| is_mode(tokens)).or(list.get(1).filter(|tokens| !is_keyword(tokens)));
        let writes = match mode.map(|tokens| value(tokens, &self.constants)) {
            None => false,
            Some(None) => true,
            Some(Some(mode)) => mode.contains(['w', 'a', 'x', 'c', '+']),
        };
        if self.language == Language::Ruby && path.as_deref().is_some_and(|path| path.starts_with('|')) {
            let command = path.map(|path| path.trim_start_matches('|').to_owned());
            return self.shell(command);
        }
        let appends = mode.and_then(|tokens| value(tokens, &self.constants)).is_some_and(|mode| mode.contains(['a', '+']));
        if writes {
            self.write(path, if appends { WriteMode::Change } else { WriteMode::Replace });
        } else if path.as_deref().is_some_and(|path| path.contains("://")) {
            self.connect(list, path, false);
        } else {
            self.read(path);
        }
    }

    fn perl_open(&mut self, list: &[&[Token]]) {
        let texts: Vec<Option<String>> = list.iter().skip(1).map(|tokens| value(tokens, &self.constants)).collect();
        let (mode, path) = match texts.as_slice() {
            [Some(both)] => {
                let both = both.trim();
                let end = both.find(|c: char| !"<>+|&".contains(c)).unwrap_or(both.len());
                let (mode, path) = both.split_at(end);
                let piped = path.ends_with('|');
                (if piped { "|".to_owned() } else { mode.to_owned() }, Some(path.trim_end_matches('|').trim().to_owned()))
            }
            [Some(mode), path, ..] => (mode.clone(), path.clone()),
            _ => return self.hint(Some(Hint::Runs)),
        };
        if mode.contains('|') || mode.contains('-') {
            self.shell(path);
        } else if mode.contains('>') {
            self.write(path, WriteMode::Replace);
        } else {
            self.read(path);
        }
    }

    fn read(&mut self, path: Option<String>) {
        // Reading a file whose name is not known is what opaque code may always do.
        if let Some(path) = path.filter(|path| !path.is_empty()) {
            self.effect(Deed::Read(Target::new(path)));
        }
    }

    fn write(&mut self, path: Option<String>, mode: WriteMode) {
        match path.filter(|path| !path.is_empty()) {
            Some(path) => self.effect(Deed::Write { target: Target::new(path), mode }),
            None => self.hint(Some(Hint::Writes)),
        }
    }

    fn delete(&mut self, path: Option<String>, tree: bool) {
        match path.filter(|path| !path.is_empty()) {
            Some(path) => {
                let target = Target::new(path);
                self.effect(Deed::Delete(if tree { target.tree() } else { target }));
            }
            None => self.hint(Some(Hint::Deletes)),
        }
    }

    fn method(&mut self, method: Method, path: Option<String>, to: Option<String>) {
        match method {
            Method::Read => self.read(path),
            Method::Write => self.write(path, WriteMode::Replace),
            Method::Change => self.write(path, WriteMode::Change),
            Method::Metadata => self.write(path, WriteMode::Metadata),
            Method::Delete => self.delete(path, false),
            Method::Move => {
                self.delete(path, true);
                self.write(to, WriteMode::Replace);
            }
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
                Some(Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Name(_)) | None => {}
            }
            if depth < 0 {
                return value(tokens.get(start + 1..at)?, &self.constants);
            }
        }
        None
    }

    fn shell(&mut self, command: Option<String>) {
        match command.filter(|command| !command.contains(UNKNOWN)) {
            Some(command) => self.seen.commands.push(command),
            None => self.hint(Some(Hint::Runs)),
        }
    }

    /// A program with its arguments: a list, or a string that a shell reads.
    fn program(&mut self, list: &[&[Token]]) {
        let Some(first) = list.first() else { return self.hint(Some(Hint::Runs)) };
        let all =
            |items: &[&[Token]]| -> Option<Vec<String>> { items.iter().map(|tokens| value(tokens, &self.constants)).collect() };
        let words = match first {
            [Token::Sign('['), inside @ .., Token::Sign(']')] => all(&arguments(inside)),
            _ => match (value(first, &self.constants), list.get(1)) {
                // spawn("rm", ["-rf", "x"])
                (Some(program), Some([Token::Sign('['), inside @ .., Token::Sign(']')])) => {
                    all(&arguments(inside)).map(|words| std::iter::once(program).chain(words).collect())
                }
                (Some(command), None) => {
                    self.shell(Some(command));
                    return;
                }
                (Some(command), Some(second)) if is_keyword(second) || matches!(second.first(), Some(Token::Sign('{'))) => {
                    self.shell(Some(command));
                    return;
                }
                (Some(_), Some(_)) => all(list),
                (None, _) => None,
            },
        };
        match words {
            Some(words) if !words.is_empty() => self.seen.programs.push(words),
            Some(_) | None => self.hint(Some(Hint::Runs)),
        }
    }

    fn connect(&mut self, list: &[&[Token]], address: Option<String>, upload: bool) {
        let sends = |tokens: &&[Token]| {
            let names = tokens.iter().filter_map(|token| if let Token::Name(name) = token { Some(name.as_str()) } else { None });
            names.into_iter().any(|name| matches!(name, "data" | "json" | "files" | "body" | "method" | "content"))
        };
        let upload = upload
            && (!matches!(self.language, Language::JavaScript | Language::Python) || list.len() != 1 || list.iter().any(sends))
            || list.iter().any(sends);
        self.connects = true;
        self.uploads |= upload;
        let parsed = address.as_deref().filter(|address| !address.is_empty()).and_then(url::parse);
        match parsed {
            Some(url) if url.scheme == "file" => self.read(Some(url.path)),
            Some(url) if url.host != "*" => {
                self.effect(Deed::Connect { host: url.host, port: url.port, scheme: url.scheme, method: None, upload });
            }
            Some(_) | None => self.hint(Some(Hint::Network)),
        }
    }

    fn effect(&mut self, deed: Deed) {
        self.seen.effects.push(Effect::new(deed, None));
    }

    /// awk: `print > "file"`.
    fn awk_output(&mut self, at: usize, tokens: &[Token]) {
        let statement = tokens.get(at.saturating_sub(40)..at).unwrap_or_default();
        let prints = statement
            .iter()
            .rev()
            .take_while(|token| !matches!(token, Token::Sign(';' | '{' | '\n')))
            .any(|token| matches!(token, Token::Name(name) if name == "print" || name == "printf"));
        if !prints {
            return;
        }
        let next = tokens.get(at + 1..).unwrap_or_default();
        match next {
            [Token::Sign('>'), Token::Text(path), ..] => self.write(Some(path.clone()), WriteMode::Change),
            [Token::Text(path), rest @ ..]
                if !matches!(rest.first(), Some(Token::Text(_) | Token::Name(_) | Token::Sign('$'))) =>
            {
                self.write(Some(path.clone()), WriteMode::Replace);
            }
            [..] => self.hint(Some(Hint::Writes)),
        }
    }

    /// awk: `"cmd" | getline` and `print | "cmd"`.
    fn awk_pipe(&mut self, at: usize, tokens: &[Token]) {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        match (before, tokens.get(at + 1)) {
            (Some(Token::Sign('|')), _) | (_, Some(Token::Sign('|'))) => {}
            (Some(Token::Text(command)), Some(Token::Name(name))) if name == "getline" => self.shell(Some(command.clone())),
            (_, Some(Token::Text(command))) => self.shell(Some(command.clone())),
            (Some(_) | None, _) => self.hint(Some(Hint::Runs)),
        }
    }

    /// Strings that no call took: addresses where something connects, and what looks like a file of the system or home.
    fn leftovers(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            let Token::Text(text) = token else { continue };
            let handled = self.handled.get(at).copied().unwrap_or(false);
            let address = Some(text).filter(|text| self.connects && text.contains("://")).and_then(|text| url::parse(text));
            if let Some(url) = address.filter(|url| url.scheme != "file") {
                let upload = self.uploads;
                self.effect(Deed::Connect { host: url.host, port: url.port, scheme: url.scheme, method: None, upload });
            }
            if !handled && looks_like_path(text) {
                self.effect(Deed::Read(Target::new(text.clone())));
            }
        }
    }
}

/// An absolute path or one below home, written as people write them.
fn looks_like_path(text: &str) -> bool {
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
