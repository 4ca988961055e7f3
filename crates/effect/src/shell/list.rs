//! Lists, pipelines, and what stands between commands. Commands themselves are read in `command`.

use super::Unread;
use super::ast::{Command, CommandKind, Item, Join, Pipeline, Script};
use super::cursor::Parser;
use super::keyword::{Keyword, ends_word};

impl Parser<'_, '_> {
    /// The whole text.
    pub(super) fn script(&mut self) -> Result<Script, Unread> {
        let mut script = self.list()?;
        if self.pos < self.text.len() {
            return self.fail("this closes nothing");
        }
        self.gather()?;
        self.fill_documents(&mut script)?;
        Ok(script)
    }

    /// The list of a substitution, its opening parenthesis passed, to its closing one.
    ///
    /// Counts as two levels: between two of them lie a word and a list, twice the stack of other nestings.
    pub(super) fn substitution(&mut self) -> Result<Script, Unread> {
        self.enter()?;
        self.enter()?;
        let documents = std::mem::take(&mut self.documents);
        let substituted = std::mem::replace(&mut self.substituted, true);
        let mut script = self.list()?;
        self.expect(b')', "a substitution is not closed")?;
        if !self.documents.pending.is_empty() {
            return self.fail("a here-document's body stands outside its substitution");
        }
        self.fill_documents(&mut script)?;
        self.documents = documents;
        self.substituted = substituted;
        self.leave();
        self.leave();
        Ok(script)
    }

    /// A list that may not be empty.
    pub(super) fn body(&mut self) -> Result<Script, Unread> {
        let script = self.list()?;
        if script.items.is_empty() { self.fail("a command was expected") } else { Ok(script) }
    }

    /// Commands up to the end, a closing parenthesis, a `;;` or a reserved word that closes.
    pub(super) fn list(&mut self) -> Result<Script, Unread> {
        let mut script = Script::default();
        loop {
            self.linebreak()?;
            if self.at_list_end() {
                return Ok(script);
            }
            let mut item = self.item()?;
            self.blanks()?;
            let separated = self.separator(&mut item)?;
            script.items.push(item);
            if !separated {
                return if self.at_list_end() { Ok(script) } else { self.fail("a separator was expected") };
            }
        }
    }

    /// Passes `;` or `&`; a newline counts and stays.
    fn separator(&mut self, item: &mut Item) -> Result<bool, Unread> {
        match self.peek() {
            Some(b'\n') => Ok(true),
            Some(b';') if !matches!(self.second(), Some(b';' | b'&')) => {
                self.pos += 1;
                Ok(true)
            }
            Some(b'&') => {
                self.pos += 1;
                item.background = true;
                self.blanks()?;
                // `a & ;` is an error; `a & ;;` ends a `case` arm.
                let arm_ends = self.second() == Some(b';') || self.second() == Some(b'&');
                if self.peek() == Some(b';') && !arm_ends { self.fail("`;` after `&`") } else { Ok(true) }
            }
            Some(_) | None => Ok(false),
        }
    }

    fn at_list_end(&mut self) -> bool {
        match self.peek() {
            None | Some(b')') => true,
            Some(b';') => matches!(self.second(), Some(b';' | b'&')),
            Some(_) => self.keyword().is_some_and(|(keyword, _)| keyword.closes()),
        }
    }

    fn item(&mut self) -> Result<Item, Unread> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        while let Some(join) = self.join()? {
            self.linebreak()?;
            rest.push((join, self.pipeline()?));
        }
        Ok(Item { first, rest, background: false })
    }

    fn join(&mut self) -> Result<Option<Join>, Unread> {
        self.blanks()?;
        let (byte, join) = match self.peek() {
            Some(b'&') => (b'&', Join::And),
            Some(b'|') => (b'|', Join::Or),
            Some(_) | None => return Ok(None),
        };
        if self.second() != Some(byte) {
            return Ok(None);
        }
        self.pos += 1;
        self.expect(byte, "an operator was expected")?;
        Ok(Some(join))
    }

    fn pipeline(&mut self) -> Result<Pipeline, Unread> {
        if self.prefixes()? && self.at_pipeline_end() {
            return Ok(Pipeline { commands: vec![self.nothing()] });
        }
        let mut commands = vec![self.command()?];
        loop {
            self.blanks()?;
            if self.peek() != Some(b'|') || self.second() == Some(b'|') {
                return Ok(Pipeline { commands });
            }
            self.pos += 1;
            self.eat(b'&');
            self.linebreak()?;
            commands.push(self.command()?);
        }
    }

    /// Passes `!` and `time` with its options; whether there was one.
    fn prefixes(&mut self) -> Result<bool, Unread> {
        let mut any = false;
        loop {
            self.blanks()?;
            match self.keyword() {
                Some((Keyword::Bang, end)) => self.bang(end)?,
                Some((Keyword::Time, end)) => {
                    if !self.time(end)? {
                        return Ok(any);
                    }
                }
                Some(_) | None => return Ok(any),
            }
            any = true;
        }
    }

    fn bang(&mut self, end: usize) -> Result<(), Unread> {
        if self.text.as_bytes().get(end) == Some(&b'(') && self.text.contains("extglob") {
            return self.fail("`!(` may be a pattern here");
        }
        self.pos = end;
        self.spend(1)
    }

    /// Passes `time`, `-p` and `--`. With any other option it is taken for the program of that name, which wraps too.
    fn time(&mut self, end: usize) -> Result<bool, Unread> {
        let start = self.pos;
        self.pos = end;
        self.blanks()?;
        for option in ["-p", "--"] {
            let after = self.pos + option.len();
            if self.slice(self.pos, after) == option && ends_word(self.text.as_bytes().get(after).copied()) {
                self.pos = after;
                self.blanks()?;
            }
        }
        let wraps = self.peek() == Some(b'-');
        if wraps {
            self.pos = start;
        }
        Ok(!wraps)
    }

    fn at_pipeline_end(&mut self) -> bool {
        matches!(self.peek(), None | Some(b'\n' | b';'))
    }

    fn nothing(&self) -> Command {
        let kind = CommandKind::Simple { assigns: Vec::new(), words: Vec::new() };
        Command { kind, redirects: Vec::new(), span: self.span(self.pos) }
    }
}
