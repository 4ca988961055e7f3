//! Messages in characters that are not shown: tags, variation selectors, characters without width as bits. In: a text as it
//! came. Out: what they say. All of a kind in a text are one message, whatever stands between them.

use crate::bytes;
use crate::dress::{Dress, Undressed, as_text};
use crate::map::Rewritten;

/// The fewest characters that are a message: a flag has six tags.
const FEWEST: usize = 8;

/// Every message.
pub(crate) fn messages(text: &str) -> Vec<Undressed> {
    let mut out = Vec::new();
    if text.is_ascii() {
        return out;
    }
    // By the bytes that such characters begin with: most texts beyond ASCII have none or few of these.
    let count = |first: u8, second: u8, most: usize| {
        bytes::count(text.as_bytes(), most, |byte| (byte == first) | (byte == second)) >= most
    };
    if count(0xF3, 0xEF, FEWEST) {
        out.extend(tags(text));
        out.extend(selectors(text));
    }
    if !count(0xE2, 0xEF, FEWEST * 7) {
        return out;
    }
    if widthless(text.as_bytes(), FEWEST * 7) < FEWEST * 7 {
        return out;
    }
    for (zero, one) in [
        ('\u{200B}', '\u{200C}'),
        ('\u{200C}', '\u{200D}'),
        ('\u{200B}', '\u{200D}'),
        ('\u{2062}', '\u{2064}'),
        ('\u{200B}', '\u{FEFF}'),
        ('\u{200B}', '\u{2060}'),
        ('\u{2060}', '\u{200C}'),
    ] {
        out.extend(bits(text, zero, one));
        out.extend(bits(text, one, zero));
    }
    out
}

/// How many characters without width there are (U+200B to U+200D, U+2060 to U+2064, U+FEFF), up to `most`.
fn widthless(bytes: &[u8], most: usize) -> usize {
    let (mut found, mut at) = (0, 0);
    while let Some(offset) = bytes.get(at..).and_then(|rest| bytes::position(rest, |byte| (byte == 0xE2) | (byte == 0xEF))) {
        at += offset + 1;
        found += usize::from(matches!(
            bytes.get(at - 1..at + 2),
            Some([0xE2, 0x80, 0x8B..=0x8D] | [0xE2, 0x81, 0xA0..=0xA4] | [0xEF, 0xBB, 0xBF])
        ));
        if found >= most {
            break;
        }
    }
    found
}

/// Tag characters, each an ASCII character.
fn tags(text: &str) -> Option<Undressed> {
    let mut made = Rewritten::with_capacity(64);
    let mut bytes = [0; 4];
    for (at, char) in text.char_indices() {
        if let Some(plain) = u32::from(char).checked_sub(0xE0000).filter(|plain| (0x20..0x7F).contains(plain) || *plain == 10) {
            made.put(char::from_u32(plain).unwrap_or(' ').encode_utf8(&mut bytes), at..at + char.len_utf8());
        }
    }
    (made.text.len() >= FEWEST).then_some(Undressed { dress: Dress::Tags, made })
}

/// Variation selectors, each a byte.
fn selectors(text: &str) -> Option<Undressed> {
    let value = |char: char| match char {
        '\u{FE00}'..='\u{FE0F}' => u8::try_from(u32::from(char) - 0xFE00).ok(),
        '\u{E0100}'..='\u{E01EF}' => u8::try_from(u32::from(char) - 0xE0100 + 16).ok(),
        _ => None,
    };
    let (bytes, range) = collect(text, value);
    let message = as_text(&bytes).filter(|_| bytes.len() >= FEWEST)?;
    Some(Undressed { dress: Dress::Selectors, made: Rewritten::whole(message, range) })
}

/// Two characters as the bits of bytes.
fn bits(text: &str, zero: char, one: char) -> Option<Undressed> {
    let value = |char: char| if char == zero { Some(0) } else { (char == one).then_some(1_u8) };
    let (bits, range) = collect(text, value);
    if bits.len() < FEWEST * 7 || !bits.contains(&1) {
        return None;
    }
    let message = [8, 7, 16].into_iter().find_map(|width| {
        let number = |chunk: &[u8]| chunk.iter().fold(0_u32, |number, bit| number << 1 | u32::from(*bit));
        let bytes: Option<Vec<u8>> = bits.chunks_exact(width).map(|chunk| u8::try_from(number(chunk)).ok()).collect();
        bytes
            .filter(|bytes| bytes.iter().all(|byte| (0x20..0x7F).contains(byte) || *byte == b'\n'))
            .and_then(|bytes| as_text(&bytes))
    })?;
    Some(Undressed { dress: Dress::ZeroWidth, made: Rewritten::whole(message, range) })
}

/// The values of all characters that have one, and the range from the first to the last.
fn collect(text: &str, value: impl Fn(char) -> Option<u8>) -> (Vec<u8>, std::ops::Range<usize>) {
    let mut values = Vec::new();
    let (mut start, mut end) = (usize::MAX, 0);
    for (at, char) in text.char_indices().filter(|(_, char)| !char.is_ascii()) {
        if let Some(value) = value(char) {
            values.push(value);
            start = start.min(at);
            end = at + char.len_utf8();
        }
    }
    (values, start.min(end)..end)
}
