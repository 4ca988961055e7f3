//! Where the parser stands in its source, and what it may still spend. Backslash-newline vanishes here, as it does for
//! bash before it sees a token. Knows no grammar.

use bailiwick_vocab::effect::Span;

use super::Unread;
use super::heredoc::Documents;

/// Steps and nesting left. Shared by all parsers of one source.
pub(super) struct Budget {
    /// Steps left.
    pub(super) steps: usize,
    /// Nesting left.
    pub(super) depth: usize,
}

/// A parser of one text: the source itself, or a copy without the escapes of a backquote or the tabs of a here-document.
pub(super) struct Parser<'s, 'b> {
    pub(super) text: &'s str,
    pub(super) pos: usize,
    /// For a copy: the byte of the source for each byte of the text, and for its end.
    pub(super) map: Option<&'s [u32]>,
    pub(super) budget: &'b mut Budget,
    /// Here-documents of the command list being read.
    pub(super) documents: Documents,
    /// Whether the list stands in `$( )`, `<( )` or `>( )`.
    pub(super) substituted: bool,
}

impl<'s, 'b> Parser<'s, 'b> {
    pub(super) fn new(text: &'s str, map: Option<&'s [u32]>, budget: &'b mut Budget) -> Parser<'s, 'b> {
        Parser { text, pos: 0, map, budget, documents: Documents::default(), substituted: false }
    }

    /// The byte here, as it is.
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    /// The byte here after any backslash-newline, which is passed.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.pos = self.past_continuations(self.pos);
        self.byte()
    }

    /// The byte after the one here. Call after [`Parser::peek`].
    pub(super) fn second(&self) -> Option<u8> {
        let next = self.past_continuations(self.pos + 1);
        self.text.as_bytes().get(next).copied()
    }

    /// The first place from `pos` that does not begin with backslash-newline.
    pub(super) fn past_continuations(&self, mut pos: usize) -> usize {
        let bytes = self.text.as_bytes();
        while bytes.get(pos) == Some(&b'\\') && bytes.get(pos + 1) == Some(&b'\n') {
            pos += 2;
        }
        pos
    }

    /// Passes `byte` if it stands here.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        if here {
            self.pos += 1;
        }
        here
    }

    /// Passes `byte` or fails.
    pub(super) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Unread> {
        if self.eat(byte) { Ok(()) } else { self.fail(what) }
    }

    /// The text from `start` to `end`.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'s str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Takes `steps` off the budget.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Unread> {
        self.budget.steps = self.budget.steps.checked_sub(steps).ok_or(Unread::Limit)?;
        Ok(())
    }

    /// One level deeper; every failure ends the whole parse, so only success calls [`Parser::leave`].
    pub(super) fn enter(&mut self) -> Result<(), Unread> {
        self.budget.depth = self.budget.depth.checked_sub(1).ok_or(Unread::Limit)?;
        Ok(())
    }

    /// One level up.
    pub(super) fn leave(&mut self) {
        self.budget.depth += 1;
    }

    /// The place in the source of a place in the text.
    pub(super) fn origin(&self, pos: usize) -> u32 {
        match self.map {
            Some(map) => map.get(pos).or(map.last()).copied().unwrap_or(0),
            None => u32::try_from(pos).unwrap_or(u32::MAX),
        }
    }

    /// From `start` to here, in the source.
    pub(super) fn span(&self, start: usize) -> Span {
        self.span_to(start, self.pos)
    }

    /// From `start` to `end`, in the source.
    pub(super) fn span_to(&self, start: usize, end: usize) -> Span {
        let first = self.origin(start);
        let last = if end > start { self.origin(end - 1) + 1 } else { first };
        Span { start: first, end: last.max(first) }
    }

    /// The failure `what`, here.
    pub(super) fn fail<T>(&self, what: &'static str) -> Result<T, Unread> {
        Err(Unread::Syntax { at: self.origin(self.pos), what })
    }

    /// Passes blanks and a comment: what may stand between two tokens of a line.
    pub(super) fn blanks(&mut self) -> Result<(), Unread> {
        let start = self.pos;
        while let Some(b' ' | b'\t') = self.peek() {
            self.pos += 1;
        }
        if self.byte() == Some(b'#') {
            let rest = self.slice(self.pos, self.text.len());
            self.pos += rest.find('\n').unwrap_or(rest.len());
        }
        self.spend(1 + self.pos - start)
    }

    /// Passes blanks, comments and newlines.
    pub(super) fn linebreak(&mut self) -> Result<(), Unread> {
        self.blanks()?;
        while self.byte() == Some(b'\n') {
            self.newline()?;
            self.blanks()?;
        }
        Ok(())
    }

    /// Passes the newline here, and the bodies of the here-documents that it starts.
    fn newline(&mut self) -> Result<(), Unread> {
        self.pos += 1;
        if self.documents.pending.is_empty() { Ok(()) } else { self.gather() }
    }
}
