//! Characters by their numbers, one after the other: `49 67 6e`, `0x49, 0x67`, `73, 103, 110`, `01001001 01100111`, `\111\147`.
//! In: a text. Out: what such lists spell.

use crate::dress::{Dress, Undressed};
use crate::map::Rewritten;

/// The fewest numbers that are a list.
const FEWEST: usize = 8;
/// What may stand between two numbers.
const LONGEST_GAP: usize = 5;

/// How a number may be meant; a list keeps the ways that all its numbers share.
const HEX: u8 = 1;
const DECIMAL: u8 = 2;
const BINARY: u8 = 4;
const OCTAL: u8 = 8;

/// A list that goes on.
#[derive(Default)]
struct List {
    ways: u8,
    start: usize,
    end: usize,
    /// Where each number's digits stand.
    items: Vec<(usize, usize)>,
}

pub(super) fn all(text: &str, out: &mut Vec<Undressed>) {
    let mut at = 0;
    while at < text.len() {
        let (start, end) = dense(text.as_bytes(), at);
        if start < end {
            lists(text, start, end, out);
        }
        at = end.max(at + BLOCK);
    }
}

/// Text is passed over in blocks of this size.
const BLOCK: usize = 64;

/// The next stretch of blocks that have so many digits that a list may be in them.
fn dense(bytes: &[u8], from: usize) -> (usize, usize) {
    let digits = |at: usize| {
        let block = bytes.get(at..bytes.len().min(at + BLOCK)).unwrap_or_default();
        usize::from(block.iter().fold(0_u8, |count, byte| count + u8::from(byte.is_ascii_digit())))
    };
    let mut start = from;
    while start < bytes.len() && digits(start) < FEWEST / 2 {
        start += BLOCK;
    }
    let mut end = start;
    while end < bytes.len() && digits(end) >= FEWEST / 2 {
        end += BLOCK;
    }
    // A list may begin in the block before and end in the one after.
    if start < end { (start.saturating_sub(BLOCK).max(from), (end + BLOCK).min(bytes.len())) } else { (end, end) }
}

fn lists(text: &str, from: usize, to: usize, out: &mut Vec<Undressed>) {
    let bytes = text.as_bytes();
    let mut list = List::default();
    let mut at = from;
    while let Some(offset) = bytes.get(at..to).and_then(|rest| rest.iter().position(u8::is_ascii_alphanumeric)) {
        let start = at + offset;
        let rest = bytes.get(start..to).unwrap_or_default();
        let end = start + rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (digits, ways) = ways(bytes, start, end);
        let near = list.items.is_empty() || start - list.end <= LONGEST_GAP;
        if ways & list.ways == 0 || !near {
            flush(text, &mut list, out);
            list.ways = u8::MAX;
        }
        if ways != 0 {
            if list.items.is_empty() {
                list.start = start;
                list.ways = u8::MAX;
            }
            list.ways &= ways;
            list.items.push((digits, end));
            list.end = end;
        }
        at = end;
    }
    flush(text, &mut list, out);
}

/// Where a word's digits begin, and what number it may be.
fn ways(bytes: &[u8], start: usize, end: usize) -> (usize, u8) {
    let word = bytes.get(start..end).unwrap_or_default();
    let prefix = match word {
        [b'0', b'x' | b'X', ..] => 2,
        [b'x' | b'X' | b'u' | b'U', ..] if word.len() > 2 => 1,
        _ => 0,
    };
    let digits = word.get(prefix..).unwrap_or_default();
    let hex = matches!(digits.len(), 2 | 4) && digits.iter().all(u8::is_ascii_hexdigit);
    if prefix > 0 {
        return (start + prefix, if hex { HEX } else { 0 });
    }
    let decimal = (2..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let binary = matches!(digits.len(), 7 | 8) && digits.iter().all(|digit| matches!(digit, b'0' | b'1'));
    let octal = digits.len() == 3 && digits.iter().all(|digit| matches!(digit, b'0'..=b'7'));
    let hex = hex && digits.len() == 2;
    let way = |is: bool, way: u8| if is { way } else { 0 };
    (start, way(hex, HEX) | way(decimal, DECIMAL) | way(binary, BINARY) | way(octal, OCTAL))
}

fn flush(text: &str, list: &mut List, out: &mut Vec<Undressed>) {
    let list = std::mem::take(list);
    if list.items.len() < FEWEST {
        return;
    }
    for (way, radix) in [(HEX, 16), (DECIMAL, 10), (BINARY, 2), (OCTAL, 8)] {
        if list.ways & way == 0 {
            continue;
        }
        let number = |item: &(usize, usize)| u32::from_str_radix(text.get(item.0..item.1)?, radix).ok();
        let spelled: Option<String> = list.items.iter().map(|item| number(item).and_then(char::from_u32)).collect();
        if let Some(spelled) = spelled.filter(|spelled| is_words(spelled)) {
            out.push(Undressed { dress: Dress::Numbers, made: Rewritten::whole(spelled, list.start..list.end) });
            return;
        }
    }
}

/// Letters and spaces, nearly all of it.
fn is_words(text: &str) -> bool {
    let all = text.chars().count();
    let good = text.chars().filter(|char| char.is_alphabetic() || *char == ' ').count();
    text.chars().all(|char| char >= ' ' || char.is_whitespace()) && good * 4 >= all * 3
}
