//! The disguises a text can wear, one file each, and where in a text each may begin. In: a folded text and the leads that its
//! words gave. Out: passages with a disguise taken off, each as a rewritten part of that text.
//!
//! A decoder gives a text only where what comes out is one: bytes that are no text stay what they are. Each looks at a
//! bounded number of bytes for each byte of the passage.

mod ciphers;
mod escapes;
mod letters;
mod numbers;
mod packed;
mod unseen;

pub(crate) use crate::dress::unseen::messages;
use crate::lex::{Lead, LeadKind};
use crate::map::Rewritten;

/// A disguise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dress {
    /// Base64, in either alphabet.
    Base64,
    /// Base32.
    Base32,
    /// Pairs of hexadecimal digits.
    Hex,
    /// The numbers of characters, in digits.
    Numbers,
    /// Inflated.
    Compressed,
    /// `%41`.
    UrlEncoding,
    /// `&#65;`.
    Entities,
    /// `=41`.
    QuotedPrintable,
    /// `\u0041`.
    Escapes,
    /// Letters 13 on.
    Rot13,
    /// From right to left.
    Mirrored,
    /// Digits and signs for letters.
    Leet,
    /// Something between each two letters.
    SpacedLetters,
    /// Words without anything between.
    RunTogether,
    /// Words cut up by signs or markup.
    CutUp,
    /// Tag characters.
    Tags,
    /// Variation selectors.
    Selectors,
    /// Characters without width, as bits.
    ZeroWidth,
    /// The text of a PDF document.
    Pdf,
    /// The text of an office document.
    Office,
    /// Two bytes a character.
    Utf16,
}

impl Dress {
    /// The words for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Dress::Base64 => "base64",
            Dress::Base32 => "base32",
            Dress::Hex => "hexadecimal digits",
            Dress::Numbers => "character numbers",
            Dress::Compressed => "compressed data",
            Dress::UrlEncoding => "URL encoding",
            Dress::Entities => "HTML entities",
            Dress::QuotedPrintable => "quoted-printable",
            Dress::Escapes => "escapes",
            Dress::Rot13 => "ROT13",
            Dress::Mirrored => "mirror writing",
            Dress::Leet => "leet",
            Dress::SpacedLetters => "spaced letters",
            Dress::RunTogether => "words run together",
            Dress::CutUp => "words cut up",
            Dress::Tags => "tag characters",
            Dress::Selectors => "variation selectors",
            Dress::ZeroWidth => "zero-width characters",
            Dress::Pdf => "PDF",
            Dress::Office => "office document",
            Dress::Utf16 => "UTF-16",
        }
    }

    /// Whether a text is not looked at for it again once it was taken off: it changes letters alone, and what is left of it
    /// would come back for ever.
    pub(crate) fn is_worn_once(self) -> bool {
        match self {
            Dress::Rot13 | Dress::Mirrored | Dress::Leet | Dress::SpacedLetters | Dress::RunTogether | Dress::CutUp => true,
            Dress::Base64
            | Dress::Base32
            | Dress::Hex
            | Dress::Numbers
            | Dress::Compressed
            | Dress::UrlEncoding
            | Dress::Entities
            | Dress::QuotedPrintable
            | Dress::Escapes
            | Dress::Tags
            | Dress::Selectors
            | Dress::ZeroWidth
            | Dress::Pdf
            | Dress::Office
            | Dress::Utf16 => false,
        }
    }

    /// Whether nobody writes so but to hide something from people or from filters.
    #[must_use]
    pub fn is_disguise(self) -> bool {
        match self {
            Dress::Base64
            | Dress::Base32
            | Dress::Hex
            | Dress::Numbers
            | Dress::Rot13
            | Dress::Mirrored
            | Dress::Leet
            | Dress::SpacedLetters
            | Dress::Tags
            | Dress::Selectors
            | Dress::ZeroWidth => true,
            Dress::Compressed
            | Dress::UrlEncoding
            | Dress::Entities
            | Dress::QuotedPrintable
            | Dress::Escapes
            | Dress::RunTogether
            | Dress::CutUp
            | Dress::Pdf
            | Dress::Office
            | Dress::Utf16 => false,
        }
    }
}

/// A passage without its disguise.
#[derive(Debug)]
pub(crate) struct Undressed {
    pub(crate) dress: Dress,
    pub(crate) made: Rewritten,
}

/// Every passage of a text that comes out of a disguise.
pub(crate) fn undress(text: &str, leads: &[Lead]) -> Vec<Undressed> {
    let mut out = Vec::new();
    packed::all(text, &mut out);
    numbers::all(text, &mut out);
    escapes::all(text, &mut out);
    for kind in [LeadKind::Leet, LeadKind::Cut, LeadKind::Mirror, LeadKind::Rot13, LeadKind::RunTogether, LeadKind::Spaced] {
        let mut places: Vec<usize> = leads.iter().filter(|lead| lead.kind == kind).map(|lead| lead.at).collect();
        if kind == LeadKind::Cut {
            places.extend(letters::cut_by_tags(text));
            places.sort_unstable();
        }
        if kind == LeadKind::RunTogether {
            places.retain(|at| letters::is_several(text, *at));
        }
        let reach = if kind == LeadKind::RunTogether { NEAR } else { REACH };
        for (start, end) in passages(text, &places, reach) {
            // One such word may be a word of another language.
            let turned = matches!(kind, LeadKind::Mirror | LeadKind::Rot13);
            if turned && places.iter().filter(|at| (start..end).contains(at)).count() < 2 {
                continue;
            }
            let passage = text.get(start..end).unwrap_or_default();
            out.extend(match kind {
                LeadKind::Leet => letters::leet(passage, start),
                LeadKind::Cut => letters::joined(passage, start),
                LeadKind::RunTogether => letters::apart(passage, start),
                LeadKind::Spaced => letters::closed(passage, start),
                LeadKind::Mirror => ciphers::mirrored(passage, start),
                LeadKind::Rot13 => ciphers::rotated(passage, start),
            });
        }
    }
    out
}

/// How far a passage reaches around a lead: a paragraph, or this much of it.
const REACH: usize = 600;
/// The same for words run together: one such word is a sentence by itself.
const NEAR: usize = 200;

/// The passages around places, in order and apart from each other.
fn passages(text: &str, places: &[usize], reach: usize) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for place in places {
        let low = text.floor_char_boundary(place.saturating_sub(reach));
        let high = text.ceil_char_boundary((place + reach).min(text.len()));
        let before = text.get(low..*place).unwrap_or_default();
        let blank = before.rmatch_indices('\n').find(|(at, _)| before.get(*at..).is_some_and(|rest| rest.starts_with("\n\n")));
        let start = blank.map_or(low, |(at, _)| low + at + 2);
        let after = text.get(*place..high).unwrap_or_default();
        let end = after.find("\n\n").map_or(high, |at| place + at);
        match out.last_mut() {
            Some(last) if last.1 >= start => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out
}

/// Whether bytes are text: valid UTF-8 but for the ends, and hardly any that is not printed.
pub(crate) fn as_text(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(32))?;
    let odd = |bytes: &[u8]| bytes.iter().filter(|byte| **byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x1B)).count();
    if bytes.len() < 4 || odd(head) * 8 > head.len() {
        return wide(bytes);
    }
    // What is broken early is no text; a few broken bytes further on, or a cut at the end, may be.
    let whole = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), |_| bytes.len());
    if whole + 4 < head.len() || whole * 4 < bytes.len().min(256) * 3 {
        return wide(bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    let (mut good, mut bad) = (0_usize, 0_usize);
    for char in text.chars() {
        let fine = char != char::REPLACEMENT_CHARACTER && (char >= ' ' || matches!(char, '\n' | '\r' | '\t' | '\u{1B}'));
        if fine { good += 1 } else { bad += 1 }
    }
    (bad * 16 < good).then(|| text.into_owned())
}

/// UTF-16, as some shells want their commands encoded.
fn wide(bytes: &[u8]) -> Option<String> {
    let pairs = bytes.chunks_exact(2);
    let zeros = pairs.clone().filter(|pair| pair.get(1) == Some(&0)).count();
    if bytes.len() < 8 || zeros * 4 < pairs.len() * 3 {
        return None;
    }
    let units: Vec<u16> =
        pairs.map(|pair| u16::from_le_bytes([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)])).collect();
    String::from_utf16(&units).ok()
}
