//! What of a word and the words before it the model has a weight for.
//!
//! Hashes of words, pairs, triples, pairs with a gap, stems, endings; each names a slot of the weights' table. Two that share a
//! slot share a weight: that is the price of a table without keys.

use super::token::Token;

/// Slots of the table: a power of two.
pub const SLOTS: usize = 1 << 19;
/// Slots that a word names.
pub const FEATURES: usize = 10;

/// What is kept of a word that has been read.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    word: u32,
    stem: u32,
    tail: u32,
}

/// The last three words, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader {
    before: [Kept; 3],
}

impl Reader {
    /// The slots of the next word.
    #[inline]
    pub fn slots(&mut self, token: &Token) -> [u32; FEATURES] {
        let [one, two, three] = &self.before;
        let word = token.word;
        let slots = [
            slot(1, word, 0),
            slot(2, word, token.before),
            slot(3, word, one.word),
            slot(4, word, mix(one.word, two.word)),
            slot(5, word, two.word),
            slot(6, word, three.word),
            slot(7, token.stem, 0),
            slot(8, token.stem, one.stem),
            slot(9, token.stem, two.stem),
            slot(10, token.tail, one.tail),
        ];
        self.before = [Kept { word, stem: token.stem, tail: token.tail }, *one, *two];
        slots
    }
}

#[inline]
fn mix(first: u32, second: u32) -> u32 {
    (first.rotate_left(15) ^ second).wrapping_mul(0x9e37_79b1)
}

/// Murmur3's finish over a kind and two hashes.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "SLOTS is far below 2^32")]
fn slot(kind: u32, first: u32, second: u32) -> u32 {
    let mut hash = mix(first, second).wrapping_add(kind.wrapping_mul(0x85eb_ca6b));
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    (hash ^ (hash >> 16)) & (SLOTS as u32 - 1)
}
