//! Words that signatures are made of, in many languages, each under what it means; and the table that finds them.
//!
//! In: the words of a text, as hashes made byte by byte. Out: a set of meanings as bits. The table is filled at compile
//! time: a process that lives for one call has nothing to build. A word stands here as [`crate::fold`] leaves it, in lower
//! case. `instruct*` is every word that begins so; `api_key` two words in a row; a word that begins with a dot wants the dot.
//! Hashes have 64 bits and stand for the words; who makes a text that collides makes a finding, no more.

mod arabic;
mod bengali;
mod chinese;
mod dutch;
mod english;
mod french;
mod german;
mod hindi;
mod indonesian;
mod italian;
mod japanese;
mod korean;
pub(crate) mod meaning;
mod persian;
mod polish;
mod portuguese;
mod russian;
mod spanish;
mod swahili;
mod turkish;
mod urdu;
mod vietnamese;

use crate::lexicon::meaning::Meaning;

/// A language's words by meaning, several in one text with spaces between.
pub(crate) type Words = [(Meaning, &'static str)];

/// Every language.
pub(crate) const LANGUAGES: [(&str, &Words); 21] = [
    ("English", english::WORDS),
    ("Chinese", chinese::WORDS),
    ("Hindi", hindi::WORDS),
    ("Spanish", spanish::WORDS),
    ("French", french::WORDS),
    ("Arabic", arabic::WORDS),
    ("Bengali", bengali::WORDS),
    ("Portuguese", portuguese::WORDS),
    ("Russian", russian::WORDS),
    ("Urdu", urdu::WORDS),
    ("Indonesian", indonesian::WORDS),
    ("German", german::WORDS),
    ("Japanese", japanese::WORDS),
    ("Korean", korean::WORDS),
    ("Turkish", turkish::WORDS),
    ("Italian", italian::WORDS),
    ("Vietnamese", vietnamese::WORDS),
    ("Polish", polish::WORDS),
    ("Dutch", dutch::WORDS),
    ("Persian", persian::WORDS),
    ("Swahili", swahili::WORDS),
];

/// English words of this length at least also stand backwards and in ROT13, to show that a passage is written so.
const SHORTEST_TURNED: usize = 5;

/// Beginning of every hash.
pub(crate) const SEED: u64 = 0xCBF2_9CE4_8422_2325;

/// The hash of a word that is one byte longer.
pub(crate) const fn grow(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01B3)
}

/// The hash of two words in a row.
pub(crate) const fn pair(first: u64, second: u64) -> u64 {
    (first.rotate_left(23) ^ second).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Of one hash: what a whole word means, and what every word means that begins so.
#[derive(Clone, Copy)]
struct Entry {
    word: Meaning,
    stem: Meaning,
}

const SLOTS: usize = 1 << 14;
const ENTRIES: usize = 1 << 13;
const FILTER: usize = 1 << 11;
/// How many letters the stems of ASCII letters have.
pub(crate) const SHORTEST_STEM: usize = 6;
pub(crate) const LONGEST_STEM: usize = 11;
const BEGINNINGS: usize = 1 << 8;

/// An open hash table, and before it two filters of two bits for each, small enough for the nearest cache: nearly every word of a
/// text is none of these, and ends there.
struct Table {
    words: [u64; FILTER],
    stems: [u64; FILTER],
    /// One bit for how each stem begins.
    beginnings: [u64; BEGINNINGS],
    hashes: [u64; SLOTS],
    places: [u16; SLOTS],
    entries: [Entry; ENTRIES],
    used: usize,
}

static TABLE: Table = table();

/// What a whole word, or a pair, means.
#[inline]
pub(crate) fn word(hash: u64) -> Meaning {
    if bits(&TABLE.words, hash) { entry(hash).map_or(0, |entry| entry.word) } else { 0 }
}

/// What all words mean that begin so.
pub(crate) fn stem(hash: u64) -> Meaning {
    if bits(&TABLE.stems, hash) { entry(hash).map_or(0, |entry| entry.stem) } else { 0 }
}

/// Whether some stem of ASCII letters may begin with the letters that this is the hash of.
#[inline]
pub(crate) fn begins_stem(hash: u64) -> bool {
    let bit = beginning_bit(hash);
    TABLE.beginnings.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
}

const fn beginning_bit(hash: u64) -> usize {
    (hash >> 40) as usize % (BEGINNINGS * 64)
}

/// Where a hash stands in a filter: a word of it, and two bits of that.
const fn filter_bits(hash: u64) -> (usize, u64) {
    ((hash >> 53) as usize % FILTER, 1 << (hash >> 47 & 63) | 1 << (hash >> 30 & 63))
}

#[inline]
fn bits(filter: &[u64; FILTER], hash: u64) -> bool {
    let (word, bits) = filter_bits(hash);
    filter.get(word).is_some_and(|word| word & bits == bits)
}

fn entry(hash: u64) -> Option<&'static Entry> {
    let mut at = place(hash);
    loop {
        let known = *TABLE.hashes.get(at)?;
        if known == hash {
            return TABLE.entries.get(usize::from(*TABLE.places.get(at)?));
        }
        if known == 0 {
            return None;
        }
        at = (at + 1) % SLOTS;
    }
}

const fn place(hash: u64) -> usize {
    ((hash >> 20) as usize) % SLOTS
}

const fn table() -> Table {
    let mut table = Table {
        words: [0; FILTER],
        stems: [0; FILTER],
        beginnings: [0; BEGINNINGS],
        hashes: [0; SLOTS],
        places: [0; SLOTS],
        entries: [Entry { word: 0, stem: 0 }; ENTRIES],
        used: 0,
    };
    let mut language = 0;
    while language < LANGUAGES.len() {
        let words = LANGUAGES[language].1;
        let mut entry = 0;
        while entry < words.len() {
            let (meaning, list) = words[entry];
            add_all(&mut table, meaning, list.as_bytes());
            entry += 1;
        }
        language += 1;
    }
    let mut entry = 0;
    while entry < english::WORDS.len() {
        add_turned(&mut table, english::WORDS[entry].1.as_bytes());
        entry += 1;
    }
    table
}

/// Adds the plain words of a list backwards and rotated.
const fn add_turned(table: &mut Table, list: &[u8]) {
    let mut start = 0;
    let mut at = 0;
    let mut plain = true;
    while at <= list.len() {
        let byte = if at < list.len() { list[at] } else { b' ' };
        if byte == b' ' {
            if plain && at >= start + SHORTEST_TURNED {
                add(table, turned(list, start, at, true), meaning::MIRRORED, false);
                add(table, turned(list, start, at, false), meaning::ROTATED, false);
            }
            start = at + 1;
            plain = true;
        } else if !byte.is_ascii_lowercase() {
            plain = false;
        }
        at += 1;
    }
}

/// The hash of a word backwards, or of its rotation.
const fn turned(list: &[u8], start: usize, end: usize, mirror: bool) -> u64 {
    let mut hash = SEED;
    let mut at = start;
    while at < end {
        let byte = if mirror { list[end - 1 - (at - start)] } else { (list[at] - b'a' + 13) % 26 + b'a' };
        hash = grow(hash, byte);
        at += 1;
    }
    hash
}

/// Adds the words of a list.
const fn add_all(table: &mut Table, meaning: Meaning, list: &[u8]) {
    let mut hash = SEED;
    let mut first = 0;
    let mut length = 0;
    let mut begins = 0;
    let mut at = 0;
    while at <= list.len() {
        let byte = if at < list.len() { list[at] } else { b' ' };
        match byte {
            b' ' | b'*' => {
                if length > 0 {
                    let whole = if first == 0 { hash } else { pair(first, hash) };
                    add(table, whole, meaning, byte == b'*');
                    if byte == b'*' && length >= SHORTEST_STEM {
                        let bit = beginning_bit(begins);
                        table.beginnings[bit / 64] |= 1 << (bit % 64);
                    }
                }
                hash = SEED;
                first = 0;
                length = 0;
            }
            b'_' => {
                first = hash;
                hash = SEED;
            }
            _ => {
                hash = grow(hash, byte);
                length += 1;
                if length == SHORTEST_STEM {
                    begins = hash;
                }
            }
        }
        at += 1;
    }
}

const fn add(table: &mut Table, hash: u64, meaning: Meaning, stem: bool) {
    let filter = if stem { &mut table.stems } else { &mut table.words };
    let (word, bits) = filter_bits(hash);
    filter[word] |= bits;
    let mut at = place(hash);
    while table.hashes[at] != 0 && table.hashes[at] != hash {
        at = (at + 1) % SLOTS;
    }
    if table.hashes[at] == 0 {
        assert!(table.used < ENTRIES, "the table is full");
        table.hashes[at] = hash;
        table.places[at] = table.used as u16;
        table.used += 1;
    }
    let entry = &mut table.entries[table.places[at] as usize];
    if stem {
        entry.stem |= meaning;
    } else {
        entry.word |= meaning;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_have_the_lengths_that_are_looked_up() {
        for word in LANGUAGES.iter().flat_map(|(_, words)| words.iter()).flat_map(|(_, list)| list.split_whitespace()) {
            if let Some(stem) = word.strip_suffix('*').filter(|stem| stem.is_ascii()) {
                assert!((SHORTEST_STEM..=LONGEST_STEM).contains(&stem.len()), "{word}");
            }
        }
    }

    #[test]
    fn every_word_stands_as_folding_leaves_it() {
        let mut wrong = Vec::new();
        for (language, words) in LANGUAGES {
            for word in words.iter().flat_map(|(_, list)| list.split_whitespace()) {
                let plain = crate::fold::fold(word).map_or(word.to_owned(), |folded| folded.text).to_ascii_lowercase();
                if plain != word {
                    wrong.push(format!("{language}: {word} is {plain}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
