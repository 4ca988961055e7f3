//! Reads a folded text as words and keeps those that mean something to a signature. In: a text. Out: [`Hit`]s in order, and
//! [`Lead`]s: places where a passage looks as if it were written in a disguise that shows only in its words.
//!
//! One pass, a few steps a byte. Chinese, Japanese, Korean and Thai are read without word bounds: the longest known word at
//! each character.

use crate::lexicon::meaning::{ABOUT, FILLER, LINK, MIRRORED, Meaning, REPORTED, ROTATED, VERBS};
use crate::lexicon::{self, SEED, grow, pair};

/// A word, or two in a row, that mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    start: u32,
    end: u32,
    /// Its place among the words: fillers count nothing, other words two, a Chinese character one.
    pub(crate) at: u32,
    /// What it means.
    pub(crate) mask: Meaning,
}

impl Hit {
    /// Where it begins, in bytes.
    pub(crate) fn start(&self) -> usize {
        self.start as usize
    }

    /// Where it ends.
    pub(crate) fn end(&self) -> usize {
        self.end as usize
    }
}

/// Where a disguise shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lead {
    pub(crate) at: usize,
    pub(crate) kind: LeadKind,
}

/// What a passage seems to be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LeadKind {
    /// Digits and signs for letters.
    Leet,
    /// Words cut up by signs.
    Cut,
    /// Letters from right to left.
    Mirror,
    /// Letters 13 on.
    Rot13,
    /// Many words without anything between.
    RunTogether,
    /// Letters with something between each.
    Spaced,
}

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    pub(crate) hits: Vec<Hit>,
    pub(crate) leads: Vec<Lead>,
}

/// Meanings that are too common to show a disguise.
const COMMON: Meaning = FILLER | REPORTED | ABOUT | LINK;
/// Words this long may be several without spaces.
const RUN_TOGETHER: usize = 16;
/// So many single letters in a row are a word with spaces in it.
const SPACED: usize = 5;
/// So much between two parts of one word, at most.
const LONGEST_CUT: usize = 8;
/// What a file or address may have as its last part.
const LONGEST_DOTTED: usize = 14;

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    out: Lexed,
    at: u32,
    /// The last word's hash and beginning.
    last: Option<(u64, usize)>,
    /// The hash of the last words without what stands between, their letters, and where they end.
    glued: (u64, usize, usize),
    singles: usize,
    /// Words since the last sentence or paragraph ended.
    since_break: usize,
    /// An address goes on until here: its parts are words of one place.
    link_end: usize,
    /// A tag goes on until here.
    tag_end: usize,
}

/// A word as far as it has been read, and the same together with the words before that only signs cut off.
///
/// How its beginnings are looked up is left until it ends: a loop without branches is what makes reading fast.
struct Spelt {
    hash: u64,
    /// The hash of its first letters, as many as the shortest stem has.
    beginning: u64,
    letters: usize,
    digits: usize,
    glued: u64,
    glued_letters: usize,
    /// Stems that end at letters beyond ASCII.
    mask: Meaning,
    glued_mask: Meaning,
}

impl Spelt {
    fn after(glued: u64, glued_letters: usize) -> Spelt {
        Spelt { hash: SEED, beginning: 0, letters: 0, digits: 0, glued, glued_letters, mask: 0, glued_mask: 0 }
    }

    /// Reads the letters and digits of ASCII that a text begins with; gives how many they are. `GLUED`: other letters stand before,
    /// which only signs cut off; without any, both hashes are one.
    #[inline]
    fn spell<const GLUED: bool>(&mut self, text: &[u8]) -> usize {
        let Spelt { mut hash, mut beginning, letters, mut glued, .. } = *self;
        let mut length = 0;
        // What no byte lacks: only digits lack the bit that all letters have.
        let mut common = LETTER;
        for byte in text {
            let lower = lower(*byte);
            if lower == 0 {
                break;
            }
            common &= lower;
            hash = grow(hash, lower);
            if GLUED {
                glued = grow(glued, lower);
            }
            length += 1;
            if letters + length == lexicon::SHORTEST_STEM {
                beginning = hash;
            }
        }
        if common & LETTER == 0 {
            self.digits += text.iter().take(length).filter(|byte| byte.is_ascii_digit()).count();
        }
        let glued = if GLUED { glued } else { hash };
        let glued_letters = self.glued_letters + length;
        *self = Spelt { hash, beginning, letters: letters + length, glued, glued_letters, ..*self };
        length
    }

    /// A letter beyond ASCII: after any of these a stem may end.
    fn add_wide(&mut self, letter: &[u8]) {
        for byte in letter {
            self.hash = grow(self.hash, *byte);
            self.glued = grow(self.glued, *byte);
        }
        self.letters += 1;
        self.glued_letters += 1;
        self.mask |= lexicon::stem(self.hash);
        self.glued_mask |= lexicon::stem(self.glued);
    }

    /// What the word means, and every word that begins as it does.
    #[inline]
    fn meaning(&self, word: &[u8]) -> Meaning {
        let mut mask = self.mask | lexicon::word(self.hash);
        let wide = self.letters != word.len();
        if self.letters >= lexicon::SHORTEST_STEM && (wide || lexicon::begins_stem(self.beginning)) {
            mask |= stems(SEED, 0, word);
        }
        mask
    }
}

/// What all stems mean that end within a word, after letters that were read before.
fn stems(mut hash: u64, mut letters: usize, word: &[u8]) -> Meaning {
    let mut mask = 0;
    for byte in word.iter().filter(|byte| **byte != b'\'') {
        let lower = lower(*byte);
        hash = grow(hash, if lower == 0 { *byte } else { lower });
        letters += 1;
        if letters > lexicon::LONGEST_STEM {
            break;
        }
        if letters >= lexicon::SHORTEST_STEM {
            mask |= lexicon::stem(hash);
        }
    }
    mask
}

/// Reads a whole text.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        out: Lexed { hits: Vec::with_capacity(text.len() / 32), leads: Vec::new() },
        at: 0,
        last: None,
        glued: (SEED, 0, 0),
        singles: 0,
        since_break: 0,
        link_end: 0,
        tag_end: 0,
    };
    let mut at = 0;
    while let Some(offset) = reader.bytes.get(at..).and_then(|rest| rest.iter().position(|byte| COUNTS[usize::from(*byte)])) {
        at = reader.step(at + offset);
    }
    reader.out
}

/// The bit that ASCII letters have and digits have not.
const LETTER: u8 = 0x40;

/// Whether a byte begins a word or says something where it stands between words.
static COUNTS: [bool; 256] = {
    let mut table = [true; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'\\' | b'.' | b'!' | b'?' | b'\n' | b':' | b'@' | b'<');
        byte += 1;
    }
    table
};

/// Whether a character belongs to a script that is written without spaces.
fn is_unspaced(char: char) -> bool {
    matches!(char, '\u{E00}'..='\u{E7F}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}')
}

fn is_letter(char: char) -> bool {
    !is_unspaced(char) && (char.is_alphanumeric() || matches!(char, '\u{900}'..='\u{963}' | '\u{966}'..='\u{DFF}' | '\u{200C}'))
}

/// The lower case of ASCII letters and digits; 0 for all others.
fn lower(byte: u8) -> u8 {
    LOWER[usize::from(byte)]
}

static LOWER: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0_u8;
    while at < 128 {
        if at.is_ascii_alphanumeric() {
            table[at as usize] = at.to_ascii_lowercase();
        }
        at += 1;
    }
    table
};

impl Reader<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn char(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }

    /// Reads on at a byte that counts; gives where to go on.
    #[inline]
    fn step(&mut self, at: usize) -> usize {
        let next = self.byte(at + 1);
        match self.byte(at) {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => self.word(at),
            0x80.. => self.beyond_ascii(at),
            // An escape in a string of JSON or code: its letter is none of the next word's.
            b'\\' if matches!(next, b'n' | b'r' | b't') => at + 2,
            b'.' | b'!' | b'?' => {
                if next.is_ascii_whitespace() {
                    self.part();
                }
                at + 1
            }
            b'\n' if next == b'\n' => {
                self.part();
                at + self.bytes.get(at..).unwrap_or_default().iter().take_while(|byte| **byte == b'\n').count()
            }
            b':' if next == b'/' && self.byte(at + 2) == b'/' => self.address(at),
            b'@' => self.mail(at),
            b'<' if next.is_ascii_alphabetic() || next == b'/' => self.tag(at),
            _ => at + 1,
        }
    }

    /// A short tag: its words are none of the text's, so what stands around it is as near as without it.
    fn tag(&mut self, open: usize) -> usize {
        const LONGEST: usize = 64;
        let rest = self.bytes.get(open + 1..).unwrap_or_default();
        let end = rest.iter().take(LONGEST).position(|byte| matches!(byte, b'>' | b'<' | b'\n'));
        if let Some(length) = end.filter(|end| rest.get(*end) == Some(&b'>')) {
            self.tag_end = open + 1 + length;
        }
        open + 1
    }

    /// A sentence or paragraph ends: what follows is a word further on, unless it was of a word or two itself.
    fn part(&mut self) {
        if self.since_break >= 3 {
            self.at += 2;
        }
        self.since_break = 0;
    }

    fn lead(&mut self, at: usize, kind: LeadKind) {
        self.out.leads.push(Lead { at, kind });
    }

    fn hit(&mut self, start: usize, end: usize, mask: Meaning) {
        // A text is cut off far below 4 GiB; should one come, what stands past it is found without its place.
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.out.hits.push(Hit { start: place(start), end: place(end), at: self.at, mask });
    }

    fn beyond_ascii(&mut self, at: usize) -> usize {
        match self.char(at) {
            Some(char) if is_unspaced(char) => self.unspaced(at, char.len_utf8()),
            Some(char) if is_letter(char) => self.word(at),
            Some(char) => at + char.len_utf8(),
            None => at + 1,
        }
    }

    /// The longest known word that begins here, or one character.
    fn unspaced(&mut self, start: usize, width: usize) -> usize {
        const MOST_CHARACTERS: usize = 7;
        let mut hash = SEED;
        let mut found = None;
        let rest = self.text.get(start..).unwrap_or_default();
        for (offset, char) in rest.char_indices().take(MOST_CHARACTERS) {
            let end = offset + char.len_utf8();
            for byte in rest.as_bytes().get(offset..end).unwrap_or_default() {
                hash = grow(hash, byte.to_ascii_lowercase());
            }
            let mask = lexicon::word(hash) | lexicon::stem(hash);
            if mask != 0 {
                found = Some((end, mask));
            }
        }
        self.last = None;
        self.singles = 0;
        let Some((length, mask)) = found else {
            self.at += 1;
            return start + width;
        };
        if mask & FILLER == 0 {
            self.at += 1;
        }
        if mask != FILLER {
            self.hit(start, start + length, mask);
        }
        start + length
    }

    /// Letters and digits that begin here.
    fn word(&mut self, start: usize) -> usize {
        let glue = self.glued.1 > 0 && self.is_glue(start);
        let (before, letters) = if glue { (self.glued.0, self.glued.1) } else { (SEED, 0) };
        let mut spelt = Spelt::after(before, letters);
        let mut at = start;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let length = if glue { spelt.spell::<true>(rest) } else { spelt.spell::<false>(rest) };
            at += length;
            match rest.get(length) {
                Some(0x80..) => {
                    let width = self.char(at).filter(|char| is_letter(*char)).map_or(0, char::len_utf8);
                    if width == 0 {
                        break;
                    }
                    spelt.add_wide(self.bytes.get(at..at + width).unwrap_or_default());
                    at += width;
                }
                Some(b'\'') if at > start && self.contracts(at + 1) => at += 1,
                Some(_) | None => break,
            }
        }
        let word = self.bytes.get(start..at).unwrap_or_default();
        let mask = spelt.meaning(word);
        if glue && mask & !COMMON == 0 && spelt.glued_letters >= lexicon::SHORTEST_STEM {
            let whole = spelt.glued_mask | lexicon::word(spelt.glued) | stems(before, letters, word);
            if whole & !COMMON != 0 {
                self.lead(start, LeadKind::Cut);
            }
        }
        self.glued = (spelt.glued, spelt.glued_letters, at);
        self.end_word(start, at, spelt.hash, mask, spelt.digits);
        at
    }

    /// Whether what stands before a word cuts it off the one before without being a space.
    fn is_glue(&self, start: usize) -> bool {
        let gap = self.bytes.get(self.glued.2..start).unwrap_or_default();
        // One space, or none, is what stands between most words.
        !matches!(gap, [] | [b' '])
            && gap.len() <= LONGEST_CUT
            && gap.iter().any(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))
    }

    /// Whether what follows an apostrophe is the end of a word (`don't`), not a word after an article (`l'utente`).
    fn contracts(&self, at: usize) -> bool {
        let letters =
            self.bytes.get(at..).unwrap_or_default().iter().take(3).take_while(|byte| byte.is_ascii_alphabetic()).count();
        (1..=2).contains(&letters)
    }

    fn end_word(&mut self, start: usize, end: usize, hash: u64, mut mask: Meaning, digits: usize) {
        let length = end - start;
        self.since_break += 1;
        if self.byte(start.wrapping_sub(1)) == b'.' && length <= LONGEST_DOTTED {
            mask |= self.dotted(start, end);
        }
        self.note_disguise(start, end, mask, digits);
        let whole = mask & (MIRRORED | ROTATED);
        if whole != 0 && mask & !(MIRRORED | ROTATED) == 0 {
            self.lead(start, if whole & MIRRORED != 0 { LeadKind::Mirror } else { LeadKind::Rot13 });
        }
        if mask & FILLER == 0 && start >= self.link_end && start >= self.tag_end {
            self.at += if digits == length { 1 } else { 2 };
        }
        if let Some((before, begins)) = self.last {
            let both = lexicon::word(pair(before, hash));
            if both != 0 {
                // Two words in a row that mean one thing are as far from the next as one word.
                self.at = self.at.saturating_sub(2);
                self.hit(begins, end, both);
            }
        }
        self.last = Some((hash, start));
        if mask & VERBS != 0 && self.in_name(start, end) {
            mask &= !VERBS;
        }
        if mask & !FILLER != 0 {
            self.hit(start, end, mask);
        }
    }

    /// Whether a word is part of a name, a call, a path or an address.
    fn in_name(&self, start: usize, end: usize) -> bool {
        let (before, after) = (self.byte(start.wrapping_sub(1)), self.byte(end));
        let beside = |byte: u8| matches!(byte, b'_' | b'-');
        if (beside(before) || beside(after)) && self.is_sentence(start, end) {
            return false;
        }
        let dotted = after == b'.' && self.byte(end + 1).is_ascii_alphanumeric();
        start < self.link_end
            || matches!(before, b'_' | b'.' | b'-' | b'/')
            || matches!(after, b'_' | b'(' | b'-' | b'/' | b'=')
            || dotted
            || (before == b'"' && after == b'"')
    }

    /// Whether so many words are joined that it is no name but a sentence with signs for spaces.
    fn is_sentence(&self, start: usize, end: usize) -> bool {
        const REACH: usize = 48;
        const FEWEST: usize = 4;
        let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let before = self.bytes.get(start.saturating_sub(REACH)..start).unwrap_or_default().iter().rev().take_while(part);
        let after = self.bytes.get(end..).unwrap_or_default().iter().take(REACH).take_while(part);
        before.chain(after).filter(|byte| matches!(byte, b'_' | b'-')).count() >= FEWEST
    }

    /// What a word means together with the dot before it: `.env`, `.com`.
    fn dotted(&self, start: usize, end: usize) -> Meaning {
        let word = self.bytes.get(start..end).unwrap_or_default();
        lexicon::word(word.iter().fold(grow(SEED, b'.'), |hash, byte| grow(hash, byte.to_ascii_lowercase())))
    }

    fn note_disguise(&mut self, start: usize, end: usize, mask: Meaning, digits: usize) {
        let length = end - start;
        self.singles = if length == 1 || (length <= 4 && !self.byte(start).is_ascii()) { self.singles + 1 } else { 0 };
        if self.singles == SPACED {
            self.lead(start, LeadKind::Spaced);
        }
        if length >= RUN_TOGETHER && digits == 0 && mask & !COMMON == 0 {
            self.lead(start, LeadKind::RunTogether);
        }
        let beside = |at: usize| matches!(self.byte(at), b'@' | b'$' | b'!' | b'|');
        let signs = beside(end) || beside(start.wrapping_sub(1));
        if (digits > 0 && digits < length && (3..=24).contains(&length)) || signs {
            let (start, end) = if signs { leet_extent(self.bytes, start, end) } else { (start, end) };
            let word = self.bytes.get(start..end).unwrap_or_default();
            if word.len() >= 4 && leet_meaning(word) & !COMMON != 0 {
                self.lead(start, LeadKind::Leet);
            }
        }
    }

    /// `https://…`: one hit over the whole address; what stands in it is read too.
    fn address(&mut self, colon: usize) -> usize {
        if colon < self.link_end {
            return colon + 3;
        }
        let scheme = self.bytes.get(..colon).unwrap_or_default().iter().rev().take(8);
        let start = colon - scheme.take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if start == colon {
            return colon + 3;
        }
        let rest = self.bytes.get(colon + 3..).unwrap_or_default();
        let rest = rest.get(..2048).unwrap_or(rest);
        let length = rest.iter().position(|byte| *byte <= b' ' || b"\"'<>)]}|`\\".contains(byte)).unwrap_or(rest.len());
        let end = self.text.ceil_char_boundary(colon + 3 + length);
        if length > 0 {
            self.hit(start, end, LINK);
            self.link_end = end;
        }
        colon + 3
    }

    /// `name@host.tld`.
    fn mail(&mut self, sign: usize) -> usize {
        const LONGEST: usize = 64;
        let name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._+-".contains(byte);
        let before = self.bytes.get(..sign).unwrap_or_default().iter().rev().take(LONGEST).take_while(|byte| name(byte)).count();
        let after = self.bytes.get(sign + 1..).unwrap_or_default().iter().take(LONGEST);
        let after = after.take_while(|byte| byte.is_ascii_alphanumeric() || b".-".contains(byte)).count();
        let host = self.bytes.get(sign + 1..sign + 1 + after).unwrap_or_default();
        if before > 0 && host.iter().skip(1).any(|byte| *byte == b'.') {
            self.hit(sign - before, sign + 1 + after, LINK);
        }
        sign + 1
    }
}

/// A word with the signs that stand for letters in it.
fn leet_extent(bytes: &[u8], start: usize, end: usize) -> (usize, usize) {
    const LONGEST: usize = 24;
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"@$!|".contains(byte);
    let before = bytes.get(..start).unwrap_or_default().iter().rev().take(LONGEST).take_while(part).count();
    let after = bytes.get(end..).unwrap_or_default().iter().take(LONGEST).take_while(part).count();
    (start - before, end + after)
}

/// The letter that a digit or sign stands for.
pub(crate) fn leet_letter(byte: u8, one: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' | b'|' | b'!' => one,
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'6' | b'9' => b'g',
        b'7' => b't',
        b'8' => b'b',
        b'2' => b'z',
        other => other.to_ascii_lowercase(),
    }
}

/// What a word means once its digits are letters: with every `1` an `i` or an `l`, at the first four of them.
pub(crate) fn leet_meaning(word: &[u8]) -> Meaning {
    leet_best(word).map_or(0, |(mask, _)| mask)
}

/// The reading of a word in leet that means something, with its meaning.
pub(crate) fn leet_best(word: &[u8]) -> Option<(Meaning, u32)> {
    let ones = word.iter().filter(|byte| matches!(byte, b'1' | b'|' | b'!')).count().min(4);
    (0..1_u32 << ones).find_map(|choice| {
        let mut seen = 0;
        let mut hash = SEED;
        let mut mask = 0;
        for byte in word {
            hash = grow(hash, leet_letter(*byte, leet_one(choice, *byte, &mut seen)));
            mask |= lexicon::stem(hash);
        }
        let mask = mask | lexicon::word(hash);
        (mask != 0).then_some((mask, choice))
    })
}

/// What the next `1` stands for, under a choice of one bit each.
pub(crate) fn leet_one(choice: u32, byte: u8, seen: &mut u32) -> u8 {
    if !matches!(byte, b'1' | b'|' | b'!') {
        return b'i';
    }
    let bit = choice.checked_shr(*seen).unwrap_or(0) & 1;
    *seen += 1;
    if bit == 1 { b'l' } else { b'i' }
}
