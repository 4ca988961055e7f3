//! Base64, base32 and runs of hexadecimal digits, in one piece or over lines. In: a text. Out: what the runs hold, where that
//! is text; what was compressed before it was encoded is inflated.
//!
//! A run of sixteen fills one of the blocks of eight that the text is cut into: only where one is full is looked further, so
//! ordinary text costs next to nothing.

use crate::document::inflate;
use crate::dress::{Dress, Undressed, as_text};
use crate::map::Rewritten;

/// The shortest run that is tried.
const SHORTEST: usize = 16;
/// A run of the shortest length, wherever it begins, fills one such block.
const BLOCK: usize = 8;
/// Lines at least this long go on in the next one.
const LINE: usize = 40;

pub(super) fn all(text: &str, out: &mut Vec<Undressed>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for (at, block) in (0..).step_by(BLOCK).zip(bytes.chunks_exact(BLOCK)) {
        if at < done || !block.iter().fold(true, |all, byte| all & is_digit(*byte)) {
            continue;
        }
        let start = run_start(bytes, at, done);
        let end = run_end(bytes, at + BLOCK);
        done = end;
        if end - start >= SHORTEST {
            let (whole, lines) = over_lines(bytes, start, end);
            done = whole;
            decode(&lines, start..whole, out);
        }
    }
}

/// Without branches, so that a block is looked at in a few steps.
#[inline]
fn is_digit(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    letter | (byte.wrapping_sub(b'0') < 10) | (byte == b'+') | (byte == b'/') | (byte == b'-') | (byte == b'_')
}

fn run_start(bytes: &[u8], at: usize, done: usize) -> usize {
    let before = bytes.get(done..at).unwrap_or_default();
    at - before.iter().rev().take_while(|byte| is_digit(**byte)).count()
}

fn run_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !is_digit(*byte)).unwrap_or(rest.len())
}

/// A run with the full lines that go on from it: where all ends, and its digits.
fn over_lines(bytes: &[u8], start: usize, end: usize) -> (usize, Vec<u8>) {
    let mut digits = bytes.get(start..end).unwrap_or_default().to_vec();
    let mut end = end;
    let mut line = end - start;
    while line >= LINE {
        let rest = bytes.get(end..).unwrap_or_default();
        let gap =
            rest.iter().take(12).take_while(|byte| matches!(byte, b'\n' | b'\r' | b' ' | b'\t' | b'>' | b'#' | b'*')).count();
        let broken = rest.get(..gap).unwrap_or_default().contains(&b'\n');
        let next = run_end(bytes, end + gap);
        if !broken || next - (end + gap) < 4 {
            break;
        }
        digits.extend_from_slice(bytes.get(end + gap..next).unwrap_or_default());
        line = next - (end + gap);
        end = next;
    }
    (end, digits)
}

fn decode(digits: &[u8], range: std::ops::Range<usize>, out: &mut Vec<Undressed>) {
    let hex = digits.strip_prefix(b"0x").unwrap_or(digits);
    if hex.iter().all(u8::is_ascii_hexdigit)
        && let Some(text) = unhex(hex).and_then(|bytes| as_text(&bytes))
    {
        out.push(Undressed { dress: Dress::Hex, made: Rewritten::whole(text, range) });
        return;
    }
    if digits.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
        && let Some(text) = as_text(&unpack(digits, 5, base32_value))
    {
        out.push(Undressed { dress: Dress::Base32, made: Rewritten::whole(text, range) });
        return;
    }
    // Text in base64 has letters of both cases; names and paths have not.
    if !digits.iter().any(u8::is_ascii_uppercase) || !digits.iter().any(u8::is_ascii_lowercase) {
        return;
    }
    for skip in 0..4 {
        let digits = digits.get(skip..).unwrap_or_default();
        let head = unpack(digits.get(..digits.len().min(32)).unwrap_or_default(), 6, base64_value);
        if let Some(packed) = inflate::packed(&head) {
            if let Some(text) = inflate::inflate(&unpack(digits, 6, base64_value), packed).and_then(|bytes| as_text(&bytes)) {
                out.push(Undressed { dress: Dress::Compressed, made: Rewritten::whole(text, range) });
                return;
            }
        } else if as_text(&head).is_some()
            && let Some(text) = as_text(&unpack(digits, 6, base64_value))
        {
            out.push(Undressed { dress: Dress::Base64, made: Rewritten::whole(text, range) });
            return;
        }
    }
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    let pairs = digits.chunks_exact(2);
    pairs.map(|pair| u8::try_from(value(pair.first()?)? * 16 + value(pair.get(1)?)?).ok()).collect()
}

/// Digits of so many bits each, as bytes; what is left over at the end is dropped.
fn unpack(digits: &[u8], bits: u32, value: fn(u8) -> u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() * bits as usize / 8 + 1);
    let (mut held, mut count) = (0_u32, 0);
    for digit in digits {
        held = (held << bits | value(*digit)) & 0xFFFF;
        count += bits;
        if count >= 8 {
            count -= 8;
            out.push((held >> count & 0xFF) as u8);
        }
    }
    out
}

fn base64_value(digit: u8) -> u32 {
    u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        _ => 63,
    })
}

fn base32_value(digit: u8) -> u32 {
    u32::from(if digit.is_ascii_digit() { (digit - b'2').wrapping_add(26) & 31 } else { digit.wrapping_sub(b'A') & 31 })
}
