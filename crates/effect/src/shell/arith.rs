//! Arithmetic and subscripts: the value is never worked out; substitutions inside are, for they run.

use super::Unread;
use super::ast::Piece;
use super::cursor::Parser;
use super::dollar::Quote;
use super::word::push_text;

impl Parser<'_, '_> {
    /// After `((`: pieces up to `))`, which is passed. `None` where the parentheses do not close together: then it was no
    /// arithmetic but a subshell in a subshell, as bash decides too, and the caller reads it again.
    pub(super) fn arith_until_parens(&mut self) -> Result<Option<Vec<Piece>>, Unread> {
        let mut pieces = Vec::new();
        let mut depth = 0_usize;
        let mut doubtful = false;
        loop {
            self.arith_run(&mut pieces)?;
            let Some(byte) = self.byte() else { return self.fail("`((` is not closed") };
            match byte {
                b'(' => depth += 1,
                b')' if depth == 0 => break,
                b')' => depth -= 1,
                b'[' | b']' | b'<' | b'>' => {}
                _ => {
                    doubtful |= self.at_doubtful_quote(byte);
                    self.arith_part(byte, &mut pieces)?;
                    continue;
                }
            }
            push_text(&mut pieces, self.slice(self.pos, self.pos + 1), false);
            self.pos += 1;
        }
        self.pos += 1;
        if !self.eat(b')') {
            return Ok(None);
        }
        if doubtful {
            return self.fail("a quote or escape in arithmetic");
        }
        self.no_quoted_code(&pieces)?;
        Ok(Some(pieces))
    }

    /// Whether a quote or escape stands here that bash treats differently from release to release.
    fn at_doubtful_quote(&self, byte: u8) -> bool {
        byte == b'\'' || byte == b'\\' && self.text.as_bytes().get(self.pos + 1) != Some(&b'\n')
    }

    /// Arithmetic expands its text once more: `a['$(b)']` runs `b`. Such text is refused rather than read as code.
    pub(super) fn no_quoted_code(&self, pieces: &[Piece]) -> Result<(), Unread> {
        let code = |piece: &Piece| matches!(piece, Piece::Text { text, quoted: true } if text.contains(['$', '`']));
        if pieces.iter().any(code) { self.fail("quoted text that arithmetic would run") } else { Ok(()) }
    }

    /// `[ … ]`: stands at the bracket; both brackets are passed.
    pub(super) fn bracketed(&mut self, quote: Quote) -> Result<Vec<Piece>, Unread> {
        self.enter()?;
        let mut pieces = Vec::new();
        let mut depth = 0_usize;
        self.pos += 1;
        loop {
            self.arith_run(&mut pieces)?;
            let Some(byte) = self.byte() else { return self.fail("`[` is not closed") };
            match byte {
                b'[' => depth += 1,
                b']' if depth == 0 => break,
                b']' => depth -= 1,
                b'<' | b'>' if self.second() == Some(b'(') => return self.fail("a process substitution in a subscript"),
                b'(' | b')' | b'<' | b'>' => {}
                _ if quote != Quote::None && self.at_doubtful_quote(byte) => {
                    return self.fail("a quote or escape in a subscript");
                }
                _ => {
                    self.arith_part(byte, &mut pieces)?;
                    continue;
                }
            }
            push_text(&mut pieces, self.slice(self.pos, self.pos + 1), false);
            self.pos += 1;
        }
        self.pos += 1;
        self.leave();
        Ok(pieces)
    }

    fn arith_run(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        let bytes = self.text.as_bytes();
        let start = self.pos;
        while bytes.get(self.pos).is_some_and(|byte| !b"()[]<>$`\\'\"".contains(byte)) {
            self.pos += 1;
        }
        if self.pos > start {
            push_text(pieces, self.slice(start, self.pos), false);
        }
        self.spend(1 + self.pos - start)
    }

    fn arith_part(&mut self, byte: u8, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        match byte {
            b'$' => self.dollar(pieces, Quote::Double),
            b'`' => self.backquotes(pieces, Quote::Document),
            b'"' => self.double_quotes(pieces),
            b'\'' => self.single_quotes(pieces),
            _ => self.backslash(pieces),
        }
    }
}
