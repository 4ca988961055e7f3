//! Reserved words: which one stands here, if any. Only asked where bash looks for one.

use super::Unread;
use super::cursor::Parser;

/// A reserved word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Bang,
    BraceOpen,
    BraceClose,
    Case,
    Coproc,
    Do,
    Done,
    Elif,
    Else,
    Esac,
    Fi,
    For,
    Function,
    If,
    In,
    Select,
    TestOpen,
    TestClose,
    Then,
    Time,
    Until,
    While,
}

const LONGEST: usize = 8;

fn named(name: &[u8]) -> Option<Keyword> {
    Some(match name {
        b"!" => Keyword::Bang,
        b"{" => Keyword::BraceOpen,
        b"}" => Keyword::BraceClose,
        b"case" => Keyword::Case,
        b"coproc" => Keyword::Coproc,
        b"do" => Keyword::Do,
        b"done" => Keyword::Done,
        b"elif" => Keyword::Elif,
        b"else" => Keyword::Else,
        b"esac" => Keyword::Esac,
        b"fi" => Keyword::Fi,
        b"for" => Keyword::For,
        b"function" => Keyword::Function,
        b"if" => Keyword::If,
        b"in" => Keyword::In,
        b"select" => Keyword::Select,
        b"[[" => Keyword::TestOpen,
        b"]]" => Keyword::TestClose,
        b"then" => Keyword::Then,
        b"time" => Keyword::Time,
        b"until" => Keyword::Until,
        b"while" => Keyword::While,
        _ => return None,
    })
}

impl Keyword {
    /// Whether it can only end or go on with a compound command.
    pub(super) fn closes(self) -> bool {
        matches!(
            self,
            Keyword::BraceClose
                | Keyword::Do
                | Keyword::Done
                | Keyword::Elif
                | Keyword::Else
                | Keyword::Esac
                | Keyword::Fi
                | Keyword::In
                | Keyword::TestClose
                | Keyword::Then
        )
    }
}

/// Whether a word ends before `byte`.
pub(super) fn ends_word(byte: Option<u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>'))
}

impl Parser<'_, '_> {
    /// The reserved word here and the place after it.
    pub(super) fn keyword(&mut self) -> Option<(Keyword, usize)> {
        if !matches!(self.peek(), Some(b'a'..=b'z' | b'{' | b'}' | b'!' | b'[' | b']')) {
            return None;
        }
        let bytes = self.text.as_bytes();
        let mut name = [0; LONGEST];
        let mut length = 0;
        let mut pos = self.pos;
        while !ends_word(bytes.get(pos).copied()) {
            *name.get_mut(length)? = *bytes.get(pos)?;
            length += 1;
            pos = self.past_continuations(pos + 1);
        }
        let substitution =
            matches!(bytes.get(pos), Some(b'<' | b'>')) && bytes.get(self.past_continuations(pos + 1)) == Some(&b'(');
        if substitution { None } else { named(name.get(..length)?).map(|keyword| (keyword, pos)) }
    }

    /// Passes `keyword` if it stands here.
    pub(super) fn take(&mut self, keyword: Keyword) -> bool {
        match self.keyword() {
            Some((here, end)) if here == keyword => {
                self.pos = end;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Passes `keyword` or fails.
    pub(super) fn require(&mut self, keyword: Keyword, what: &'static str) -> Result<(), Unread> {
        if self.take(keyword) { Ok(()) } else { self.fail(what) }
    }
}
