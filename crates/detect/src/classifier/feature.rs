//! What of a word and the words before it the model has a weight for.
//!
//! Of what the lexicon knows, its meanings beside the meanings shortly before: they are the same in every language and wording,
//! and carry over to texts that no training saw. Of every word, known or not:
//! hashes of the word, of it with what stands before it, of pairs of words, of stems; each names a slot of the weights' table. Two
//! that share a slot share a weight: that is the price of a table without keys. Triples, pairs with a gap and endings were
//! there once: they learn the wordings of those whom the training knows, and strangers were found better without them.

use super::token::Token;
use crate::lex::Hit;
use crate::lexicon::meaning::{FILLER, MIRRORED, Meaning, ROTATED};
use crate::signature::Sighting;

/// Slots of the table: a power of two.
pub const SLOTS: usize = 1 << 19;
/// Slots that a word names.
pub const FEATURES: usize = 5;

/// A slot that has no weight, whatever is learnt.
pub const NOTHING: u32 = 0;

/// What is kept of a word that has been read.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    word: u32,
    stem: u32,
}

/// Slots that meanings name, after those of words: a power of two.
pub const MEANING_SLOTS: usize = 1 << 16;
/// Slots that one hit names at most.
const MEANINGS_MAX: usize = 48;
/// Hits further apart than this, in the counting of hits (two a word), say nothing together.
const APART: u32 = 24;
/// Hits no further apart than this are next to each other.
const BESIDE: u32 = 6;

/// Meanings of one hit that are looked at: hardly any has more.
const OF_ONE: usize = 8;

/// The meanings of one hit, one after the other.
#[derive(Clone, Copy, Debug, Default)]
struct Bits {
    bits: [u8; OF_ONE],
    count: usize,
}

impl Bits {
    fn of(mut mask: Meaning) -> Bits {
        let mut bits = Bits::default();
        for slot in &mut bits.bits {
            if mask == 0 {
                break;
            }
            *slot = u8::try_from(mask.trailing_zeros()).unwrap_or(0);
            mask &= mask - 1;
            bits.count += 1;
        }
        bits
    }

    #[inline]
    fn each(&self) -> impl Iterator<Item = u32> + '_ {
        self.bits.iter().take(self.count).map(|bit| u32::from(*bit))
    }
}

/// The last hits with a meaning, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Meanings {
    before: [(Bits, u32); 3],
}

impl Meanings {
    /// The slots of the next hit; `begins`: it stands first in its sentence.
    #[inline]
    pub(crate) fn slots(&mut self, hit: &Hit, begins: bool, each: &mut impl FnMut(u32)) {
        let mask = hit.mask & !(FILLER | MIRRORED | ROTATED);
        if mask == 0 {
            return;
        }
        let new = Bits::of(mask);
        let near = |(bits, at): &(Bits, u32), most: u32| bits.count > 0 && hit.at.saturating_sub(*at) <= most;
        let third = if near(&self.before[1], APART) { self.before[1].0 } else { Bits::default() };
        let mut left = MEANINGS_MAX;
        let mut give = |kind: u32, first: u32, second: u32| {
            if left > 0 {
                left -= 1;
                each(meaning_slot(kind, first, second));
            }
        };
        for bit in new.each() {
            give(1 + u32::from(begins), bit, 0);
            for (place, other) in self.before.iter().enumerate().take_while(|(_, other)| near(other, APART)) {
                let kind = 3 + u32::from(!near(other, BESIDE));
                for before in other.0.each() {
                    give(kind, bit, before);
                    if place == 0 {
                        third.each().for_each(|third| give(5, bit, before << 8 | third));
                    }
                }
            }
        }
        self.before = [(new, hit.at), self.before[0], self.before[1]];
    }
}

/// The slot of a signature's sighting.
pub(crate) fn sighting_slot(sighting: &Sighting) -> u32 {
    let rule = sighting.rule.id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    meaning_slot(6, rule, sighting.strength as u32)
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "far below 2^32")]
fn meaning_slot(kind: u32, first: u32, second: u32) -> u32 {
    SLOTS as u32 + (finish(kind, mix(first.wrapping_add(1), second.wrapping_add(1))) & (MEANING_SLOTS as u32 - 1))
}

/// The word before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader {
    before: Kept,
}

impl Reader {
    /// The slots of the next word. The same word once more says nothing more: else tables of numbers in code, where one stands a
    /// hundred times, would add up to anything.
    #[inline]
    pub fn slots(&mut self, token: &Token) -> [u32; FEATURES] {
        let (word, stem, before) = (token.word, token.stem, self.before);
        if word == before.word {
            return [NOTHING; FEATURES];
        }
        self.before = Kept { word, stem };
        [slot(1, word, 0), slot(2, word, token.before), slot(3, word, before.word), slot(7, stem, 0), slot(8, stem, before.stem)]
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
