//! Quotes and escapes: `\`, `'…'`, `"…"`, `$'…'`, and backquotes, whose text is read again without its escapes.

use super::Unread;
use super::ast::Piece;
use super::cursor::Parser;
use super::dollar::Quote;
use super::word::push_text;

/// A backquoted text without its escapes, and the source byte of each byte.
#[derive(Default)]
struct Copy {
    text: String,
    map: Vec<u32>,
}

impl Parser<'_, '_> {
    /// `\` outside quotes: the next character means itself.
    pub(super) fn backslash(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        self.spend(1)?;
        let rest = self.slice(self.pos + 1, self.text.len());
        self.pos += 1;
        match rest.chars().next() {
            Some('\n') => self.pos += 1,
            Some(char) => {
                self.pos += char.len_utf8();
                push_text(pieces, self.slice(self.pos - char.len_utf8(), self.pos), true);
            }
            None => push_text(pieces, "\\", true),
        }
        Ok(())
    }

    /// `'…'`
    pub(super) fn single_quotes(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        let start = self.pos + 1;
        let Some(length) = self.slice(start, self.text.len()).find('\'') else {
            return self.fail("a single quote is not closed");
        };
        self.spend(1 + length)?;
        push_text(pieces, self.slice(start, start + length), true);
        self.pos = start + length + 1;
        Ok(())
    }

    /// `"…"`
    pub(super) fn double_quotes(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        self.enter()?;
        let opened = self.pos;
        let before = pieces.len();
        self.pos += 1;
        loop {
            self.quoted_run(pieces, b"\"$`\\")?;
            match self.byte() {
                None => {
                    self.pos = opened;
                    return self.fail("a double quote is not closed");
                }
                Some(b'"') => break,
                Some(byte) => self.quoted_part(byte, pieces, Quote::Double)?,
            }
        }
        self.pos += 1;
        if pieces.len() == before {
            // Empty quotes are a word, too.
            push_text(pieces, "", true);
        }
        self.leave();
        Ok(())
    }

    /// Text up to one of `special`.
    pub(super) fn quoted_run(&mut self, pieces: &mut Vec<Piece>, special: &[u8]) -> Result<(), Unread> {
        let bytes = self.text.as_bytes();
        let start = self.pos;
        while bytes.get(self.pos).is_some_and(|byte| !special.contains(byte)) {
            self.pos += 1;
        }
        if self.pos > start {
            push_text(pieces, self.slice(start, self.pos), true);
        }
        self.spend(1 + self.pos - start)
    }

    /// `$`, a backquote or a backslash in quoted text.
    pub(super) fn quoted_part(&mut self, byte: u8, pieces: &mut Vec<Piece>, quote: Quote) -> Result<(), Unread> {
        match byte {
            b'$' => self.dollar(pieces, quote),
            b'`' => self.backquotes(pieces, quote),
            _ => self.quoted_backslash(pieces, quote),
        }
    }

    /// `\` in quoted text escapes only some characters.
    fn quoted_backslash(&mut self, pieces: &mut Vec<Piece>, quote: Quote) -> Result<(), Unread> {
        self.spend(1)?;
        let next = self.text.as_bytes().get(self.pos + 1).copied();
        let escapes = match next {
            Some(b'$' | b'`' | b'\\' | b'\n') => true,
            Some(b'"') => quote == Quote::Double,
            Some(_) | None => false,
        };
        if !escapes {
            push_text(pieces, "\\", true);
            self.pos += 1;
            return Ok(());
        }
        if next != Some(b'\n') {
            push_text(pieces, self.slice(self.pos + 1, self.pos + 2), true);
        }
        self.pos += 2;
        Ok(())
    }

    /// The text of a here-document, to its end.
    pub(super) fn document_text(&mut self) -> Result<Vec<Piece>, Unread> {
        let mut pieces = Vec::new();
        loop {
            self.quoted_run(&mut pieces, b"$`\\")?;
            match self.byte() {
                None => return Ok(pieces),
                Some(byte) => self.quoted_part(byte, &mut pieces, Quote::Document)?,
            }
        }
    }

    /// `` `…` ``
    pub(super) fn backquotes(&mut self, pieces: &mut Vec<Piece>, quote: Quote) -> Result<(), Unread> {
        self.enter()?;
        let copy = self.backquoted(quote)?;
        let mut inner = Parser::new(&copy.text, Some(&copy.map), &mut *self.budget);
        let script = inner.backquoted_script()?;
        pieces.push(Piece::Command { script, quoted: quote != Quote::None });
        self.leave();
        Ok(())
    }

    /// Copies up to the closing backquote, which is passed.
    fn backquoted(&mut self, quote: Quote) -> Result<Copy, Unread> {
        let opened = self.pos;
        let bytes = self.text.as_bytes();
        let mut copy = Copy::default();
        let mut pos = opened + 1;
        loop {
            let run = pos;
            while bytes.get(pos).is_some_and(|byte| !matches!(byte, b'`' | b'\\')) {
                pos += 1;
            }
            copy.text.push_str(self.slice(run, pos));
            copy.map.extend((run..pos).map(|pos| self.origin(pos)));
            self.spend(2 + 2 * (pos - run))?;
            match (bytes.get(pos), bytes.get(pos + 1)) {
                (None, _) => return self.fail("a backquote is not closed"),
                (Some(b'`'), _) => break,
                (Some(_), Some(b'\n')) => pos += 2,
                (Some(_), next) => {
                    let bare = match next {
                        Some(b'\\' | b'`' | b'$') => true,
                        Some(b'"') => quote == Quote::Double,
                        Some(_) | None => false,
                    };
                    self.copy_escape(&mut copy, pos, bare);
                    pos += if next.is_some_and(u8::is_ascii) { 2 } else { 1 };
                }
            }
        }
        copy.map.push(self.origin(pos));
        self.pos = pos + 1;
        Ok(copy)
    }

    /// Copies the backslash at `pos` (unless `bare`) and the ASCII character after it.
    fn copy_escape(&self, copy: &mut Copy, pos: usize, bare: bool) {
        let start = if bare { pos + 1 } else { pos };
        let ascii = self.text.as_bytes().get(pos + 1).is_some_and(u8::is_ascii);
        let end = if ascii { pos + 2 } else { pos + 1 };
        copy.text.push_str(self.slice(start, end));
        copy.map.extend((start..end).map(|pos| self.origin(pos)));
    }

    fn backquoted_script(&mut self) -> Result<super::ast::Script, Unread> {
        let mut script = self.list()?;
        if self.pos < self.text.len() {
            return self.fail("this closes nothing inside backquotes");
        }
        if !self.documents.pending.is_empty() {
            return self.fail("a here-document's body stands outside its substitution");
        }
        self.fill_documents(&mut script)?;
        Ok(script)
    }

    /// `$'…'`: stands at the quote.
    pub(super) fn ansi_quotes(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        let bytes = self.text.as_bytes();
        let start = self.pos + 1;
        let mut end = start;
        loop {
            match bytes.get(end) {
                None => return self.fail("a single quote is not closed"),
                Some(b'\'') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        }
        self.spend(1 + end - start)?;
        match super::ansi::decode(self.slice(start, end)) {
            Some(bytes) => match String::from_utf8(bytes) {
                Ok(text) => push_text(pieces, &text, true),
                // Bytes that are no text: the value is taken as not known.
                Err(_) => pieces.push(Piece::Arith(Vec::new())),
            },
            None => return self.fail("an escape in $'…' that is not read"),
        }
        self.pos = end + 1;
        Ok(())
    }
}
