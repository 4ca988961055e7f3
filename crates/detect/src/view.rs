//! The views of a text: the text in plain letters, and every passage of it that wears a disguise, without it, nested to a
//! bound. In: a text. Out: one view after the other, each with the way back to the text.
//!
//! Every rule and every model reads views, never the text itself, so a disguise is taken off in one place. What was not
//! looked into, because a bound was reached, is said by [`Views::unread`].

use std::borrow::Cow;
use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use crate::dress::{Dress, Undressed, messages, undress};
use crate::fold::fold;
use crate::lex::{Lexed, lex};
use crate::map::SpanMap;

/// One reading of a text, or of a passage of it.
#[derive(Debug)]
pub struct View<'a> {
    text: Cow<'a, str>,
    map: SpanMap,
    dress: Vec<Dress>,
    lexed: Lexed,
}

/// Bounds on what is taken out of disguises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    /// Disguises within each other.
    pub nested: usize,
    /// Bytes of all views after the first, for each byte of the text.
    pub times: usize,
}

impl Default for Depth {
    /// Nobody nests deeper for an agent to read; twice the text is what a text wholly in hexadecimal digits in base64 takes.
    fn default() -> Self {
        Depth { nested: 6, times: 3 }
    }
}

/// Short texts may grow to this much whatever they are.
const ALWAYS: usize = 64 << 10;

/// A passage that waits to be read.
#[derive(Debug)]
struct Passage<'a> {
    text: Cow<'a, str>,
    map: SpanMap,
    dress: Vec<Dress>,
}

/// The views of one text, in no order but that the first is the text as a whole.
#[derive(Debug)]
pub struct Views<'a> {
    waiting: VecDeque<Passage<'a>>,
    seen: HashSet<u64>,
    left: usize,
    depth: Depth,
    unread: Vec<Range<usize>>,
}

/// The views of a text.
#[must_use]
pub fn views(text: &str, depth: Depth) -> Views<'_> {
    let first = Passage { text: Cow::Borrowed(text), map: SpanMap::identity(text.len()), dress: Vec::new() };
    let left = text.len().saturating_mul(depth.times) + ALWAYS;
    Views { waiting: VecDeque::from([first]), seen: HashSet::new(), left, depth, unread: Vec::new() }
}

impl View<'_> {
    /// The text in plain letters: compatibility forms, look-alikes, hidden characters and terminal escapes are resolved.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that a range of this text stands for.
    #[must_use]
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        self.map.source(range)
    }

    /// What was taken off, the outermost first; empty for the text as a whole.
    #[must_use]
    pub fn dress(&self) -> &[Dress] {
        &self.dress
    }

    pub(crate) fn lexed(&self) -> &Lexed {
        &self.lexed
    }

    /// `base64 in URL encoding`; empty for the text as a whole.
    #[must_use]
    pub fn seen(&self) -> String {
        let names: Vec<&str> = self.dress.iter().rev().map(|dress| dress.name()).collect();
        names.join(" in ")
    }
}

impl Views<'_> {
    /// What of the text was not looked into, once all views were taken.
    #[must_use]
    pub fn unread(&self) -> &[Range<usize>] {
        &self.unread
    }

    fn keep(&mut self, map: &SpanMap, dress: &[Dress], whole: &str, found: Vec<Undressed>) {
        for Undressed { dress: new, made } in found {
            let again = new.is_worn_once() && dress.contains(&new);
            if again || made.text.trim().is_empty() || whole == made.text || !self.is_new(&made.text) {
                continue;
            }
            let source = map.through(&made);
            if dress.len() >= self.depth.nested || made.text.len() > self.left {
                self.unread.push(source.source(0..made.text.len()));
                continue;
            }
            self.left -= made.text.len();
            let mut dress = dress.to_vec();
            dress.push(new);
            self.waiting.push_back(Passage { text: Cow::Owned(made.text), map: source, dress });
        }
    }

    /// Whether a text was not seen before. What was seen before was seen in no more disguises, since the outer ones come first.
    fn is_new(&mut self, text: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        self.seen.insert(hasher.finish())
    }
}

impl<'a> Iterator for Views<'a> {
    type Item = View<'a>;

    fn next(&mut self) -> Option<View<'a>> {
        let passage = self.waiting.pop_front()?;
        let unseen = messages(&passage.text);
        self.keep(&passage.map, &passage.dress, &passage.text, unseen);
        let (text, map) = match fold(&passage.text) {
            Some(folded) => {
                let map = passage.map.through(&folded);
                (Cow::Owned(folded.text), map)
            }
            None => (passage.text, passage.map),
        };
        let lexed = lex(&text);
        let found = undress(&text, &lexed.leads);
        self.keep(&map, &passage.dress, &text, found);
        Some(View { text, map, dress: passage.dress, lexed })
    }
}
