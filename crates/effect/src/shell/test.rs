//! `[[ … ]]`: read with its grammar, kept as its words and operators in order.

use super::Unread;
use super::ast::{Piece, Word};
use super::command::plain_text;
use super::cursor::Parser;
use super::word::Role;

const UNARY: &str = "abcdefghknoprstuvwxzGLNORS";
/// Operators between texts or files, and between numbers, which are arithmetic.
const BINARY: [&str; 6] = ["=", "==", "!=", "-nt", "-ot", "-ef"];
const NUMERIC: [&str; 6] = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"];

impl Parser<'_, '_> {
    /// What stands after `[[`, with the closing `]]`, which is not kept.
    pub(super) fn test(&mut self) -> Result<Vec<Word>, Unread> {
        let mut words = Vec::new();
        self.test_expression(&mut words)?;
        let close = self.word(Role::Literal)?;
        if plain_text(&close) == Some("]]") { Ok(words) } else { self.fail("`]]` was expected") }
    }

    /// Terms joined by `&&` and `||`.
    fn test_expression(&mut self, words: &mut Vec<Word>) -> Result<(), Unread> {
        loop {
            self.test_term(words)?;
            self.linebreak()?;
            let joined = match self.peek() {
                Some(byte @ (b'&' | b'|')) => self.second() == Some(byte),
                Some(_) | None => false,
            };
            if !joined {
                return Ok(());
            }
            self.operator(2, words);
        }
    }

    fn test_term(&mut self, words: &mut Vec<Word>) -> Result<(), Unread> {
        self.linebreak()?;
        while self.peek() == Some(b'!') && matches!(self.second(), Some(b' ' | b'\t' | b'\n' | b'(')) {
            self.operator(1, words);
            self.linebreak()?;
        }
        if self.peek() != Some(b'(') {
            return self.test_primary(words);
        }
        self.enter()?;
        self.operator(1, words);
        self.test_expression(words)?;
        if self.peek() != Some(b')') {
            return self.fail("`)` was expected");
        }
        self.operator(1, words);
        self.leave();
        Ok(())
    }

    fn test_primary(&mut self, words: &mut Vec<Word>) -> Result<(), Unread> {
        let left = self.operand()?;
        let unary = is_unary(&left);
        words.push(left);
        self.blanks()?;
        if unary {
            let operand = self.operand()?;
            if words.last().and_then(plain_text).is_some_and(|operator| ["-v", "-R"].contains(&operator)) {
                self.no_quoted_code(&operand.pieces)?;
            }
            words.push(operand);
            return Ok(());
        }
        match self.peek() {
            Some(b'<' | b'>') => {
                self.operator(1, words);
                self.right(Role::Literal, words)
            }
            Some(b')' | b'&' | b'|' | b'\n') => Ok(()),
            Some(_) | None => self.binary(words),
        }
    }

    fn binary(&mut self, words: &mut Vec<Word>) -> Result<(), Unread> {
        let start = self.pos;
        let operator = self.word(Role::Literal)?;
        let role = match plain_text(&operator) {
            Some("]]") => {
                self.pos = start;
                return Ok(());
            }
            Some("=~") => Role::Regex,
            Some(text) if BINARY.contains(&text) => Role::Literal,
            Some(text) if NUMERIC.contains(&text) => return self.numeric(operator, words),
            Some(_) | None => return self.fail("an operator was expected in `[[`"),
        };
        words.push(operator);
        self.right(role, words)
    }

    /// Both sides of `-eq` and the like are arithmetic.
    fn numeric(&mut self, operator: Word, words: &mut Vec<Word>) -> Result<(), Unread> {
        if let Some(left) = words.last() {
            self.no_quoted_code(&left.pieces)?;
        }
        words.push(operator);
        self.right(Role::Literal, words)?;
        words.last().map_or(Ok(()), |right| self.no_quoted_code(&right.pieces))
    }

    fn right(&mut self, role: Role, words: &mut Vec<Word>) -> Result<(), Unread> {
        self.blanks()?;
        let right = self.word(role)?;
        if plain_text(&right) == Some("]]") {
            return self.fail("an operand was expected in `[[`");
        }
        words.push(right);
        Ok(())
    }

    fn operand(&mut self) -> Result<Word, Unread> {
        let word = self.word(Role::Literal)?;
        if plain_text(&word) == Some("]]") { self.fail("an operand was expected in `[[`") } else { Ok(word) }
    }

    /// Passes an operator of `length` bytes and keeps it as a word.
    fn operator(&mut self, length: usize, words: &mut Vec<Word>) {
        let start = self.pos;
        let mut text = String::new();
        for _ in 0..length {
            text.extend(self.peek().map(char::from));
            self.pos += 1;
        }
        words.push(Word { pieces: vec![Piece::Text { text, quoted: false }], span: Some(self.span(start)) });
    }
}

fn is_unary(word: &Word) -> bool {
    let letter = plain_text(word).and_then(|text| text.strip_prefix('-'));
    letter.is_some_and(|letter| letter.len() == 1 && UNARY.contains(letter))
}
