//! Where each part of a rewritten text came from. In: what a transformation kept and what it put in another's place. Out:
//! for any part of the new text the part of the old one that it stands for.

use std::ops::Range;

/// A stretch of the new text, and what of the old one it stands for. Where both are equally long, byte for byte; where not,
/// as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    /// Where it ends in the new text; it begins where the one before it ends.
    end: usize,
    from: usize,
    to: usize,
}

/// From a view of a text back to the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanMap {
    pieces: Vec<Piece>,
}

/// A text made of another, with the way back.
#[derive(Clone, Debug)]
pub(crate) struct Rewritten {
    pub(crate) text: String,
    pieces: Vec<Piece>,
}

impl SpanMap {
    /// A text of `length` bytes as it stands.
    pub(crate) fn identity(length: usize) -> Self {
        SpanMap { pieces: vec![Piece { end: length, from: 0, to: length }] }
    }

    /// The part of the original that `range` of the view stands for. Empty ranges give empty ones.
    #[must_use]
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        let from = self.start_of(range.start);
        let to = if range.end > range.start { self.end_of(range.end) } else { from };
        from..to.max(from)
    }

    fn start_of(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.end <= at);
        let Some(piece) = self.pieces.get(index) else { return self.pieces.last().map_or(0, |last| last.to) };
        let begins = self.begin(index);
        if piece.end - begins == piece.to - piece.from { piece.from + at.saturating_sub(begins) } else { piece.from }
    }

    fn end_of(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.end < at);
        let Some(piece) = self.pieces.get(index) else { return self.pieces.last().map_or(0, |last| last.to) };
        let begins = self.begin(index);
        if piece.end - begins == piece.to - piece.from { piece.from + at.saturating_sub(begins) } else { piece.to }
    }

    fn begin(&self, index: usize) -> usize {
        index.checked_sub(1).and_then(|before| self.pieces.get(before)).map_or(0, |before| before.end)
    }

    /// The map of a view that was made of this one's.
    pub(crate) fn through(&self, made: &Rewritten) -> SpanMap {
        let mut pieces: Vec<Piece> = Vec::with_capacity(made.pieces.len());
        let mut begin = 0;
        for inner in &made.pieces {
            if inner.end - begin == inner.to - inner.from {
                self.split(begin, inner, &mut pieces);
            } else {
                let source = self.source(inner.from..inner.to);
                pieces.push(Piece { end: inner.end, from: source.start, to: source.end });
            }
            begin = inner.end;
        }
        SpanMap { pieces }
    }

    /// A piece that is byte for byte, cut where this map's own pieces end.
    fn split(&self, begin: usize, inner: &Piece, pieces: &mut Vec<Piece>) {
        let mut at = inner.from;
        let mut index = self.pieces.partition_point(|piece| piece.end <= at);
        while at < inner.to {
            let Some(piece) = self.pieces.get(index) else { return };
            let to = piece.end.min(inner.to);
            let source = self.source(at..to);
            pieces.push(Piece { end: begin + (to - inner.from), from: source.start, to: source.end });
            at = to;
            index += 1;
        }
    }
}

impl Rewritten {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Rewritten { text: String::with_capacity(bytes), pieces: Vec::new() }
    }

    /// Appends what stands at `from` in the old text.
    pub(crate) fn keep(&mut self, text: &str, from: usize) {
        self.put(text, from..from + text.len());
    }

    /// Appends what stands for a range of the old text.
    pub(crate) fn put(&mut self, text: &str, range: Range<usize>) {
        let begin = self.text.len();
        if text.is_empty() {
            return;
        }
        self.text.push_str(text);
        let end = self.text.len();
        let starts = self.pieces.len().checked_sub(2).and_then(|index| self.pieces.get(index)).map_or(0, |piece| piece.end);
        if let Some(last) = self.pieces.last_mut() {
            let kept = begin - starts == last.to - last.from;
            if kept && last.to == range.start && text.len() == range.len() {
                last.end = end;
                last.to = range.end;
                return;
            }
        }
        self.pieces.push(Piece { end, from: range.start, to: range.end });
    }

    /// Takes the last character away again.
    pub(crate) fn take_back(&mut self) {
        if self.text.pop().is_none() {
            return;
        }
        let end = self.text.len();
        while let Some(last) = self.pieces.pop() {
            let begin = self.pieces.last().map_or(0, |piece| piece.end);
            if begin < end {
                let cut = if last.end - begin == last.to - last.from { last.to - (last.end - end) } else { last.to };
                self.pieces.push(Piece { end, from: last.from, to: cut });
                return;
            }
        }
    }

    /// A whole new text for a whole range of the old one.
    pub(crate) fn whole(text: String, range: Range<usize>) -> Self {
        let end = text.len();
        Rewritten { text, pieces: vec![Piece { end, from: range.start, to: range.end }] }
    }
}
