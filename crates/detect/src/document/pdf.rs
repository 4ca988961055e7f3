//! PDF: the text that its content streams show, the strings of its other objects, its metadata. In: a file's bytes. Out: text,
//! and whether some of it could not be read (encrypted, an unknown filter, more than the bound).
//!
//! Not a viewer: no page order, no layout, no cross-reference table, so a damaged one hides nothing. Streams are found by
//! their words and inflated within a bound; glyph numbers become characters by the file's own ToUnicode tables, taken together.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::document::inflate::{MOST_INFLATED, Packed, inflate};

/// What all streams of a file may become together: a bomb of many streams ends here.
const MOST_TOTAL: usize = 64 << 20;
/// Text of one file at most.
const MOST_TEXT: usize = 16 << 20;

/// Glyph numbers, with how many bytes they have, to text.
type Glyphs = BTreeMap<(usize, u32), String>;

/// The file's text, and whether some was not read.
pub(crate) fn text(bytes: &[u8]) -> (String, bool) {
    let mut partial = find(bytes, b"/Encrypt", 0).is_some();
    let (streams, lost) = streams(bytes);
    partial |= lost;
    let mut glyphs = Glyphs::new();
    for stream in &streams {
        if find(stream, b"begincmap", 0).is_some() {
            to_unicode(stream, &mut glyphs);
        }
    }
    let mut out = String::new();
    for stream in streams.iter().filter(|stream| find(stream, b"begincmap", 0).is_none()) {
        shown(stream, &glyphs, &mut out);
        if out.len() > MOST_TEXT {
            return (out, true);
        }
    }
    // Titles, notes, form fields and link targets stand in objects outside of streams.
    strings(bytes, &Glyphs::new(), &mut out, false);
    (out, partial)
}

/// Every stream, inflated where it is deflated. The second value says whether one could not be read.
fn streams(bytes: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let mut out = Vec::new();
    let mut total = 0;
    let mut lost = false;
    let mut at = 0;
    while let Some(word) = find(bytes, b"stream", at) {
        at = word + 6;
        if bytes.get(..word).is_some_and(|head| head.ends_with(b"end")) {
            continue;
        }
        let start =
            at + bytes.get(at..).unwrap_or_default().iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let end = find(bytes, b"endstream", start).unwrap_or(bytes.len());
        let head = bytes.get(word.saturating_sub(400)..word).unwrap_or_default();
        let head = head.get(rfind(head, b"obj").unwrap_or(0)..).unwrap_or_default();
        let data = bytes.get(start..end).unwrap_or_default();
        at = end;
        let Some(stream) = unfiltered(head, data, &mut lost) else { continue };
        total += stream.len();
        lost |= stream.len() >= MOST_INFLATED;
        out.push(stream);
        if total > MOST_TOTAL {
            return (out, true);
        }
    }
    (out, lost)
}

/// Filters of one stream, one within the other, at most.
const MOST_FILTERS: usize = 4;

/// A stream by the filters that its dictionary names, in their order; pictures and fonts hold no text.
fn unfiltered(head: &[u8], data: &[u8], lost: &mut bool) -> Option<Vec<u8>> {
    let has = |name: &[u8]| find(head, name, 0).is_some();
    if has(b"/Image") || has(b"/DCTDecode") || has(b"/FontFile") || has(b"/Length1") || has(b"/XRef") {
        return None;
    }
    let filters = filters(head);
    // Rows that are differences to the row before are no text as they stand.
    *lost |= filters.len() > MOST_FILTERS || has(b"/Predictor");
    let most = if filters.first() == Some(&b"FlateDecode".as_slice()) { data.len() } else { MOST_INFLATED };
    *lost |= data.len() > most;
    let mut stream = Cow::Borrowed(data.get(..most).unwrap_or(data));
    for filter in filters.iter().take(MOST_FILTERS) {
        let made = match *filter {
            b"FlateDecode" | b"Fl" => inflate(&stream, Packed::Zlib),
            b"ASCIIHexDecode" | b"AHx" => Some(hex(&stream)),
            b"ASCII85Decode" | b"A85" => Some(base85(&stream)),
            _ => None,
        };
        *lost |= made.is_none() && !data.is_empty();
        stream = Cow::Owned(made?);
    }
    Some(stream.into_owned())
}

/// The names after `/Filter`, one or a list of them.
fn filters(head: &[u8]) -> Vec<&[u8]> {
    let Some(at) = find(head, b"/Filter", 0) else { return Vec::new() };
    let rest = head.get(at + 7..).unwrap_or_default();
    let end = rest.iter().position(|byte| matches!(byte, b']' | b'>')).unwrap_or(rest.len());
    let list = rest.get(..end).unwrap_or_default();
    let is_list = list.trim_ascii_start().first() == Some(&b'[');
    let names = list.split(|byte| *byte == b'/').skip(1);
    let name = |part| <[u8]>::split(part, |byte: &u8| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
    names.map(name).take(if is_list { MOST_FILTERS + 1 } else { 1 }).collect()
}

/// Five characters for four bytes.
fn base85(digits: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() / 5 * 4);
    let (mut value, mut count) = (0_u32, 0);
    let mut give = |value: u32, count: usize| out.extend(value.to_be_bytes().iter().take(count));
    for digit in digits.iter().take_while(|digit| **digit != b'~') {
        match digit {
            b'z' if count == 0 => give(0, 4),
            b'!'..=b'u' => {
                value = value.wrapping_mul(85).wrapping_add(u32::from(digit - b'!'));
                count += 1;
                if count == 5 {
                    give(value, 4);
                    (value, count) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if count > 1 {
        let whole = (count..5).fold(value, |value, _| value.wrapping_mul(85).wrapping_add(84));
        give(whole, count - 1);
    }
    out
}

/// What a stream shows: its strings, with spaces where the text moves. Streams of other things (metadata, attached files) as
/// they are, where they are text.
fn shown(stream: &[u8], glyphs: &Glyphs, out: &mut String) {
    if find(stream, b"BT", 0).is_some() || find(stream, b"Tj", 0).is_some() {
        strings(stream, glyphs, out, true);
    } else if let Some(text) = crate::dress::as_text(stream) {
        out.push_str(&text);
        out.push('\n');
    }
}

/// Every string of a piece of PDF: in brackets, or in hexadecimal digits.
fn strings(bytes: &[u8], glyphs: &Glyphs, out: &mut String, content: bool) {
    let mut at = 0;
    let mut in_stream = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b's' if !content && at >= in_stream && bytes.get(at..at + 6) == Some(b"stream") => {
                at = find(bytes, b"endstream", at).map_or(bytes.len(), |end| end + 9);
                in_stream = at;
            }
            b'(' => {
                let (string, end) = literal(bytes, at);
                at = end;
                push(&string, glyphs, out);
                if !content {
                    out.push('\n');
                }
            }
            b'<' if bytes.get(at + 1) != Some(&b'<') && content => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let end = rest.iter().position(|byte| matches!(byte, b'>' | b'<' | b'(')).unwrap_or(rest.len());
                if rest.get(end) == Some(&b'>') {
                    push(&hex(rest.get(..end).unwrap_or_default()), glyphs, out);
                }
                at += end.max(1);
            }
            b'<' => at += 2,
            // A wide step back within a TJ array is a space.
            b'-' if content && bytes.get(at + 1..at + 4).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit)) => {
                out.push(' ');
                at += 4;
            }
            b'T' if content && matches!(bytes.get(at + 1), Some(b'd' | b'D' | b'*' | b'm')) => {
                out.push(' ');
                at += 2;
            }
            b'E' if content && bytes.get(at + 1) == Some(&b'T') => {
                out.push('\n');
                at += 2;
            }
            _ => at += 1,
        }
        if out.len() > MOST_TEXT {
            return;
        }
    }
}

/// A string in brackets that begins at `at`: its bytes, and where it ends.
fn literal(bytes: &[u8], at: usize) -> (Vec<u8>, usize) {
    const LONGEST: usize = 1 << 16;
    let mut out = Vec::new();
    let mut depth = 0;
    let mut here = at;
    while let Some(byte) = bytes.get(here).filter(|_| here - at < LONGEST) {
        here += 1;
        match byte {
            b'(' => {
                depth += 1;
                if depth > 1 {
                    out.push(b'(');
                }
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return (out, here);
                }
                out.push(b')');
            }
            b'\\' => here = escaped(bytes, here, &mut out),
            other => out.push(*other),
        }
    }
    (out, here)
}

fn escaped(bytes: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    let digits = bytes.get(at..).unwrap_or_default().iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    if digits > 0 {
        let value =
            bytes.get(at..at + digits).unwrap_or_default().iter().fold(0_u32, |value, digit| value * 8 + u32::from(digit - b'0'));
        out.push((value & 0xFF) as u8);
        return at + digits;
    }
    match bytes.get(at) {
        Some(b'n' | b'r') => out.push(b'\n'),
        Some(b't') => out.push(b'\t'),
        Some(b'\n' | b'\r') | None => {}
        Some(other) => out.push(*other),
    }
    at + 1
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let values: Vec<u8> =
        digits.iter().filter_map(|digit| char::from(*digit).to_digit(16)).filter_map(|value| u8::try_from(value).ok()).collect();
    values.chunks(2).map(|pair| pair.first().copied().unwrap_or(0) << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

/// Adds a string: by the glyph tables where they know it, as UTF-16 where it has that mark, else byte for byte.
fn push(string: &[u8], glyphs: &Glyphs, out: &mut String) {
    if let Some(wide) = string.strip_prefix(&[0xFE, 0xFF]) {
        let units = wide.chunks_exact(2).filter_map(|pair| pair.first_chunk::<2>().map(|pair| u16::from_be_bytes(*pair)));
        out.extend(char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)));
        return;
    }
    let wide = glyphs.range((2, 0)..).next().is_some() && string.len().is_multiple_of(2) && string.contains(&0);
    let width = if wide { 2 } else { 1 };
    for chunk in string.chunks(width) {
        let number = chunk.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        match glyphs.get(&(width, number)) {
            Some(text) => out.push_str(text),
            None => out.extend(char::from_u32(number).filter(|char| *char >= ' ' || *char == '\n')),
        }
    }
}

/// Reads `<from> <to>` and `<first> <last> <to>` of a ToUnicode table.
fn to_unicode(stream: &[u8], glyphs: &mut Glyphs) {
    const MOST: usize = 1 << 16;
    for (open, close, three) in [(&b"beginbfchar"[..], &b"endbfchar"[..], false), (b"beginbfrange", b"endbfrange", true)] {
        let mut at = 0;
        while let Some(start) = find(stream, open, at) {
            let end = find(stream, close, start).unwrap_or(stream.len());
            let body = String::from_utf8_lossy(stream.get(start + open.len()..end).unwrap_or_default()).into_owned();
            let codes: Vec<Vec<u8>> =
                body.split('<').skip(1).filter_map(|part| Some(hex(part.split_once('>')?.0.as_bytes()))).collect();
            for entry in codes.chunks_exact(if three { 3 } else { 2 }) {
                if glyphs.len() < MOST {
                    add_glyphs(entry, three, glyphs);
                }
            }
            at = end;
        }
    }
}

fn add_glyphs(entry: &[Vec<u8>], three: bool, glyphs: &mut Glyphs) {
    let number = |code: &[u8]| code.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    let (Some(first), Some(target)) = (entry.first(), entry.last()) else { return };
    let last = entry.get(1).filter(|_| three).map_or(number(first), |code| number(code));
    let units: Vec<u16> =
        target.chunks_exact(2).filter_map(|pair| pair.first_chunk::<2>().map(|pair| u16::from_be_bytes(*pair))).collect();
    // A glyph is a letter, or a few that are written as one; a longer text is there to be multiplied.
    const LONGEST: usize = 16;
    let text = String::from_utf16_lossy(units.get(..units.len().min(LONGEST)).unwrap_or_default());
    for offset in 0..=last.saturating_sub(number(first)).min(255) {
        let mut chars: Vec<char> = text.chars().collect();
        if let Some(last) = chars.last_mut() {
            *last = char::from_u32(u32::from(*last) + offset).unwrap_or(*last);
        }
        glyphs.insert((first.len(), number(first) + offset), chars.into_iter().collect());
    }
}

/// The first place of `part` from `from` on.
fn find(bytes: &[u8], part: &[u8], from: usize) -> Option<usize> {
    let first = *part.first()?;
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(part) {
            return Some(at);
        }
        at += 1;
    }
}

fn rfind(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).rposition(|window| window == part)
}
