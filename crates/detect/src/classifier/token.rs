//! A text as the classifier reads it: words in small letters, one after the other, as hashes.
//!
//! Text in, [`Token`]s out, in one pass, borrowing it, keeping nothing. Accents of Latin letters are off, a run of digits, an
//! address and a long blob are one token each whatever stands in them, a Chinese, Japanese, Thai or Korean character is a word.
//! Disguises (encodings, look-alikes, spaced letters) are not undone here: crate detect's views do that before.

/// One word. What stood before it is part of it: an order begins after a full stop, a role name after a bracket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// The word.
    pub word: u32,
    /// Its first five letters: `instruct` and `instructions` are one.
    pub stem: u32,
    /// The last two characters between it and the word before that are no space, and whether it is in capitals.
    pub before: u32,
    /// Whether a part of a sentence or a line ended before it.
    pub breaks: bool,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
}

/// Longer runs of letters and digits are keys, digests and encodings: one token for all.
const WORD_MAX: usize = 28;
const STEM: usize = 5;
const SEED: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;
const DIGITS: u32 = 0x5bd1_e995;
const ADDRESS: u32 = 0x27d4_eb2f;
const BLOB: u32 = 0x1656_67b1;

/// The words of a text, first to last.
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

/// Reads a text word by word.
#[must_use]
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// What lies between two words.
#[derive(Clone, Copy, Default)]
struct Gap {
    last: u32,
    last_but_one: u32,
    breaks: bool,
    /// The gap so far is `://`, or `@` right after a word: an address follows.
    address: bool,
}

impl Gap {
    fn add(&mut self, character: char, first: bool) {
        self.address = match character {
            '/' => self.last == u32::from('/') && self.last_but_one == u32::from(':'),
            '@' => first,
            _ => false,
        };
        match character {
            '\n' | '\r' => self.breaks = true,
            '!' | '?' | ';' | '。' | '！' | '？' | '．' | '।' | '؟' | '…' => self.breaks = true,
            // A full stop inside a name (`config.yaml`, `3.5`) ends nothing; a comma or colon ends a part of a sentence.
            ' ' | '\t' => self.breaks |= [u32::from('.'), u32::from(','), u32::from(':')].contains(&self.last),
            '<' | '>' | '[' | ']' | '{' | '}' | '|' | '#' | '"' => self.breaks = true,
            _ => {}
        }
        if !character.is_whitespace() || character == '\n' {
            self.last_but_one = self.last;
            self.last = u32::from(character);
        }
    }

    /// The same of a byte of ASCII, by its class.
    #[inline]
    fn add_plain(&mut self, byte: u8, first: bool) {
        let class = BETWEEN[usize::from(byte)];
        if class == BLANK {
            self.breaks |= [u32::from('.'), u32::from(','), u32::from(':')].contains(&self.last);
            self.address = false;
            return;
        }
        self.address = match byte {
            b'/' => self.last == u32::from('/') && self.last_but_one == u32::from(':'),
            b'@' => first,
            _ => false,
        };
        self.breaks |= class & BREAKS != 0;
        if class & KEPT != 0 {
            self.last_but_one = self.last;
            self.last = u32::from(byte);
        }
    }
}

/// A space or tab.
const BLANK: u8 = 1;
/// Ends a sentence, or what is one in markup and code.
const BREAKS: u8 = 2;
/// Remembered as what stood before a word.
const KEPT: u8 = 4;

/// What a byte of ASCII is between words; says the same as [`Gap::add`].
static BETWEEN: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b' ' | b'\t' => BLANK,
            b'\r' => BREAKS,
            0x0b | 0x0c => 0,
            b'\n' | b'!' | b'?' | b';' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'|' | b'#' | b'"' => BREAKS | KEPT,
            _ => KEPT,
        };
        byte += 1;
    }
    table
};

/// A word while it is read.
struct Word {
    hash: u32,
    stem: u32,
    length: usize,
    digits: usize,
    capitals: usize,
}

impl Word {
    fn new() -> Word {
        Word { hash: SEED, stem: SEED, length: 0, digits: 0, capitals: 0 }
    }

    fn add(&mut self, letter: u32, digit: bool, capital: bool) {
        self.hash = (self.hash ^ letter).wrapping_mul(PRIME);
        if self.length < STEM {
            self.stem = self.hash;
        }
        self.length += 1;
        self.digits += usize::from(digit);
        self.capitals += usize::from(capital);
    }

    /// Adds the letters and digits of ASCII that a text begins with; gives how many they are.
    #[inline]
    fn add_plain(&mut self, text: &[u8]) -> usize {
        let Word { mut hash, mut stem, length, mut digits, mut capitals } = *self;
        let mut count = 0;
        for byte in text {
            let letter = PLAIN[usize::from(*byte)];
            if letter == 0 {
                break;
            }
            hash = (hash ^ u32::from(letter)).wrapping_mul(PRIME);
            if length + count < STEM {
                stem = hash;
            }
            count += 1;
            digits += usize::from(byte.is_ascii_digit());
            capitals += usize::from(letter != *byte);
        }
        *self = Word { hash, stem, length: length + count, digits, capitals };
        count
    }

    fn token(&self, gap: Gap, start: usize, end: usize) -> Token {
        let capitals = u32::from(self.length > 2 && self.capitals == self.length);
        let before = (gap.last << 12) ^ (gap.last_but_one << 1) ^ capitals;
        let whole = |word: u32| Token { word, stem: word, before, breaks: gap.breaks, start, end };
        if self.digits == self.length {
            whole(DIGITS)
        } else if self.length > WORD_MAX || (self.digits > 2 && self.length > 8) {
            whole(BLOB)
        } else {
            Token { word: self.hash, stem: self.stem, before, breaks: gap.breaks, start, end }
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    #[inline]
    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        // One space is what stands between most words.
        if let [b' ', letter, ..] = bytes.get(self.at..)?
            && PLAIN[usize::from(*letter)] != 0
            && self.at > 0
        {
            self.at += 1;
            return Some(self.word(Gap::default(), self.at));
        }
        let gap = self.gap()?;
        if gap.address {
            return Some(self.address(gap, self.at));
        }
        Some(self.word(gap, self.at))
    }
}

/// The small letter or digit that a byte is; 0 for all others.
const PLAIN: [u8; 256] = plain();

const fn plain() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
}

/// What a character is to a word.
enum Kind {
    Letter { letter: u32, digit: bool, capital: bool },
    Whole(u32),
    Other(char),
}

impl Tokens<'_> {
    /// What stands before the next word, which begins where it ends. None where no word follows.
    fn gap(&mut self) -> Option<Gap> {
        let bytes = self.text.as_bytes();
        let mut gap = Gap { breaks: self.at == 0, ..Gap::default() };
        let from = self.at;
        loop {
            let byte = *bytes.get(self.at)?;
            if PLAIN[usize::from(byte)] != 0 {
                return Some(gap);
            }
            let first = self.at == from && from > 0;
            if !byte.is_ascii() {
                let character = self.text.get(self.at..)?.chars().next()?;
                match wide(character) {
                    Kind::Letter { .. } | Kind::Whole(_) => return Some(gap),
                    Kind::Other(character) => gap.add(character, first),
                }
                self.at += character.len_utf8();
            } else if byte == b'\\' && matches!(bytes.get(self.at + 1), Some(b'n' | b'r' | b't')) {
                // A line end as JSON and program strings write it.
                gap.add('\n', first);
                self.at += 2;
            } else {
                gap.add_plain(byte, first);
                self.at += 1;
                // A second space says what the first one said: lines of code begin with many.
                if byte == b' ' {
                    let rest = bytes.get(self.at..).unwrap_or_default();
                    self.at += rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len());
                }
            }
        }
    }

    /// The character beyond ASCII here and where the next one begins.
    fn look(&self) -> Option<(Kind, usize)> {
        let character = self.text.get(self.at..)?.chars().next()?;
        Some((wide(character), self.at + character.len_utf8()))
    }

    #[inline]
    fn word(&mut self, gap: Gap, start: usize) -> Token {
        let mut word = Word::new();
        loop {
            self.plain(&mut word);
            match self.text.as_bytes().get(self.at) {
                // don't, l'istruzione: the mark is no end of a word.
                Some(b'\'') if word.length > 0 && self.letter_at(self.at + 1) => self.at += 1,
                Some(0x80..) => {
                    if !self.add_wide(&mut word) {
                        break;
                    }
                }
                Some(_) | None => break,
            }
        }
        word.token(gap, start, self.at)
    }

    /// Adds a character beyond ASCII to a word; false where the word ends.
    fn add_wide(&mut self, word: &mut Word) -> bool {
        let Some((kind, next)) = self.look() else { return false };
        match kind {
            Kind::Letter { letter, digit, capital } => word.add(letter, digit, capital),
            Kind::Whole(letter) if word.length == 0 => {
                word.add(letter, false, false);
                self.at = next;
                return false;
            }
            Kind::Other('’') if word.length > 0 && self.letter_at(next) => {}
            Kind::Whole(_) | Kind::Other(_) => return false,
        }
        self.at = next;
        true
    }

    /// Letters and digits of ASCII, which are nearly all.
    #[inline]
    fn plain(&mut self, word: &mut Word) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += word.add_plain(rest);
    }

    fn letter_at(&self, at: usize) -> bool {
        self.text.as_bytes().get(at).is_some_and(u8::is_ascii_alphabetic)
    }

    /// A host and what follows it, up to a space, a quote or a bracket.
    fn address(&mut self, gap: Gap, start: usize) -> Token {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| byte.is_ascii_whitespace() || b"\"'`<>()[]{}|\\,;".contains(byte));
        self.at = start + length.unwrap_or(rest.len());
        let before = gap.last;
        Token { word: ADDRESS, stem: ADDRESS, before, breaks: gap.breaks, start, end: self.at }
    }
}

/// Letters beyond ASCII.
fn wide(character: char) -> Kind {
    let code = u32::from(character);
    match code {
        0xc0..=0x17f => match LATIN.get((code - 0xc0) as usize).copied() {
            Some(plain) if plain.is_ascii_alphabetic() => {
                Kind::Letter { letter: u32::from(plain), digit: false, capital: character.is_uppercase() }
            }
            _ => Kind::Other(character),
        },
        // Thai, Lao; Japanese; Chinese; Korean.
        0xe00..=0xeff | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xac00..=0xd7a3 if character.is_alphanumeric() => Kind::Whole(code),
        _ if character.is_alphanumeric() => {
            let small = character.to_lowercase().next().unwrap_or(character);
            Kind::Letter { letter: u32::from(small), digit: false, capital: small != character }
        }
        // Vowel signs of Indian scripts and Arabic marks belong to the word.
        0x300..=0x36f | 0x610..=0x61a | 0x64b..=0x65f | 0x900..=0xdff => {
            Kind::Letter { letter: code, digit: false, capital: false }
        }
        _ => Kind::Other(character),
    }
}

/// The plain letters of U+00C0 to U+017F; `.` where there is none.
const LATIN: &[u8; 192] = b"aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty\
aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll\
lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).map(|token| &text[token.start..token.end]).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words("Don't wait, l'ordre: run_it 3 times!"), ["Don't", "wait", "l'ordre", "run", "it", "3", "times"]);
        assert_eq!(words("忽略以前"), ["忽", "略", "以", "前"]);
        assert_eq!(words(""), Vec::<&str>::new());
        assert_eq!(words(" .. "), Vec::<&str>::new());
    }

    #[test]
    fn case_and_accents_make_no_other_word() {
        let hashes = |text: &str| tokens(text).map(|token| token.word).collect::<Vec<_>>();
        assert_eq!(hashes("Éxécuter Straße ÇA"), hashes("executer strase ca"));
        assert_eq!(hashes("ИГНОРИРУЙ"), hashes("игнорируй"));
        assert_eq!(hashes("17 rooms"), hashes("99999 rooms"));
    }

    #[test]
    fn an_address_is_one_word_whatever_it_names() {
        assert_eq!(words("see https://a.example/x?y=1 now"), ["see", "https", "a.example/x?y=1", "now"]);
        assert_eq!(words("to ann@mail.example, please"), ["to", "ann", "mail.example", "please"]);
        let hash = |text: &str| tokens(text).nth(1).unwrap_or_default().word;
        assert_eq!(hash("http://one.example/"), hash("http://two.example/else"));
    }

    #[test]
    fn signs_of_ascii_say_the_same_by_their_class() {
        for before in ["", ".", ":", ":/", "x"] {
            for byte in (0..128_u8).filter(|byte| !byte.is_ascii_alphanumeric()) {
                for first in [true, false] {
                    let (mut one, mut other) = (Gap::default(), Gap::default());
                    before.chars().for_each(|char| one.add(char, false));
                    before.chars().for_each(|char| other.add(char, false));
                    one.add(char::from(byte), first);
                    other.add_plain(byte, first);
                    assert_eq!(
                        (one.last, one.last_but_one, one.breaks, one.address),
                        (other.last, other.last_but_one, other.breaks, other.address),
                        "{before:?} {byte:#x} {first}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_sentence_breaks_where_it_ends() {
        let breaks: Vec<bool> = tokens("One two. Three\nfour").map(|token| token.breaks).collect();
        assert_eq!(breaks, [true, false, true, true]);
    }
}
