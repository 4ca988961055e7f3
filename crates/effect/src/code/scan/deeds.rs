//! What a call does to files and hosts, into effects; what is not known of it into hints.

use bailiwick_vocab::effect::{Deed, Effect, Hint, Target, WriteMode};

use crate::code::calls::Method;
use crate::code::lex::{Language, Token};
use crate::code::literal::{fragments, value};
use crate::invocation::UNKNOWN;
use crate::url;

use super::{Scanner, is_keyword, is_mode};

impl Scanner {
    pub(super) fn effect(&mut self, deed: Deed) {
        self.seen.effects.push(Effect::new(deed, None));
    }

    /// `open(path, mode)`; Perl names the handle first, and may have the mode in the path.
    pub(super) fn open(&mut self, list: &[&[Token]]) {
        if self.language == Language::Perl {
            return self.perl_open(list);
        }
        // `open(file="x")`: the path is the first that is not named, or the one named so.
        let named =
            |tokens: &&&[Token]| matches!(tokens, [Token::Name(name), Token::Sign('='), ..] if name == "file" || name == "name");
        let first = list.iter().find(named).or_else(|| list.first().filter(|tokens| !is_keyword(tokens)));
        let path = first.and_then(|tokens| value(tokens, &self.constants));
        // The way is the second, save where it is named.
        let mode = list.iter().skip(1).find(|tokens| is_mode(tokens)).or(list.get(1).filter(|tokens| !is_keyword(tokens)));
        let mode = mode.map(|tokens| value(tokens, &self.constants));
        if self.language == Language::Ruby && path.as_deref().is_none_or(|path| path.starts_with('|')) {
            // An unknown path may begin with `|` as well.
            let command = path.map(|path| path.trim_start_matches('|').to_owned());
            return self.shell(command);
        }
        self.opened(path, first.copied(), mode.as_ref().map(|mode| mode.as_deref()));
    }

    /// A file opened in a way that is given as text, that is not known, or that is not given.
    fn opened(&mut self, path: Option<String>, tokens: Option<&[Token]>, mode: Option<Option<&str>>) {
        let writes = mode.is_some_and(|mode| mode.is_none_or(|mode| mode.contains(['w', 'a', 'x', 'c', '+'])));
        let reads = !writes || mode.is_some_and(|mode| mode.is_none_or(|mode| mode.contains('+') || mode.contains('r')));
        let appends = mode.flatten().is_some_and(|mode| mode.contains(['a', '+']));
        if writes {
            self.write(path.clone(), if appends { WriteMode::Change } else { WriteMode::Replace });
        }
        if reads {
            self.read(path, tokens);
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
            // `open(F, "-|", "rm", "x")` starts the program itself.
            match texts.get(2..) {
                Some(rest) if !rest.is_empty() => self.started(texts.get(1..).unwrap_or_default()),
                Some(_) | None => self.shell(path),
            }
        } else if mode.contains('>') || mode.contains('+') {
            self.write(path, WriteMode::Replace);
        } else {
            self.read(path, list.get(2).or(list.get(1)).copied());
        }
    }

    fn started(&mut self, words: &[Option<String>]) {
        match words.iter().cloned().collect::<Option<Vec<String>>>() {
            Some(words) => self.seen.programs.push(words),
            None => self.hint(Some(Hint::Runs)),
        }
    }

    /// A file is read. Where its name is not known, the parts that are stand for it.
    pub(super) fn read(&mut self, path: Option<String>, tokens: Option<&[Token]>) {
        match path.filter(|path| !path.is_empty()) {
            Some(path) if is_stream(&path) => {}
            Some(path) if path.contains("://") => self.connect(&[], Some(path), false),
            Some(path) => self.effect(Deed::Read(Target::new(path))),
            // A file descriptor.
            None if matches!(tokens, Some([Token::Number(_)])) => {}
            None => {
                self.reads_unknown = true;
                let shown = tokens.map_or_else(|| UNKNOWN.to_string(), |tokens| fragments(tokens, &self.constants));
                self.effect(Deed::Read(Target::unknown(shown)));
            }
        }
    }

    /// The names in a directory, or those that fit a pattern. None given is the current directory.
    pub(super) fn list(&mut self, list: &[&[Token]], index: usize) {
        let path = match list.get(index) {
            Some(tokens) => value(tokens, &self.constants),
            None if self.language == Language::Python => Some(".".to_owned()),
            None => None,
        };
        self.listed(path, list.get(index).copied(), false);
    }

    fn listed(&mut self, path: Option<String>, tokens: Option<&[Token]>, tree: bool) {
        let count = self.seen.effects.len();
        self.read(path, tokens);
        if self.seen.effects.len() == count + 1
            && let Some(Deed::Read(target)) = self.seen.effects.last_mut().map(|effect| &mut effect.deed)
            && target.known
        {
            target.glob = target.path.contains(['*', '?']);
            target.tree = tree;
            self.lists.push(count);
        }
    }

    /// Files of unknown names are likely those that were listed.
    pub(super) fn lists_read(&mut self) {
        if !self.reads_unknown {
            return;
        }
        for at in std::mem::take(&mut self.lists) {
            if let Some(Deed::Read(target)) = self.seen.effects.get_mut(at).map(|effect| &mut effect.deed) {
                target.tree = true;
            }
        }
    }

    pub(super) fn write(&mut self, path: Option<String>, mode: WriteMode) {
        match path.filter(|path| !path.is_empty()) {
            Some(path) if is_stream(&path) || path == ":memory:" => {}
            Some(path) => self.effect(Deed::Write { target: Target::new(path), mode }),
            None => self.hint(Some(Hint::Writes)),
        }
    }

    pub(super) fn temporary(&mut self, list: &[&[Token]]) {
        let elsewhere =
            list.iter().any(|argument| matches!(argument, [Token::Name(name), Token::Sign('='), ..] if name == "dir"));
        let place = Target { glob: true, ..Target::new("/tmp/tmp*") };
        if elsewhere || (self.language != Language::Python && !list.is_empty()) {
            self.hint(Some(Hint::Writes));
        }
        self.effect(Deed::Write { target: place, mode: WriteMode::Replace });
    }

    pub(super) fn delete(&mut self, path: Option<String>, tree: bool) {
        match path.filter(|path| !path.is_empty()) {
            Some(path) => {
                let target = Target::new(path);
                self.effect(Deed::Delete(if tree { target.tree() } else { target }));
            }
            None => self.hint(Some(Hint::Deletes)),
        }
    }

    pub(super) fn method(&mut self, method: Method, path: Option<String>, list: &[&[Token]]) {
        let text = |index: usize| list.get(index).and_then(|tokens| value(tokens, &self.constants));
        match method {
            Method::Read => self.read(path, None),
            Method::Write => self.write(path, WriteMode::Replace),
            Method::Change => self.write(path, WriteMode::Change),
            Method::Metadata => self.write(path, WriteMode::Metadata),
            Method::Delete => self.delete(path, false),
            Method::Move => {
                let to = text(0);
                self.delete(path, true);
                self.write(to, WriteMode::Replace);
            }
            Method::Open => {
                let mode = list.iter().find(|tokens| is_mode(tokens)).or(list.first().filter(|tokens| !is_keyword(tokens)));
                let mode = mode.map(|tokens| value(tokens, &self.constants));
                self.opened(path, None, mode.as_ref().map(|mode| mode.as_deref()));
            }
            Method::List => self.listed(path, None, true),
        }
    }

    /// A path that no call took: it is read, and where the code changes files that it does not name it may be this one.
    pub(super) fn unexplained(&mut self, text: &str) {
        self.effect(Deed::Read(Target::new(text)));
        if self.seen.hints.contains(&Hint::Writes) {
            self.effect(Deed::Write { target: Target::new(text), mode: WriteMode::Change });
        }
        if self.seen.hints.contains(&Hint::Deletes) {
            self.effect(Deed::Delete(Target::new(text)));
        }
    }

    pub(super) fn connect(&mut self, list: &[&[Token]], address: Option<String>, upload: bool) {
        let sends = |tokens: &&[Token]| {
            let names = tokens.iter().filter_map(|token| if let Token::Name(name) = token { Some(name.as_str()) } else { None });
            names.into_iter().any(|name| matches!(name, "data" | "json" | "files" | "body" | "method" | "content"))
        };
        let upload = upload
            && (!matches!(self.language, Language::JavaScript | Language::Python) || list.len() != 1 || list.iter().any(sends))
            || list.iter().any(sends);
        self.connects = true;
        self.uploads |= upload;
        let whole = address.as_deref().is_some_and(|address| address.contains("://"));
        let parsed = address.as_deref().filter(|address| !address.is_empty()).and_then(url::parse);
        match parsed {
            Some(url) if url.scheme == "file" => self.read(Some(url.path), None),
            Some(url) if url.host != "*" => {
                self.effect(Deed::Connect {
                    host: url.host,
                    port: url.port,
                    scheme: url.scheme,
                    method: None,
                    upload,
                    path: None,
                    bytes: None,
                });
                // A bare host is only where a longer conversation begins.
                self.complete &= whole;
            }
            Some(_) | None => self.hint(Some(Hint::Network)),
        }
    }
}

/// The program's own input and output, or memory.
fn is_stream(path: &str) -> bool {
    matches!(
        path,
        "/dev/stdin"
            | "/dev/stdout"
            | "/dev/stderr"
            | "/dev/null"
            | "/dev/fd/0"
            | "/dev/fd/1"
            | "/dev/fd/2"
            | "php://stdin"
            | "php://stdout"
            | "php://stderr"
            | "php://memory"
            | "php://output"
            | "php://input"
            | "-"
    )
}
