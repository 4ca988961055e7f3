//! Characters written as escapes within a text: `%41`, `&#65;`, `=41`, `\u0041`, `\x41`, `U+0041`. In: a text. Out: the lines
//! that have some, without them. `%2525…41`, however deep, is one step.

use crate::bytes;
use crate::dress::{Dress, Undressed};
use crate::map::Rewritten;

/// How far before the first and past the last escape a passage reaches.
const REACH: usize = 400;
/// Escapes further apart than this are in passages of their own.
const APART: usize = 800;

/// An escape: its length, what it stands for, and its kind.
struct Escape {
    length: usize,
    char: Option<char>,
    dress: Dress,
}

pub(super) fn all(text: &str, out: &mut Vec<Undressed>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(first) = next(text, at) {
        let start = text.floor_char_boundary(first.saturating_sub(REACH).max(at));
        let mut made = Rewritten::with_capacity(REACH);
        let mut copied = start;
        let mut here = first;
        let mut counts = [0_usize; 4];
        let mut hides = false;
        while let Some(escape) = escape(bytes, here) {
            made.keep(text.get(copied..here).unwrap_or_default(), copied);
            copied = here + escape.length;
            put(text, &mut made, here, &mut copied, &escape);
            // One sign of equality before two digits is most often no more than that.
            hides |= escape.char.is_some_and(|char| char.is_alphabetic() || char == '=');
            if let Some(count) = counts.get_mut(kind(escape.dress)) {
                *count += 1;
            }
            match next(text, copied) {
                Some(further) if further - copied <= APART => here = further,
                Some(_) | None => break,
            }
        }
        let end = text.ceil_char_boundary((copied + REACH).min(text.len())).max(copied);
        let end = next(text, copied).map_or(end, |further| end.min(further));
        made.keep(text.get(copied..end).unwrap_or_default(), copied);
        if counts != [0, 0, 1, 0] || hides {
            out.push(Undressed { dress: most(&counts), made });
        }
        at = copied.max(first + 1);
    }
}

/// Adds what an escape stands for; bytes of one character in several escapes become the character.
fn put(text: &str, made: &mut Rewritten, here: usize, copied: &mut usize, first: &Escape) {
    let mut bytes = [0; 4];
    let Some(char) = first.char else { return };
    let value = u32::from(char);
    let is_byte = matches!(first.dress, Dress::UrlEncoding | Dress::QuotedPrintable) && (0xC2..0xF5).contains(&value);
    if is_byte {
        let mut whole = vec![u8::try_from(value).unwrap_or(b'?')];
        let mut at = *copied;
        while whole.len() < 4 {
            let Some(more) = escape(text.as_bytes(), at).filter(|more| more.dress == first.dress) else { break };
            let Some(byte) = more.char.and_then(|char| u8::try_from(u32::from(char)).ok()).filter(|byte| byte & 0xC0 == 0x80)
            else {
                break;
            };
            whole.push(byte);
            at += more.length;
            if let Ok(text) = std::str::from_utf8(&whole) {
                made.put(text, here..at);
                *copied = at;
                return;
            }
        }
    }
    made.put(char.encode_utf8(&mut bytes), here..*copied);
}

/// The kinds that a passage is named after.
const KINDS: [Dress; 4] = [Dress::UrlEncoding, Dress::Entities, Dress::QuotedPrintable, Dress::Escapes];

fn kind(dress: Dress) -> usize {
    KINDS.iter().position(|kind| *kind == dress).unwrap_or(KINDS.len() - 1)
}

/// The commonest kind, of equals the first.
fn most(counts: &[usize; 4]) -> Dress {
    let best = counts.iter().enumerate().max_by_key(|(index, count)| (**count, std::cmp::Reverse(*index)));
    best.and_then(|(index, _)| KINDS.get(index)).copied().unwrap_or(Dress::Escapes)
}

/// The next escape from a place on.
fn next(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += bytes::position_of_pair(bytes.get(at..)?, may_begin)?;
        // The sign of `U+0041` stands second.
        let sign = at + usize::from(matches!(bytes.get(at), Some(b'U' | b'u')));
        if escape(bytes, sign).is_some() {
            return Some(sign);
        }
        at += 1;
    }
}

/// Whether an escape may begin with these two bytes: most such signs in code are none.
#[inline]
fn may_begin(sign: u8, next: u8) -> bool {
    let digit = next.wrapping_sub(b'0') < 10;
    let letter = (next | 0x20).wrapping_sub(b'a') < 26;
    let hex = digit | ((next | 0x20).wrapping_sub(b'a') < 6);
    let url = (sign == b'%') & hex;
    let entity = (sign == b'&') & (letter | (next == b'#'));
    let quoted = (sign == b'=') & (digit | (next.wrapping_sub(b'A') < 6) | (next == b'\n') | (next == b'\r'));
    let kinds = (next == b'x') | ((next | 0x20) == b'u') | (next == b'N') | (next.wrapping_sub(b'0') < 4);
    let backslash = (sign == b'\\') & kinds;
    let point = ((sign | 0x20) == b'u') & (next == b'+');
    url | entity | quoted | backslash | point
}

fn escape(bytes: &[u8], at: usize) -> Option<Escape> {
    let rest = bytes.get(at..)?;
    match rest.first()? {
        b'%' => url(rest),
        b'&' => entity(rest),
        b'=' => quoted(rest),
        b'\\' => backslash(rest),
        // `U+0041`: the sign stands second; the letter before it stays.
        b'+' if at > 0 && matches!(bytes.get(at - 1), Some(b'U' | b'u')) => code(rest, 1, 4, 6, Dress::Escapes, 0),
        _ => None,
    }
}

/// Digits from `skip` on, so many of them, as a character; `tail` bytes belong to the escape behind them.
fn code(rest: &[u8], skip: usize, least: usize, most: usize, dress: Dress, tail: usize) -> Option<Escape> {
    let digits = rest.get(skip..)?.iter().take(most).take_while(|byte| byte.is_ascii_hexdigit()).count();
    if digits < least {
        return None;
    }
    let text = std::str::from_utf8(rest.get(skip..skip + digits)?).ok()?;
    let char = char::from_u32(u32::from_str_radix(text, 16).ok()?)?;
    Some(Escape { length: skip + digits + tail, char: Some(char), dress })
}

fn url(rest: &[u8]) -> Option<Escape> {
    // The sign itself encoded, over and over.
    let layers = rest.get(1..)?.chunks_exact(2).take_while(|pair| *pair == b"25").count();
    let inner = code(rest.get(layers * 2..)?, 1, 2, 2, Dress::UrlEncoding, 0);
    let inner = inner.or_else(|| (layers > 0).then_some(Escape { length: 1, char: Some('%'), dress: Dress::UrlEncoding }));
    inner.map(|escape| Escape { length: escape.length + layers * 2, ..escape })
}

fn quoted(rest: &[u8]) -> Option<Escape> {
    // A line broken between words hides nothing, and is how programs write an assignment.
    let broken = |length: usize| {
        let within = rest.get(length).is_some_and(u8::is_ascii_alphanumeric);
        within.then_some(Escape { length, char: None, dress: Dress::QuotedPrintable })
    };
    match rest.get(1)? {
        b'\n' => broken(2),
        b'\r' if rest.get(2) == Some(&b'\n') => broken(3),
        b'0'..=b'9' | b'A'..=b'F' => {
            // The sign itself encoded, over and over.
            let layers = rest.get(1..)?.chunks_exact(2).take_while(|pair| *pair == b"3D").count();
            let inner = rest.get(layers * 2..)?;
            let small = inner.get(1..3).is_some_and(|digits| digits.iter().any(u8::is_ascii_lowercase));
            let inner = code(inner, 1, 2, 2, Dress::QuotedPrintable, 0).filter(|_| !small);
            let sign = Escape { length: 1, char: Some('='), dress: Dress::QuotedPrintable };
            let inner = inner.or_else(|| (layers > 0).then_some(sign));
            inner.map(|escape| Escape { length: escape.length + layers * 2, ..escape })
        }
        _ => None,
    }
}

fn backslash(rest: &[u8]) -> Option<Escape> {
    match rest.get(1)? {
        b'x' => code(rest, 2, 2, 2, Dress::Escapes, 0),
        b'u' if rest.get(2) == Some(&b'{') => {
            let escape = code(rest, 3, 1, 6, Dress::Escapes, 1)?;
            (rest.get(escape.length - 1) == Some(&b'}')).then_some(escape)
        }
        b'u' => surrogates(rest).or_else(|| code(rest, 2, 4, 4, Dress::Escapes, 0)),
        b'U' => code(rest, 2, 8, 8, Dress::Escapes, 0),
        b'N' => named(rest),
        b'0'..=b'3' => octal(rest),
        _ => None,
    }
}

/// `\ud83d\ude00`.
fn surrogates(rest: &[u8]) -> Option<Escape> {
    let half = |from: usize| u16::from_str_radix(std::str::from_utf8(rest.get(from..from + 4)?).ok()?, 16).ok();
    let pair = [half(2)?, half(8).filter(|_| rest.get(6..8) == Some(b"\\u"))?];
    let char = char::decode_utf16(pair).next()?.ok().filter(|char| u32::from(*char) > 0xFFFF)?;
    Some(Escape { length: 12, char: Some(char), dress: Dress::Escapes })
}

/// `\N{LATIN SMALL LETTER A}`.
fn named(rest: &[u8]) -> Option<Escape> {
    let name = rest.strip_prefix(b"\\N{LATIN ")?;
    let (name, before) = match (name.strip_prefix(b"SMALL LETTER "), name.strip_prefix(b"CAPITAL LETTER ")) {
        (Some(name), _) => (name, 22),
        (None, Some(name)) => (name, 24),
        (None, None) => return None,
    };
    (name.get(1) == Some(&b'}') && name.first()?.is_ascii_uppercase()).then(|| Escape {
        length: before + 2,
        char: name.first().map(|byte| char::from(byte.to_ascii_lowercase())),
        dress: Dress::Escapes,
    })
}

/// `\101`.
fn octal(rest: &[u8]) -> Option<Escape> {
    let digits = rest.get(1..4)?;
    let value = digits.iter().try_fold(0_u32, |value, digit| Some(value * 8 + char::from(*digit).to_digit(8)?))?;
    (0x20..0x7F).contains(&value).then_some(Escape { length: 4, char: char::from_u32(value), dress: Dress::Escapes })
}

/// Names of entities that can stand within words and sentences.
const NAMED: [(&[u8], char); 22] = [
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"nbsp", ' '),
    (b"shy", '\u{AD}'),
    (b"zwj", '\u{200D}'),
    (b"zwnj", '\u{200C}'),
    (b"ensp", ' '),
    (b"emsp", ' '),
    (b"thinsp", ' '),
    (b"NewLine", '\n'),
    (b"Tab", ' '),
    (b"period", '.'),
    (b"comma", ','),
    (b"colon", ':'),
    (b"sol", '/'),
    (b"excl", '!'),
    (b"lowbar", '_'),
    (b"hyphen", '-'),
    (b"commat", '@'),
];

fn entity(rest: &[u8]) -> Option<Escape> {
    if rest.get(1) == Some(&b'#') {
        let escape = if matches!(rest.get(2), Some(b'x' | b'X')) {
            code(rest, 3, 1, 6, Dress::Entities, 0)?
        } else {
            let digits = rest.get(2..)?.iter().take(7).take_while(|byte| byte.is_ascii_digit()).count();
            let value = std::str::from_utf8(rest.get(2..2 + digits)?).ok()?.parse().ok()?;
            Escape { length: 2 + digits, char: char::from_u32(value), dress: Dress::Entities }
        };
        let end = usize::from(rest.get(escape.length) == Some(&b';'));
        return Some(Escape { length: escape.length + end, ..escape });
    }
    let name = rest.get(1..)?.iter().take(8).take_while(|byte| byte.is_ascii_alphabetic()).count();
    // In code most of these signs are no entities: the semicolon says so before any name is looked for.
    if rest.get(1 + name) != Some(&b';') {
        return None;
    }
    let (_, char) = NAMED.iter().find(|(known, _)| rest.get(1..1 + name) == Some(*known))?;
    Some(Escape { length: name + 2, char: Some(*char), dress: Dress::Entities })
}
