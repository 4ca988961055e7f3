//! Redirections. Bodies of here-documents are read later, by `heredoc`, when the line ends.

use super::Unread;
use super::ast::{Piece, Redirect, RedirectKind, Word};
use super::command::plain_text;
use super::cursor::Parser;
use super::word::{Role, Token};

/// An operator as written.
enum Operator {
    Plain(RedirectKind),
    /// `>&`: what follows says whether it is a descriptor or a file.
    OutputOrDuplicate,
    Document {
        strip: bool,
    },
}

impl Parser<'_, '_> {
    /// A redirection after a compound command, if one stands here.
    pub(super) fn trailing_redirect(&mut self) -> Result<Option<Redirect>, Unread> {
        self.blanks()?;
        if !matches!(self.peek(), Some(b'<' | b'>' | b'&' | b'{' | b'0'..=b'9')) {
            return Ok(None);
        }
        let start = self.pos;
        match self.token(Role::Argument)? {
            Token::Redirect(redirect) => Ok(Some(redirect)),
            Token::Nothing | Token::Assign(_) | Token::Word(_) => {
                self.pos = start;
                Ok(None)
            }
        }
    }

    /// A redirection whose operator stands here; `fd` and what began at `start` are read.
    pub(super) fn redirect(&mut self, start: usize, fd: Option<u32>) -> Result<Redirect, Unread> {
        let operator = self.redirect_operator();
        self.blanks()?;
        let (kind, target) = match operator {
            Operator::Document { strip } => {
                self.delimiter(strip)?;
                (RedirectKind::HereDoc, Word::default())
            }
            Operator::Plain(RedirectKind::HereString) => (RedirectKind::HereString, self.redirected(Role::Literal)?),
            Operator::Plain(RedirectKind::Duplicate) | Operator::OutputOrDuplicate if self.peek() == Some(b'-') => {
                (RedirectKind::Duplicate, self.dash())
            }
            Operator::Plain(kind) => (kind, self.redirected(Role::Redirected)?),
            Operator::OutputOrDuplicate => {
                let word = self.redirected(Role::Redirected)?;
                let file = !names_descriptor(&word) && matches!(fd, None | Some(1));
                (if file { RedirectKind::Write } else { RedirectKind::Duplicate }, word)
            }
        };
        Ok(Redirect { kind, target, fd, span: self.span(start) })
    }

    /// The `-` of `>&-`: a token of its own, whatever follows it.
    fn dash(&mut self) -> Word {
        let start = self.pos;
        self.pos += 1;
        Word { pieces: vec![Piece::Text { text: "-".to_owned(), quoted: false }], span: Some(self.span(start)) }
    }

    /// A target. A number right before another redirection is that one's descriptor, so the first has no target.
    fn redirected(&mut self, role: Role) -> Result<Word, Unread> {
        let word = self.word(role)?;
        let number = plain_text(&word).is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        if number && matches!(self.byte(), Some(b'<' | b'>')) { self.fail("a redirection has no target") } else { Ok(word) }
    }

    fn redirect_operator(&mut self) -> Operator {
        let both = self.eat(b'&');
        if self.eat(b'<') {
            return self.input_operator();
        }
        self.pos += 1;
        if self.eat(b'>') {
            return Operator::Plain(RedirectKind::Append);
        }
        if !both && self.eat(b'&') {
            return Operator::OutputOrDuplicate;
        }
        if !both {
            self.eat(b'|');
        }
        Operator::Plain(RedirectKind::Write)
    }

    fn input_operator(&mut self) -> Operator {
        if self.eat(b'&') {
            return Operator::Plain(RedirectKind::Duplicate);
        }
        if self.eat(b'>') {
            return Operator::Plain(RedirectKind::ReadWrite);
        }
        if !self.eat(b'<') {
            return Operator::Plain(RedirectKind::Read);
        }
        if self.eat(b'<') {
            return Operator::Plain(RedirectKind::HereString);
        }
        Operator::Document { strip: self.eat(b'-') }
    }
}

/// Whether a word is `-`, a number, or a number and `-`.
fn names_descriptor(word: &Word) -> bool {
    plain_text(word).is_some_and(|text| {
        let digits = text.strip_suffix('-').unwrap_or(text);
        digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}
