//! What of a word and the words before it the model has a weight for.
//!
//! Of what the lexicon knows, its meanings beside the meanings shortly before: they are the same in every language and wording,
//! and carry over to texts that no training saw. Of every word, known or not:
//! Hashes of words, pairs, triples, pairs with a gap, stems, endings; each names a slot of the weights' table. Two that share a
//! slot share a weight: that is the price of a table without keys.

use super::token::Token;
use crate::lex::Hit;
use crate::lexicon::meaning::{FILLER, MIRRORED, Meaning, ROTATED};
use crate::signature::Sighting;

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

/// Slots that meanings name, after those of words: a power of two.
pub const MEANING_SLOTS: usize = 1 << 16;
/// Slots that one hit names at most.
const MEANINGS_MAX: usize = 48;
/// Hits further apart than this, in the counting of hits (two a word), say nothing together.
const APART: u32 = 24;
/// Hits no further apart than this are next to each other.
const BESIDE: u32 = 6;

/// The last hits with a meaning, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Meanings {
    before: [(Meaning, u32); 3],
}

impl Meanings {
    /// The slots of the next hit; `begins`: it stands first in its sentence.
    #[inline]
    pub(crate) fn slots(&mut self, hit: &Hit, begins: bool, each: &mut impl FnMut(u32)) {
        let mask = hit.mask & !(FILLER | MIRRORED | ROTATED);
        if mask == 0 {
            return;
        }
        let mut left = MEANINGS_MAX;
        let mut give = |kind: u32, first: u32, second: u32| {
            if left > 0 {
                left -= 1;
                each(meaning_slot(kind, first, second));
            }
        };
        for bit in bits(mask) {
            give(1 + u32::from(begins), bit, 0);
            for (place, (other, at)) in self.before.iter().enumerate() {
                let apart = hit.at.saturating_sub(*at);
                if *other == 0 || apart > APART {
                    break;
                }
                for before in bits(*other) {
                    give(3 + u32::from(apart > BESIDE), bit, before);
                    if place == 0 {
                        let (third, at) = self.before[1];
                        let near = third != 0 && hit.at.saturating_sub(at) <= APART;
                        bits(if near { third } else { 0 }).for_each(|third| give(5, bit, before << 8 | third));
                    }
                }
            }
        }
        self.before = [(mask, hit.at), self.before[0], self.before[1]];
    }
}

/// The slot of a signature's sighting.
pub(crate) fn sighting_slot(sighting: &Sighting) -> u32 {
    let rule = sighting.rule.id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    meaning_slot(6, rule, sighting.strength as u32)
}

fn bits(mut mask: Meaning) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = mask.trailing_zeros();
        mask &= mask.wrapping_sub(1);
        (bit < Meaning::BITS).then_some(bit)
    })
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "far below 2^32")]
fn meaning_slot(kind: u32, first: u32, second: u32) -> u32 {
    SLOTS as u32 + (finish(kind, mix(first.wrapping_add(1), second.wrapping_add(1))) & (MEANING_SLOTS as u32 - 1))
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

/// The slot of a kind and two hashes.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "SLOTS is far below 2^32")]
fn slot(kind: u32, first: u32, second: u32) -> u32 {
    finish(kind, mix(first, second)) & (SLOTS as u32 - 1)
}

/// Murmur3's finish.
#[inline]
fn finish(kind: u32, hash: u32) -> u32 {
    let mut hash = hash.wrapping_add(kind.wrapping_mul(0x85eb_ca6b));
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}
