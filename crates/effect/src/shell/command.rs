//! One command: simple ones with assignments and redirections, function definitions, and the way to compound ones.

use super::Unread;
use super::ast::{Assign, Command, CommandKind, Piece, Redirect, Word};
use super::cursor::Parser;
use super::keyword::Keyword;
use super::word::{Role, Token, is_name};

/// Builtins whose arguments may be `NAME=( … )`.
const DECLARING: [&str; 8] = ["alias", "declare", "eval", "export", "let", "local", "readonly", "typeset"];

/// A simple command being read.
#[derive(Default)]
struct Simple {
    assigns: Vec<Assign>,
    words: Vec<Word>,
    redirects: Vec<Redirect>,
}

impl Simple {
    fn role(&self) -> Role {
        match self.words.first().and_then(plain_text) {
            _ if self.words.is_empty() => Role::Command,
            Some(name) if DECLARING.contains(&name) => Role::Declared,
            Some(_) | None => Role::Argument,
        }
    }

    fn is_one_word(&self) -> bool {
        self.words.len() == 1 && self.assigns.is_empty() && self.redirects.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assigns.is_empty() && self.redirects.is_empty()
    }
}

/// The text of a word without any quoting or expansion.
pub(super) fn plain_text(word: &Word) -> Option<&str> {
    match word.pieces.as_slice() {
        [Piece::Text { text, quoted: false }] => Some(text),
        _ => None,
    }
}

impl Parser<'_, '_> {
    pub(super) fn command(&mut self) -> Result<Command, Unread> {
        self.blanks()?;
        self.spend(8)?;
        let start = self.pos;
        if self.peek() == Some(b'(') {
            return self.compound(start);
        }
        match self.keyword() {
            None | Some((Keyword::Time, _)) => self.simple(start),
            Some((Keyword::Function, end)) => {
                self.pos = end;
                self.function(start)
            }
            Some((Keyword::Coproc, end)) => {
                self.pos = end;
                self.coproc(start)
            }
            Some((Keyword::Bang, _)) => self.fail("`!` inside a pipeline"),
            Some((keyword, _)) if keyword.closes() => self.fail("this reserved word closes nothing"),
            Some(_) => self.compound(start),
        }
    }

    fn simple(&mut self, start: usize) -> Result<Command, Unread> {
        let mut simple = Simple::default();
        let mut end = start;
        loop {
            self.blanks()?;
            match self.token(simple.role())? {
                Token::Nothing => break,
                Token::Redirect(redirect) => simple.redirects.push(redirect),
                Token::Assign(assign) => simple.assigns.push(assign),
                Token::Word(word) => simple.words.push(word),
            }
            end = self.pos;
            if simple.is_one_word() && self.at_function()? {
                return self.defined(start, simple.words.first());
            }
        }
        if simple.is_empty() {
            return self.fail("a command was expected");
        }
        let kind = CommandKind::Simple { assigns: simple.assigns, words: simple.words };
        Ok(Command { kind, redirects: simple.redirects, span: self.span_to(start, end) })
    }

    fn at_function(&mut self) -> Result<bool, Unread> {
        self.blanks()?;
        Ok(self.peek() == Some(b'('))
    }

    /// `NAME ( )` and its body; the name is read.
    fn defined(&mut self, start: usize, name: Option<&Word>) -> Result<Command, Unread> {
        let Some(name) = name.and_then(plain_text).map(str::to_owned) else {
            return self.fail("a function's name is not plain");
        };
        if !self.empty_parentheses()? {
            return self.fail("`(` after a word");
        }
        self.function_body(start, name)
    }

    /// `function NAME` and its body; the reserved word is read.
    fn function(&mut self, start: usize) -> Result<Command, Unread> {
        self.blanks()?;
        let word = self.word(Role::Literal)?;
        let Some(name) = plain_text(&word).map(str::to_owned) else {
            return self.fail("a function's name is not plain");
        };
        self.blanks()?;
        self.empty_parentheses()?;
        self.function_body(start, name)
    }

    /// Passes `( )` if it stands here.
    fn empty_parentheses(&mut self) -> Result<bool, Unread> {
        let start = self.pos;
        if self.eat(b'(') {
            self.blanks()?;
            if self.eat(b')') {
                return Ok(true);
            }
        }
        self.pos = start;
        Ok(false)
    }

    fn function_body(&mut self, start: usize, name: String) -> Result<Command, Unread> {
        self.linebreak()?;
        if !self.at_compound() {
            return self.fail("a function's body must be a compound command");
        }
        self.enter()?;
        let at = self.pos;
        let body = Box::new(self.compound(at)?);
        self.leave();
        Ok(Command { kind: CommandKind::Function { name, body }, redirects: Vec::new(), span: self.span(start) })
    }

    /// `coproc [NAME] …`; the reserved word is read.
    fn coproc(&mut self, start: usize) -> Result<Command, Unread> {
        self.blanks()?;
        self.coproc_name()?;
        let at = self.pos;
        let inner = if self.at_compound() { self.compound(at)? } else { self.command()? };
        if matches!(inner.kind, CommandKind::Function { .. }) {
            return self.fail("a function definition after coproc");
        }
        Ok(Command { kind: CommandKind::Coproc(Box::new(inner)), redirects: Vec::new(), span: self.span(start) })
    }

    /// Passes a name that stands before a compound command.
    fn coproc_name(&mut self) -> Result<(), Unread> {
        if self.at_compound() {
            return Ok(());
        }
        let start = self.pos;
        let word = self.word(Role::Literal)?;
        self.blanks()?;
        if self.keyword().is_some_and(|(keyword, _)| keyword.closes()) {
            return self.fail("a reserved word after a co-process's name");
        }
        if !plain_text(&word).is_some_and(is_name) || !self.at_compound() {
            self.pos = start;
        }
        Ok(())
    }

    pub(super) fn at_compound(&mut self) -> bool {
        if self.peek() == Some(b'(') {
            return true;
        }
        matches!(
            self.keyword(),
            Some((
                Keyword::BraceOpen
                    | Keyword::If
                    | Keyword::For
                    | Keyword::Case
                    | Keyword::While
                    | Keyword::Until
                    | Keyword::Select
                    | Keyword::TestOpen,
                _
            ))
        )
    }
}
