//! Finding many texts in a stream, and putting others of the same length in their place. In: pieces of a stream. Out: what
//! was found, or the pieces with every text replaced, also where one lies across two pieces.
//!
//! Not the `aho-corasick` crate: its tables would keep the texts, which are credentials, after they are dropped.

use std::collections::HashMap;
use std::sync::Arc;

use zeroize::Zeroizing;

/// A text to look for.
pub(crate) struct Needle {
    /// At least two bytes.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// What to put in its place: as long, or empty where nothing is put.
    pub(crate) instead: Zeroizing<Vec<u8>>,
    /// Which credential it belongs to.
    pub(crate) owner: usize,
}

impl Needle {
    fn put(&self, bytes: &mut [u8], at: usize) {
        let place = bytes.get_mut(at..at + self.bytes.len());
        if let Some(place) = place.filter(|place| place.len() == self.instead.len()) {
            place.copy_from_slice(&self.instead);
        }
    }
}

/// Texts to look for, by their first two bytes.
pub(crate) struct Needles {
    needles: Vec<Needle>,
    starts: HashMap<[u8; 2], Vec<usize>>,
    /// One bit for each pair of bytes, so that most places cost one look.
    pairs: Vec<u64>,
}

/// One found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) at: usize,
    pub(crate) length: usize,
    pub(crate) owner: usize,
}

impl Needles {
    /// Of these texts; those of fewer than two bytes are dropped.
    pub(crate) fn new(needles: Vec<Needle>) -> Self {
        let mut starts: HashMap<[u8; 2], Vec<usize>> = HashMap::new();
        let mut pairs = vec![0u64; 1024];
        for (index, needle) in needles.iter().enumerate() {
            let Some(pair) = needle.bytes.first_chunk::<2>() else { continue };
            starts.entry(*pair).or_default().push(index);
            let (word, bit) = place(*pair);
            if let Some(word) = pairs.get_mut(word) {
                *word |= bit;
            }
        }
        for list in starts.values_mut() {
            // The longest first, should one begin another.
            list.sort_by_key(|index| std::cmp::Reverse(needles.get(*index).map_or(0, |needle| needle.bytes.len())));
        }
        Self { needles, starts, pairs }
    }

    /// Whether there is nothing to look for.
    pub(crate) fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// Length of the longest.
    pub(crate) fn longest(&self) -> usize {
        self.needles.iter().map(|needle| needle.bytes.len()).max().unwrap_or(0)
    }

    fn may_start(&self, pair: [u8; 2]) -> bool {
        let (word, bit) = place(pair);
        self.pairs.get(word).is_some_and(|word| word & bit != 0)
    }

    fn starting(&self, pair: [u8; 2]) -> impl Iterator<Item = &Needle> {
        self.starts.get(&pair).into_iter().flatten().filter_map(|index| self.needles.get(*index))
    }

    /// The first at or behind a place.
    pub(crate) fn find(&self, bytes: &[u8], from: usize) -> Option<Hit> {
        self.find_needle(bytes, from).map(|(at, needle)| Hit { at, length: needle.bytes.len(), owner: needle.owner })
    }

    fn find_needle(&self, bytes: &[u8], from: usize) -> Option<(usize, &Needle)> {
        let rest = bytes.get(from..)?;
        for (offset, pair) in rest.windows(2).enumerate() {
            let &[a, b] = pair else { continue };
            if !self.may_start([a, b]) {
                continue;
            }
            let here = rest.get(offset..).unwrap_or_default();
            if let Some(needle) = self.starting([a, b]).find(|needle| here.starts_with(&needle.bytes)) {
                return Some((from + offset, needle));
            }
        }
        None
    }

    /// All of them, none inside another.
    pub(crate) fn all(&self, bytes: &[u8]) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut from = 0;
        while let Some(hit) = self.find(bytes, from) {
            from = hit.at + hit.length;
            hits.push(hit);
        }
        hits
    }

    /// Puts what is to be put in place of each.
    pub(crate) fn replace(&self, bytes: &mut [u8]) {
        let mut from = 0;
        while let Some((at, needle)) = self.find_needle(bytes, from) {
            from = at + needle.bytes.len();
            needle.put(bytes, at);
        }
    }

    /// How many bytes at the end may be the beginning of one.
    fn open_end(&self, bytes: &[u8]) -> usize {
        let most = self.longest().saturating_sub(1).min(bytes.len());
        let begins = |length: usize| {
            let end = bytes.get(bytes.len() - length..).unwrap_or_default();
            match end {
                [only] => self.starts.keys().any(|[first, _]| first == only),
                [a, b, ..] if self.may_start([*a, *b]) => {
                    self.starting([*a, *b]).any(|needle| needle.bytes.len() > length && needle.bytes.starts_with(end))
                }
                [..] => false,
            }
        };
        (1..=most).rev().find(|length| begins(*length)).unwrap_or(0)
    }
}

fn place([a, b]: [u8; 2]) -> (usize, u64) {
    let number = usize::from(a) << 8 | usize::from(b);
    (number / 64, 1 << (number % 64))
}

/// Replaces in a stream. It holds back only what may be the beginning of a text, so that events of a stream are not delayed.
pub(crate) struct Swap {
    needles: Arc<Needles>,
    held: Vec<u8>,
}

impl Swap {
    /// Of these texts.
    pub(crate) fn new(needles: Arc<Needles>) -> Self {
        Self { needles, held: Vec::new() }
    }

    /// Takes a piece, gives what is sure.
    pub(crate) fn piece(&mut self, piece: Vec<u8>) -> Vec<u8> {
        if self.needles.is_empty() {
            return piece;
        }
        let mut bytes = std::mem::take(&mut self.held);
        if bytes.is_empty() {
            bytes = piece;
        } else {
            bytes.extend(piece);
        }
        let mut from = 0;
        // A text is replaced once no longer one that begins with it can follow.
        let cut = loop {
            let cut = bytes.len() - self.needles.open_end(bytes.get(from..).unwrap_or_default());
            match self.needles.find_needle(&bytes, from) {
                Some((at, needle)) if at < cut => {
                    from = at + needle.bytes.len();
                    needle.put(&mut bytes, at);
                }
                Some(_) | None => break cut,
            }
        };
        self.held = bytes.split_off(cut);
        bytes
    }

    /// What is left at the end.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let mut rest = std::mem::take(&mut self.held);
        self.needles.replace(&mut rest);
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn needles(pairs: &[(&str, &str)]) -> Needles {
        let needle = |(owner, (bytes, instead)): (usize, &(&str, &str))| Needle {
            bytes: Zeroizing::new(bytes.as_bytes().to_vec()),
            instead: Zeroizing::new(instead.as_bytes().to_vec()),
            owner,
        };
        Needles::new(pairs.iter().enumerate().map(needle).collect())
    }

    #[test]
    fn the_first_and_longest_is_found() {
        let needles = needles(&[("abc", ""), ("abcd", ""), ("xy", "")]);
        assert_eq!(needles.find(b"..xyabcd", 0), Some(Hit { at: 2, length: 2, owner: 2 }));
        assert_eq!(needles.find(b"..xyabcd", 3), Some(Hit { at: 4, length: 4, owner: 1 }));
        assert_eq!(needles.find(b"ab", 0), None);
        assert_eq!(needles.all(b"abcxyab").len(), 2);
    }

    #[test]
    fn nothing_is_held_back_without_a_reason() {
        let mut swap = Swap::new(Arc::new(needles(&[("secret", "XXXXXX")])));
        assert_eq!(swap.piece(b"data: hello\n\n".to_vec()), b"data: hello\n\n");
        assert_eq!(swap.piece(b"data: sec".to_vec()), b"data: ");
        assert_eq!(swap.piece(b"ond".to_vec()), b"second");
        assert_eq!(swap.piece(b"s".to_vec()), b"");
        assert_eq!(swap.rest(), b"s");
    }

    proptest! {
        #[test]
        fn a_stream_is_replaced_as_a_whole_would_be(text in "(s|e|c|secret|secret=|ssecret|ab|aab| ){0,30}", cuts in proptest::collection::vec(0usize..40, 0..9)) {
            let make = || needles(&[("secret", "XXXXXX"), ("secret==", "ZZZZZZZZ"), ("aab", "YYY")]);
            let mut whole = text.clone().into_bytes();
            make().replace(&mut whole);
            let mut swap = Swap::new(Arc::new(make()));
            let mut rest = text.as_bytes();
            let mut out = Vec::new();
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                out.extend(swap.piece(piece.to_vec()));
                rest = after;
            }
            out.extend(swap.piece(rest.to_vec()));
            out.extend(swap.rest());
            prop_assert_eq!(out, whole);
        }
    }
}
